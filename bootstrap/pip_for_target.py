"""Runs pip for a Python that is not this one, and says what it chose.

pip evaluates environment markers for the interpreter it runs on, whatever --python-version says: the set it chooses for
another Python is often incomplete. This program puts the target's markers in place before pip looks, keeps the packages
that the cluster provides out of the resolution, never lets pip build anything, and checks the result: every
requirement of every wheel must be met.

It reads one JSON document from stdin, because arguments can be seen in the process list and requirements may hold
passwords, and writes its report as JSON to the file that the document names. pip's own lines go to stdout.

Request
    pip             directory that holds the package "pip"; null for the pip of this interpreter
    arguments       for pip, as on its command line
    report          where the report is written
    target          null for a run on behalf of this machine; else
        environment     values of all markers
        provided        name -> version or null: what the cluster brings, names normalised
        skipped         names that are treated as if they needed nothing, to find what else is missing
        own             file names of wheels that are the user's own, which nothing provided replaces
        wheelhouse      directory of <sha256>/<file name>; wheels found there are not downloaded again
        destination     where pip is told to put the wheels
        resolveOnly     true: choose, download nothing

Written for Python 3.8 and later; it changes pip 24.0 to 26.3.
"""

import json
import os
import shutil
import sys

# pip's settings (environment, pip.conf) that say where packages come from and how to get there. All others would change
# which packages are chosen, or what pip does with them.
KEPT_SETTINGS = {
    "cert",
    "client-cert",
    "default-timeout",
    "extra-index-url",
    "find-links",
    "index-url",
    "keyring-provider",
    "no-index",
    "proxy",
    "resume-retries",
    "retries",
    "timeout",
    "trusted-host",
}

# Of those left out, the ones whose absence a user should hear about.
STEERING_SETTINGS = {
    "abi",
    "all-releases",
    "constraint",
    "implementation",
    "no-binary",
    "only-binary",
    "only-final",
    "platform",
    "pre",
    "prefer-binary",
    "python-version",
    "require-hashes",
    "requirement",
    "uploaded-prior-to",
}

# Values of --use-feature and --use-deprecated that are about certificates.
KEPT_FEATURES = {"truststore", "legacy-certs"}


def main():
    """Reads the request, runs pip, writes the report; returns pip's exit code."""
    request = json.load(sys.stdin)
    if request["pip"] is not None:
        sys.path.insert(0, request["pip"])
    report = {"status": None, "ignoredSettings": []}
    clear_environment(os.environ, report["ignoredSettings"])
    target = request["target"]
    if target is not None:
        report.update(roots=[], constraints=[], chosen=None, refused=[], contradictions=[])
        report.update(wheels=[], asked=[], unreadable=[], provided=[], missing=[])
        # before anything of pip has taken a reference to the original
        use_markers(target["environment"])
        watch_resolution(target, report)
        use_wheelhouse(target["wheelhouse"])
    keep_index_settings(report["ignoredSettings"])
    report["status"] = run_pip(request["arguments"])
    if target is not None and report["status"] == 0 and not target["resolveOnly"]:
        # an isolated interpreter does not look beside the program it runs
        sys.path.insert(1, os.path.dirname(os.path.abspath(__file__)))
        from wheel_closure import check_closure

        check_closure(target, report)
    with open(request["report"], "w", encoding="utf-8") as file:
        json.dump(report, file)
    return report["status"]


def run_pip(arguments):
    """Returns pip's exit code; a usage error ends it with SystemExit."""
    from pip._internal.cli.main import main as pip_main

    try:
        return pip_main(arguments)
    except SystemExit as exit:
        return exit.code if isinstance(exit.code, int) else 1


# --- Settings


def is_kept(key, value):
    """Whether a setting only says how to reach packages."""
    if key in ("use-feature", "use-deprecated"):
        return set(value.split()) <= KEPT_FEATURES
    return key in KEPT_SETTINGS


def clear_environment(environment, ignored):
    """Also what the processes that pip starts would read."""
    for name in sorted(environment):
        key = name[len("PIP_") :].lower().replace("_", "-")
        if name.startswith("PIP_") and name != "PIP_CONFIG_FILE" and not is_kept(key, environment[name]):
            note_steering(key, ignored)
            del environment[name]


def keep_index_settings(ignored):
    """Lets pip see only KEPT_SETTINGS of its configuration files."""
    from pip._internal.cli.parser import ConfigOptionParser

    original = ConfigOptionParser._get_ordered_configuration_items

    def index_settings(self):
        for key, value in original(self):
            if is_kept(key, value):
                yield key, value
            else:
                note_steering(key, ignored)

    ConfigOptionParser._get_ordered_configuration_items = index_settings


def note_steering(key, ignored):
    """Remembers a setting that is left out and that the user may count on."""
    if key in STEERING_SETTINGS and key not in ignored:
        ignored.append(key)


# --- Resolution


def use_markers(environment):
    """Marker.evaluate() starts from this function's answer, here and wherever pip evaluates a marker."""
    from pip._vendor.packaging import markers

    markers.default_environment = lambda: dict(environment)
    if not hasattr(markers, "_normalize_extra_values"):
        normalise_extras(markers)


def normalise_extras(markers):
    """Compares extras by their normalised names (PEP 685); the packaging of pip 24.0 compares them letter by letter."""
    from pip._vendor.packaging.utils import canonicalize_name

    evaluate = markers._evaluate_markers

    def is_extra(node):
        return isinstance(node, markers.Variable) and node.value == "extra"

    def normalised(node):
        if not isinstance(node, tuple) or not any(map(is_extra, node)):
            return node
        return tuple(
            markers.Value(canonicalize_name(part.value)) if isinstance(part, markers.Value) else part for part in node
        )

    def evaluate_normalised(parsed, environment):
        if "extra" in environment:
            # None where pip reads metadata with pkg_resources, on Python 3.10 and earlier
            environment = dict(environment, extra=canonicalize_name(environment["extra"] or ""))
        return evaluate([normalised(node) for node in parsed], environment)

    markers._evaluate_markers = evaluate_normalised


def watch_resolution(target, report):
    """Keeps provided packages out and sources away, and records what went in and what came out.

    Every requirement, of the user or of a wheel, becomes one for the resolver in _make_requirements_from_install_req,
    and every file that could be chosen passes _make_base_candidate_from_link; both are the same from pip 24.0 to 26.3.
    """
    from pip._internal.exceptions import InstallationError
    from pip._internal.req.req_set import RequirementSet
    from pip._internal.resolution.resolvelib.factory import Factory
    from pip._internal.resolution.resolvelib.requirements import UnsatisfiableRequirement
    from pip._internal.resolution.resolvelib.resolver import Resolver
    from pip._vendor.packaging.utils import canonicalize_name

    make_requirements = Factory._make_requirements_from_install_req
    make_candidate = Factory._make_base_candidate_from_link
    resolve = Resolver.resolve

    def is_kept_out(ireq):
        return ireq.name is not None and canonicalize_name(ireq.name) in target["provided"] and not is_own(ireq)

    def is_own(ireq):
        return ireq.link is not None and ireq.link.is_file and ireq.link.filename in target["own"]

    def requirements_without_provided(self, ireq, requested_extras):
        if ireq.name is not None and canonicalize_name(ireq.name) in target["skipped"]:
            return iter(())
        if not is_kept_out(ireq):
            return make_requirements(self, ireq, requested_extras)
        name = canonicalize_name(ireq.name)
        if not ireq.match_markers(requested_extras) or fits(ireq.req, target["provided"][name]):
            return iter(())
        # the resolver goes on to look for other versions of what asks for it
        report["contradictions"].append(
            {
                "name": name,
                "version": target["provided"][name],
                "requirement": without_marker(ireq.req),
                "by": origin(ireq),
            }
        )
        return iter((UnsatisfiableRequirement(name),))

    def candidate_from_wheel(self, link, template, *args, **kwargs):
        if not link.is_wheel:
            refuse(template, link)
            raise InstallationError("Refused to build %s" % (template.name or link.filename))
        return make_candidate(self, link, template, *args, **kwargs)

    def refuse(ireq, link):
        kind = "editable" if ireq.editable else "vcs" if link.is_vcs else "source"
        if link.is_existing_dir():
            kind = "folder"
        where = link.file_path if link.is_file else link.url_without_fragment
        report["refused"].append({"name": ireq.name, "location": where, "kind": kind, "by": origin(ireq)})

    def resolve_and_record(self, root_reqs, check_supported_wheels):
        for ireq in root_reqs:
            if ireq.constraint:
                report["constraints"].append(normalised(ireq))
                continue
            report["roots"].append(describe_root(ireq))
            if ireq.link is not None and not ireq.link.is_wheel and not is_kept_out(ireq):
                refuse(ireq, ireq.link)
        if report["refused"]:
            raise InstallationError("Refused to build %d requirements" % len(report["refused"]))
        chosen = resolve(self, root_reqs, check_supported_wheels)
        report["chosen"] = sorted(ireq.link.filename for ireq in chosen.requirements.values())
        return RequirementSet(check_supported_wheels=check_supported_wheels) if target["resolveOnly"] else chosen

    def describe_root(ireq):
        return {
            "name": None if ireq.name is None else canonicalize_name(ireq.name),
            "extras": sorted(ireq.extras),
            "text": normalised(ireq),
            "file": ireq.link.filename if ireq.link is not None else None,
            "applies": ireq.match_markers(),
            "provided": is_kept_out(ireq),
            "by": origin(ireq),
        }

    def normalised(ireq):
        """Equal for equal requirements: name, extras, versions in order, marker, hashes."""
        if ireq.req is None:
            return ireq.link.url
        text = str(ireq.req)
        text = canonicalize_name(ireq.req.name) + text[len(ireq.req.name) :]
        if ireq.markers is not None and ireq.req.marker is None:
            text += "; %s" % ireq.markers
        for algorithm in sorted(ireq.hash_options):
            text += "".join(" --hash=%s:%s" % (algorithm, value) for value in sorted(ireq.hash_options[algorithm]))
        return text

    Factory._make_requirements_from_install_req = requirements_without_provided
    Factory._make_base_candidate_from_link = candidate_from_wheel
    Resolver.resolve = resolve_and_record


def fits(requirement, version):
    """Whether a version that the cluster brings meets a requirement; one that nobody knows does."""
    return version is None or requirement is None or requirement.specifier.contains(version, prereleases=True)


def without_marker(requirement):
    """Returns the requirement up to its marker: "pandas>=2"."""
    return str(requirement).partition(";")[0].strip()


def origin(ireq):
    """Who asks for it: "-r requirements.txt (line 3)", "pandas", or null for the command line."""
    source = ireq.comes_from
    if source is None or isinstance(source, str):
        return source
    return source.name or str(source)


def use_wheelhouse(directory):
    """Puts a wheel that an earlier run has got where pip looks before it downloads; pip compares the hash itself."""
    from pip._internal.operations import prepare

    check = prepare._check_download_dir

    def check_wheelhouse_first(link, download_dir, hashes, *args, **kwargs):
        if link.is_wheel and link.hash_name == "sha256":
            known = os.path.join(directory, link.hash, link.filename)
            wanted = os.path.join(download_dir, link.filename)
            if os.path.isfile(known) and not os.path.exists(wanted):
                shutil.copyfile(known, wanted)
        return check(link, download_dir, hashes, *args, **kwargs)

    prepare._check_download_dir = check_wheelhouse_first


if __name__ == "__main__":
    sys.exit(main())
