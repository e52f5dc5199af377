"""Keeps wheels that were built of source distributions from one run to the next.

A wheel lies under the sha256 of its source and all else that its bytes depend on, beside "built.json" with its own
sha256. Used by source_builder.py.
"""

import hashlib
import json
import os
import shutil
import sys

# Raise it when another way of building gives other wheels.
RECIPE = 1


class KeptWheels:
    """A directory of wheels that runs at the same time share without locks."""

    def __init__(self, directory, scratch, python):
        self.directory = directory
        self.scratch = scratch
        # the target's, "cp37"
        self.python = python

    def place(self, sha256, source):
        """Returns where the wheel of a source is kept."""
        import pip

        host = "%s%d.%d.%d" % (sys.implementation.name, *sys.version_info[:3])
        name = "%s-by-%s-pip%s-recipe%d" % (self.python, host, pip.__version__, RECIPE)
        rest = [source.tools, source.settings(), source.link.subdirectory_fragment]
        if any(rest):
            name += "-" + hashlib.sha256(json.dumps(rest).encode()).hexdigest()[:12]
        return os.path.join(self.directory, sha256, name)

    def find(self, sha256, source):
        """Returns what an earlier run has built, copied into the scratch directory; None without any, or when damaged.

        A copy, because other runs may replace what they find damaged.
        """
        directory = os.path.join(self.scratch, "kept-%s" % sha256)
        shutil.rmtree(directory, ignore_errors=True)
        try:
            shutil.copytree(self.place(sha256, source), directory)
            with open(os.path.join(directory, "built.json"), encoding="utf-8") as file:
                found = json.load(file)
            wheel = found["wheel"]
            if digests_of(os.path.join(directory, wheel["file"]), {"sha256"})["sha256"] == wheel["sha256"]:
                return dict(found, directory=directory)
        except (OSError, ValueError, KeyError, shutil.Error):
            # nobody is waiting for it: it is built again
            pass
        return None

    def keep(self, sha256, source, found):
        """Puts a copy of a built wheel where the next run looks for it, in place of what is damaged."""
        directory = found["directory"]
        incoming = directory + "-copy"
        os.makedirs(incoming)
        shutil.copy(os.path.join(directory, found["wheel"]["file"]), incoming)
        with open(os.path.join(incoming, "built.json"), "w", encoding="utf-8") as file:
            json.dump({key: found[key] for key in ("wheel", "boundName", "tools")}, file)
        place = self.place(sha256, source)
        os.makedirs(os.path.dirname(place), exist_ok=True)
        if os.path.isdir(place):
            os.rename(place, directory + "-old")
        try:
            os.rename(incoming, place)
        except OSError:
            # another run was faster
            if not os.path.isdir(place):
                raise


def digests_of(path, algorithms):
    """Returns the file's hexadecimal digest by each algorithm."""
    hashes = {algorithm: hashlib.new(algorithm) for algorithm in algorithms}
    with open(path, "rb") as file:
        for chunk in iter(lambda: file.read(1 << 20), b""):
            for digest in hashes.values():
                digest.update(chunk)
    return {algorithm: digest.hexdigest() for algorithm, digest in hashes.items()}
