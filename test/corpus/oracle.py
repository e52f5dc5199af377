"""What Python makes of a wheel: one question a line on stdin, one answer a line on stdout, both JSON.

A question is {"ask": NAME, ...}; an answer is {"answer": ...}, or {"error": TEXT} for what Python itself refuses.
pip is found on PYTHONPATH. It is asked from inside, because a process for every wheel would take half a second each.
"""

import csv
import hashlib
import importlib.metadata
import json
import os
import pathlib
import sys
import zipfile

from pip._internal.models.scheme import Scheme
from pip._internal.operations.install.wheel import install_wheel

PIECE = 1 << 20


def sha256_of(stream):
    digest = hashlib.sha256()
    for piece in iter(lambda: stream.read(PIECE), b""):
        digest.update(piece)
    return digest.hexdigest()


def archive(wheel):
    """Every file of the archive, as zipfile reads it: its sha256 by its name."""
    with zipfile.ZipFile(wheel) as opened:
        names = [name for name in opened.namelist() if not name.endswith("/")]
        if len(set(names)) != len(names):
            raise ValueError("a name comes twice")
        found = {}
        for name in names:
            with opened.open(name) as stream:
                found[name] = sha256_of(stream)
        return found


def install(wheel, into, name, headers):
    """Lays the wheel out with pip's own code, with `into` as site-packages and as prefix."""
    scheme = Scheme(
        purelib=into,
        platlib=into,
        data=into,
        scripts=os.path.join(into, "bin"),
        headers=os.path.join(into, *headers.split("/")),
    )
    install_wheel(name, wheel, scheme, name, pycompile=False, warn_script_location=False)


def tree(root):
    """Every file below `root`: sha256 and whether it has an x bit; for those of bin/ the first line apart as well."""
    found = {}
    for directory, directories, names in os.walk(root):
        relative = os.path.relpath(directory, root)
        prefix = "" if relative == "." else relative.replace(os.sep, "/") + "/"
        if not directories and not names:
            found[prefix] = {"sha256": "", "executable": False}
        for name in names:
            path = os.path.join(directory, name)
            with open(path, "rb") as stream:
                one = {"sha256": sha256_of(stream), "executable": os.stat(path).st_mode & 0o111 != 0}
                if prefix == "bin/":
                    stream.seek(0)
                    one["firstLine"] = stream.readline(PIECE).decode("latin-1")
                    one["rest"] = sha256_of(stream)
            found[prefix + name] = one
    return found


def record(root, dist_info):
    """The rows of an installed RECORD: the hash by the path."""
    with open(os.path.join(root, dist_info, "RECORD"), newline="", encoding="utf-8") as stream:
        rows = [row for row in csv.reader(stream) if row]
    if len({row[0] for row in rows}) != len(rows):
        raise ValueError("RECORD has a row twice")
    return {row[0]: row[1] for row in rows}


def scripts(root, dist_info):
    """Names of the programs that an installer makes for entry_points.txt."""
    distribution = importlib.metadata.PathDistribution(pathlib.Path(root, dist_info))
    groups = ("console_scripts", "gui_scripts")
    return sorted({point.name for point in distribution.entry_points if point.group in groups})


def version():
    return "%d.%d" % sys.version_info[:2]


QUESTIONS = {one.__name__: one for one in (archive, install, tree, record, scripts, version)}


def main():
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    # what pip prints is no answer
    os.dup2(2, 1)
    for line in sys.stdin:
        question = json.loads(line)
        try:
            result = {"answer": QUESTIONS[question.pop("ask")](**question)}
        except Exception as error:
            result = {"error": "%s: %s" % (type(error).__name__, error)}
        answers.write(json.dumps(result) + "\n")
        answers.flush()


if __name__ == "__main__":
    main()
