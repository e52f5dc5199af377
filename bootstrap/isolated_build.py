"""Runs the build of one source distribution: isolated (PEP 517), in a process of its own, without a compiler.

A package whose extensions are optional goes without them when the compiler fails; one that needs them fails. What could
make two builds differ is fixed: time stamps, umask, hash seed, encoding.

Used by source_builder.py, which says why.
"""

import json
import os
import re
import signal
import subprocess
import sys

from pip._internal.cli import cmdoptions

# 1980-01-01, the first day that a zip archive can name
TIME = "315532800"

# A source says which Python it runs on, and that is not this one.
OPTIONS = "--no-input --disable-pip-version-check --progress-bar off --no-deps --ignore-requires-python".split()

# setting that names the program -> program
COMPILER_SETTINGS = {
    "CC": "cc",
    "CXX": "c++",
    "FC": "gfortran",
    "F77": "gfortran",
    "F90": "gfortran",
    "CARGO": "cargo",
    "RUSTC": "rustc",
    "CUDACXX": "nvcc",
}
COMPILERS = {
    *COMPILER_SETTINGS.values(),
    *"c89 c99 clang clang++ f77 f90 f95 flang g++ gcc go icc icpc ifort".split(),
}

# Stands for every compiler, and leaves its name. That a compiler is asked means nothing when ctypes.util looks for a
# library, or when pip tells the index what this machine has.
NO_COMPILER = """#!/bin/sh
case "${0##*/} $* " in *" -Wl,-t "* | "rustc --version ") ;; *) echo "${0##*/}" >>"$HDFS_VENV_COMPILERS_CALLED" ;; esac
exit 1
"""

# What a build says that needs an older setuptools -> which one still had it
OLDER_SETUPTOOLS = {
    "use_2to3 is invalid": "setuptools<58",
    "cannot import name 'Feature' from 'setuptools'": "setuptools<46",
    "No module named 'setuptools.command.test'": "setuptools<72",
    "No module named 'pkg_resources'": "setuptools<81",
}


class IsolatedBuild:
    """One build, in a directory of its own."""

    def __init__(self, directory, held):
        self.directory = directory
        # versions that build requirements are held to
        self.held = held
        self.wheels = os.path.join(directory, "wheels")
        self.log = os.path.join(directory, "pip.log")
        self._called = os.path.join(directory, "compilers-called")

    def run(self, pip, arguments):
        """Makes a wheel in self.wheels; returns its file name, None when the build fails."""
        temporary = os.path.join(self.directory, "tmp")
        for path in (self.wheels, temporary):
            os.makedirs(path)
        environment = dict(os.environ, TMPDIR=temporary, TEMP=temporary, TMP=temporary)
        environment.update(SOURCE_DATE_EPOCH=TIME, TZ="UTC", PYTHONHASHSEED="0", PYTHONUTF8="1")
        self._hide_compilers(environment)
        request = {
            "pip": pip,
            "arguments": ["wheel", "--log", self.log, *OPTIONS, "--wheel-dir", self.wheels, *arguments],
            "report": os.path.join(self.directory, "report.json"),
            "environment": {},
            "target": None,
        }
        if self.held:
            constraints = os.path.join(self.directory, "constraints.txt")
            with open(constraints, "w", encoding="utf-8") as file:
                file.writelines(tool + "\n" for tool in self.held)
            if hasattr(cmdoptions, "build_constraints"):
                request["arguments"].insert(1, "--build-constraint=" + constraints)
            else:
                # before pip 25.3 the setting of that name counted for build requirements, too
                request["environment"]["PIP_CONSTRAINT"] = constraints
        status = run_program(request, self.directory, environment)
        files = os.listdir(self.wheels)
        return files[0] if status == 0 and len(files) == 1 else None

    def _hide_compilers(self, environment):
        programs = os.path.join(self.directory, "compilers")
        os.makedirs(programs)
        for name in COMPILERS:
            path = os.path.join(programs, name)
            with open(path, "w", encoding="ascii") as file:
                file.write(NO_COMPILER)
            os.chmod(path, 0o700)
        environment.update({key: os.path.join(programs, name) for key, name in COMPILER_SETTINGS.items()})
        environment["HDFS_VENV_COMPILERS_CALLED"] = self._called
        environment["PATH"] = programs + os.pathsep + environment.get("PATH", os.defpath)

    def older_setuptools(self):
        """Returns the requirement on setuptools that a failed build asks for, None when it asks for none."""
        try:
            with open(self.log, encoding="utf-8", errors="replace") as file:
                text = file.read()
        except OSError:
            return None
        return next((version for said, version in OLDER_SETUPTOOLS.items() if said in text), None)

    def compilers_called(self):
        """Returns the compilers that the build has tried, by name, sorted."""
        try:
            with open(self._called, encoding="ascii") as file:
                return sorted(set(file.read().split()))
        except OSError:
            return []

    def tools(self):
        """Returns the build requirements that were installed, "setuptools==68.0.0", sorted."""
        found = set()
        with open(self.log, encoding="utf-8", errors="replace") as file:
            for line in file:
                match = re.match(r"\S+\s+Successfully installed (.+)$", line)
                if match:
                    found.update("==".join(tool.rsplit("-", 1)) for tool in match.group(1).split())
        return sorted(found)


def run_program(request, directory, environment):
    """Runs pip_for_target.py with a request; returns its exit code."""
    program = os.path.join(os.path.dirname(os.path.abspath(__file__)), "pip_for_target.py")
    options = ["-I", "-X", "utf8"] if sys.flags.isolated else ["-X", "utf8"]
    with open(os.path.join(directory, "output"), "wb") as output:
        # modes of files get into the wheel
        umask = os.umask(0o022)
        try:
            process = subprocess.Popen(  # noqa: S603, nothing of it is anybody else's text
                [sys.executable, *options, program],
                stdin=subprocess.PIPE,
                stdout=output,
                stderr=subprocess.STDOUT,
                cwd=directory,
                env=environment,
                # so that all of it can be ended
                start_new_session=True,
            )
        finally:
            os.umask(umask)
        try:
            process.communicate(json.dumps(request).encode())
        except BaseException:
            end(process)
            raise
    return process.returncode


def end(process):
    """Ends a process and all that it has started."""
    if hasattr(os, "killpg"):
        os.killpg(process.pid, signal.SIGKILL)
    else:
        process.kill()
    process.wait()
