"""Runs pip for a Python that is not this one, and says what it chose.

pip evaluates environment markers for the interpreter it runs on, whatever --python-version says: the set it chooses for
another Python is often incomplete. This program puts the target's markers in place before pip looks, keeps the packages
that the cluster provides out of the resolution, lets nothing be built but what is named, and checks the result: every
requirement of every wheel must be met.

It reads one JSON document from stdin, because arguments can be seen in the process list and requirements may hold
passwords, and writes its report as JSON to the file that the document names. pip's own lines go to stdout.

Request
    pip             directory that holds the package "pip"; null for the pip of this interpreter
    arguments       for pip, as on its command line
    report          where the report is written
    target          null for a run on behalf of this machine; else
        environment     values of all markers
        tags            of wheels that fit, best first: "cp37-cp37m-manylinux1_x86_64"
        provided        name -> version or null: what the cluster brings, names normalised
        skipped         names that are treated as if they needed nothing, to find what else is missing
        own             file names of wheels that are the user's own, which nothing provided replaces
        wheelhouse      directory of <sha256>/<file name>; wheels found there are not downloaded again
        destination     where pip is told to put the wheels
        resolveOnly     true: choose, download nothing
        build           null, or which sources may be built, and where: see source_builder.py
    environment     variables for pip and what it starts

Report
    status          pip's exit code
    ignoredSettings names of settings of pip that were left out
    and with a target
    roots, constraints, refused, contradictions, chosen    see pip_resolution.py
    causes                                                 see pip_causes.py
    indexFailures                                          see pip_index.py
    unreadWheels                                           see pip_wheels.py
    wheels, asked, unreadable, provided, missing           see wheel_closure.py, after a download that worked
    built, buildFailure                                    see source_builder.py

Written for Python 3.8 and later; it changes pip 24.0 to 26.3.
"""

import json
import os
import shutil
import sys


def main():
    """Reads the request, runs pip, writes the report; returns pip's exit code."""
    # an isolated interpreter does not look beside the program it runs
    sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
    from pip_settings import clear_environment, keep_index_settings

    request = json.load(sys.stdin)
    if request["pip"] is not None:
        sys.path.insert(0, request["pip"])
    report = {"status": None, "ignoredSettings": []}
    clear_environment(os.environ, report["ignoredSettings"])
    os.environ.update(request.get("environment", {}))
    target = request["target"]
    builder = None
    if target is not None:
        report.update(roots=[], constraints=[], chosen=[], refused=[], contradictions=[])
        report.update(wheels=[], asked=[], unreadable=[], provided=[], missing=[])
        report.update(built=[], buildFailure=None)
        builder = prepare_for_target(request, report)
    keep_index_settings(report["ignoredSettings"])
    if request["pip"] is not None or target is not None:
        # pip's own cache is ours then
        from pip_index import keep_passwords_out_of_cache

        keep_passwords_out_of_cache()
    if request["arguments"][0] == "wheel":
        from build_requirements import keep_addresses_off_command_lines

        keep_addresses_off_command_lines()
        # modes of files get into the wheel
        os.umask(0o022)
    report["status"] = run_pip(request["arguments"])
    if builder is not None:
        builder.finish()
    if target is not None and report["status"] == 0 and not target["resolveOnly"]:
        from wheel_closure import check_closure

        check_closure(target, report)
    with open(request["report"], "w", encoding="utf-8") as file:
        json.dump(report, file)
    return report["status"]


def prepare_for_target(request, report):
    """Changes pip for a run on behalf of a target; returns what builds sources in it, None when none may be built."""
    from pip_target import use_markers, use_tags

    target = request["target"]
    # before anything of pip has taken a reference to the original
    use_markers(target["environment"])
    use_tags(target["tags"])
    from pip_causes import watch_causes
    from pip_index import IndexWatch
    from pip_resolution import Watch
    from pip_wheels import WheelWatch

    builder = None
    if target.get("build") is not None:
        from source_builder import SourceBuilder

        builder = SourceBuilder(request, report)
        builder.start()
    Watch(target, report, builder).start()
    WheelWatch(report, os.path.join(os.path.dirname(request["report"]), "unread")).start()
    watch_causes(report)
    IndexWatch(report).start()
    use_wheelhouse(target["wheelhouse"])
    return builder


def run_pip(arguments):
    """Returns pip's exit code; a usage error ends it with SystemExit."""
    from pip._internal.cli.main import main as pip_main

    try:
        return pip_main(arguments)
    except SystemExit as exit:
        return exit.code if isinstance(exit.code, int) else 1


def use_wheelhouse(directory):
    """Puts a wheel that an earlier run has got where pip looks before it downloads; pip compares the hash itself."""
    from pip._internal.operations import prepare

    check = prepare._check_download_dir

    def check_wheelhouse_first(link, download_dir, hashes, *args, **kwargs):
        sha256 = link._hashes.get("sha256")
        if link.is_wheel and sha256 is not None:
            known = os.path.join(directory, sha256, link.filename)
            wanted = os.path.join(download_dir, link.filename)
            if os.path.isfile(known) and not os.path.exists(wanted):
                shutil.copyfile(known, wanted)
        return check(link, download_dir, hashes, *args, **kwargs)

    prepare._check_download_dir = check_wheelhouse_first


if __name__ == "__main__":
    sys.exit(main())
