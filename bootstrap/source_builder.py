"""Makes wheels of source distributions while pip resolves, for those packages that the user names.

What a source distribution requires is known only when it is built, so it is built as soon as the resolver looks at it,
and the resolver then sees the wheel. pip itself has a place for that, its cache of wheels that were built on this
machine: the wheel stands in for the source, and hashes are compared with the source's. This module fills that place,
and lets only wheels in that the target can load.

Request ("build" in the target of pip_for_target.py)
    names       packages whose sources may be built, names normalised
    kept        directory of wheels that earlier runs built, see kept_wheels.py
    scratch     directory for the builds of this run
    tools       name -> versions that its build requirements are held to, "setuptools==68.0.0"

Report
    built           of the chosen wheels those that were built, now or by an earlier run
    buildFailure    null, or why a source gives no wheel for the target; "kind" is
        failed      the build failed
        compiler    the same, after it had asked for a compiler
        host-bound  the wheel is for machines like this one
        python      the wheel is for any machine, but not for the target's Python
        limit       so many versions were built that the resolver could not use any of them
"""

import json
import os
import re
import sys
import tempfile

from isolated_build import IsolatedBuild
from kept_wheels import KeptWheels, digests_of
from pip._internal.cache import CacheEntry
from pip._internal.exceptions import HashError, InstallationError, NetworkConnectionError
from pip._internal.models.direct_url import DirectUrl
from pip._internal.models.format_control import FormatControl
from pip._internal.models.link import Link
from pip._internal.operations.prepare import RequirementPreparer, get_file_url, get_http_url
from pip._internal.resolution.resolvelib.candidates import make_install_req_from_link
from pip._internal.resolution.resolvelib.factory import Factory
from pip._internal.utils.misc import remove_auth_from_url
from pip._internal.utils.urls import path_to_url
from pip._vendor.packaging.requirements import Requirement
from pip._vendor.packaging.utils import canonicalize_name, parse_wheel_filename
from unbind_wheel import unbind_wheel

# Builds of one package before it is given up: each is of a version that the resolver could not use.
MOST_VERSIONS = 5


class SourceBuilder:
    """Builds the sources that a resolution asks for, each at most once."""

    def __init__(self, request, report):
        build = request["target"]["build"]
        self.pip = request["pip"]
        self.tags = request["target"]["tags"]
        self.names = set(build["names"])
        self.tools = build["tools"]
        self.scratch = tempfile.mkdtemp(prefix="builds-", dir=build["scratch"])
        self.kept = KeptWheels(build["kept"], self.scratch, self.tags[0].partition("-")[0])
        self.report = report
        # URL of the source -> what is reported of it, pip's entry of its cache
        self.built = {}
        self.entries = {}
        # name -> how many versions were built
        self.counts = {}

    def start(self):
        """Lets pip find sources of the packages, and wheels in their place."""
        allowed_formats = FormatControl.get_allowed_formats
        make_candidate = Factory._make_base_candidate_from_link
        log_preparing = RequirementPreparer._log_preparing_link

        def formats_with_sources(control, canonical_name):
            formats = allowed_formats(control, canonical_name)
            return formats | {"source"} if canonical_name in self.names else formats

        def candidate_from_source(factory, link, template, name, version):
            if not link.is_wheel and self.allows(template, link):
                self.provide(Source(factory, link, template, version))
            return make_candidate(factory, link, template, name, version)

        def built_wheel(factory, link, name):
            return self.entries.get(link.url_without_fragment)

        def log_other_links(preparer, ireq):
            # pip would say that the wheel comes from a cache
            if not ireq.is_wheel_from_cache:
                log_preparing(preparer, ireq)

        FormatControl.get_allowed_formats = formats_with_sources
        Factory._make_base_candidate_from_link = candidate_from_source
        Factory.get_wheel_cache_entry = built_wheel
        RequirementPreparer._log_preparing_link = log_other_links

    def finish(self):
        """Reports what was built of all that was chosen."""
        chosen = {choice["file"] for choice in self.report["chosen"]}
        built = [entry for entry in self.built.values() if entry["wheel"]["file"] in chosen]
        self.report["built"] = sorted(built, key=lambda entry: entry["name"])

    def allows(self, ireq, link):
        """Whether a link that is no wheel may be built for a requirement: a file, of a package that was named."""
        if ireq.editable or link.is_vcs or link.is_existing_dir():
            return False
        return self.name_of(ireq, link) is not None

    def name_of(self, ireq, link):
        """Returns the package's name, if it may be built: the requirement's, else what the file's name begins with."""
        names = (
            [ireq.name] if ireq.name else [link.filename[: dash.start()] for dash in re.finditer("-", link.filename)]
        )
        return next((name for name in map(canonicalize_name, names) if name in self.names), None)

    def name_requirement(self, ireq):
        """Names a requirement that is a bare path or address: else pip takes no built wheel for it."""
        if ireq.req is None:
            ireq.req = Requirement("%s @ %s" % (self.name_of(ireq, ireq.link), ireq.link.url))

    def provide(self, source):
        """Sees to it that a wheel stands in for a source; raises when there is none that the target can load."""
        url = source.link.url_without_fragment
        if url in self.entries:
            return
        path = None
        source.tools = sorted(self.tools.get(self.name_of(source.template, source.link), ()))
        digests = source.trusted_digests()
        found = self.kept.find(digests["sha256"], source) if "sha256" in digests else None
        if found is None:
            path, digests = source.fetch()
            found = self.kept.find(digests["sha256"], source)
        if found is None:
            found = self.build(source, path)
            self.kept.keep(digests["sha256"], source, found)
        else:
            say("Built before: %s" % found["wheel"]["file"])
        name, version = parse_wheel_filename(found["wheel"]["file"])[:2]
        plain_url = remove_auth_from_url(url)
        self.built[url] = {
            "name": canonicalize_name(name),
            "version": str(version),
            "sdist": {"file": source.link.filename, "url": plain_url, "sha256": digests["sha256"]},
            "wheel": found["wheel"],
            "boundName": found["boundName"],
            "tools": found["tools"],
            "python": host_python(),
        }
        entry = CacheEntry(Link(path_to_url(os.path.join(found["directory"], found["wheel"]["file"]))), persistent=True)
        # pip compares a requirement's hashes with these
        entry.origin = DirectUrl.from_json(json.dumps({"url": plain_url, "archive_info": {"hashes": digests}}))
        self.entries[url] = entry

    def build(self, source, path):
        """Builds a wheel of the file at path, and checks that the target can load it."""
        name = self.name_of(source.template, source.link)
        count = self.counts[name] = self.counts.get(name, 0) + 1
        if count > MOST_VERSIONS:
            self.fail("limit", source)
        say("Building %s" % source.link.filename)
        directory = os.path.join(self.scratch, "%s-%d" % (name, count))
        build = IsolatedBuild(directory, source.tools)
        arguments = ["--cache-dir", os.path.join(self.scratch, "cache"), *source.arguments(path)]
        file = build.run(self.pip, arguments)
        if file is None and not source.tools and build.older_setuptools() is not None:
            say("Building %s" % source.link.filename)
            second = IsolatedBuild(directory + "-older", [build.older_setuptools()])
            file = second.run(self.pip, arguments)
            build = build if file is None else second
        if file is None:
            self.fail("compiler" if build.compilers_called() else "failed", source, build=build)
        bound = file if is_bound(file) else None
        if bound is not None:
            unbound = unbind_wheel(os.path.join(build.wheels, file))
            if unbound is None:
                self.fail("host-bound", source, file)
            file = os.path.basename(unbound)
        if not any(str(tag) in self.tags for tag in parse_wheel_filename(file)[3]):
            self.fail("python", source, bound or file)
        digest = digests_of(os.path.join(build.wheels, file), {"sha256"})
        return {
            "directory": build.wheels,
            "wheel": {"file": file, **digest},
            "boundName": bound,
            "tools": build.tools(),
        }

    def fail(self, kind, source, wheel=None, build=None):
        """Ends the resolution."""
        name = self.name_of(source.template, source.link)
        self.report["buildFailure"] = {
            "kind": kind,
            "name": name,
            "sdist": source.link.filename,
            "version": str(parse_wheel_filename(wheel)[1]) if wheel else source.version and str(source.version),
            "wheel": wheel,
            "python": host_python(),
            "count": self.counts[name],
            "compilers": build.compilers_called() if build else [],
            "log": build and build.log,
        }
        raise InstallationError("Cannot make a wheel of %s for the target" % source.link.filename)


class Source:
    """A source distribution that a requirement, the template, leads to."""

    def __init__(self, factory, link, template, version):
        self.link = link
        self.template = template
        # None for a link that the user gave
        self.version = version
        # versions that its build requirements are held to
        self.tools = []
        self._preparer = factory.preparer
        self._finder = factory._finder

    def settings(self):
        """Returns the requirement's --config-settings, every value as a list."""
        settings = self.template.config_settings or {}
        return {key: value if isinstance(value, list) else [value] for key, value in sorted(settings.items())}

    def arguments(self, path):
        """Returns what "pip wheel" is to build; what it needs for that comes from where this resolution looks."""
        urls = self._finder.index_urls
        arguments = ["--index-url=" + urls[0]] if urls else ["--no-index"]
        arguments += ["--extra-index-url=" + url for url in urls[1:]]
        arguments += ["--find-links=" + place for place in self._finder.find_links]
        arguments += ["--trusted-host=" + host for host in self._finder.trusted_hosts]
        for key, values in self.settings().items():
            arguments += ["--config-settings=%s=%s" % (key, value) for value in values]
        fragment = "#subdirectory=" + self.link.subdirectory_fragment if self.link.subdirectory_fragment else ""
        return [*arguments, "--", path_to_url(path) + fragment]

    def allowed_hashes(self):
        """Returns the hashes that pip holds this file to; raises what pip raises when one is wanted and missing."""
        newer = hasattr(self.template, "set_source_link")
        more = {"version": self.version, "source_link": self.link} if newer else {}
        ireq = make_install_req_from_link(self.link, self.template, **more)
        try:
            return self._preparer._get_linked_req_hashes(ireq)
        except HashError as error:
            error.req = ireq
            raise

    def trusted_digests(self):
        """Returns the digests that the link names, where what they stand for is allowed; else nothing."""
        if self.link.hash_name != "sha256":
            return {}
        digests = {"sha256": self.link.hash}
        allowed = self.allowed_hashes()
        return digests if not allowed or allowed.has_one_of(digests) else {}

    def fetch(self):
        """Downloads the file and holds it against the hashes; returns its path and its digests."""
        hashes = self.allowed_hashes()
        try:
            if self.link.is_file:
                path = get_file_url(self.link, None, hashes).path
            else:
                path = get_http_url(self.link, self._preparer._download, None, hashes).path
        except HashError as error:
            error.req = self.template
            raise
        except NetworkConnectionError as error:
            message = "Could not install requirement %s because of HTTP error %s for URL %s"
            raise InstallationError(message % (self.template, error, self.link)) from error
        return path, digests_of(path, {"sha256", *(hashes._allowed if hashes else ())})


def is_bound(file):
    """Whether a wheel's name binds it to an ABI or a platform."""
    return any(tag.abi != "none" or tag.platform != "any" for tag in parse_wheel_filename(file)[3])


def host_python():
    """Returns the full version of this interpreter."""
    return "%d.%d.%d" % sys.version_info[:3]


def say(line):
    """Tells what is going on among the lines of pip."""
    print(line, flush=True)
