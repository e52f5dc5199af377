"""Keeps provided packages out of pip's resolution and sources away, and records what went in and what came out.

Used by pip_for_target.py. Every requirement, of the user or of a wheel, becomes one for the resolver in
_make_requirements_from_install_req, and every file that could be chosen passes _make_base_candidate_from_link; both are
the same from pip 24.0 to 26.3.
"""

import os

from pip._internal.exceptions import InstallationError
from pip._internal.req.req_set import RequirementSet
from pip._internal.resolution.resolvelib.factory import Factory
from pip._internal.resolution.resolvelib.requirements import UnsatisfiableRequirement
from pip._internal.resolution.resolvelib.resolver import Resolver
from pip._internal.utils.misc import remove_auth_from_url
from pip._internal.utils.urls import path_to_url
from pip._vendor.packaging.utils import canonicalize_name


class Watch:
    """Takes part in one resolution on behalf of the target of a request, and writes to its report."""

    def __init__(self, target, report, builder):
        self.target = target
        self.report = report
        # None when no source may be built
        self.builder = builder

    def start(self):
        """Puts itself between pip's resolver and what feeds it."""
        make_requirements = Factory._make_requirements_from_install_req
        make_candidate = Factory._make_base_candidate_from_link
        resolve = Resolver.resolve

        def requirements_without_provided(factory, ireq, requested_extras):
            met = self.meet_otherwise(ireq, requested_extras)
            return make_requirements(factory, ireq, requested_extras) if met is None else iter(met)

        def candidate_from_wheel(factory, link, template, *args, **kwargs):
            if not link.is_wheel and not self.may_build(template, link):
                self.refuse(template, link)
                raise InstallationError("Refused to build %s" % (template.name or link.filename))
            return make_candidate(factory, link, template, *args, **kwargs)

        def resolve_and_record(resolver, root_reqs, check_supported_wheels):
            self.record_roots(root_reqs)
            if self.report["refused"]:
                raise InstallationError("Refused to build %d requirements" % len(self.report["refused"]))
            chosen = resolve(resolver, root_reqs, check_supported_wheels)
            self.record_chosen(resolver._result.mapping, chosen.requirements)
            if self.target["resolveOnly"]:
                return RequirementSet(check_supported_wheels=check_supported_wheels)
            return chosen

        Factory._make_requirements_from_install_req = requirements_without_provided
        Factory._make_base_candidate_from_link = candidate_from_wheel
        Resolver.resolve = resolve_and_record

    def meet_otherwise(self, ireq, requested_extras):
        """What the resolver gets in place of a requirement that is skipped or provided; None for any other."""
        if ireq.name is None:
            return None
        name = canonicalize_name(ireq.name)
        if name in self.target["skipped"]:
            return []
        if not self.is_kept_out(ireq):
            return None
        version = self.target["provided"][name]
        if not ireq.match_markers(requested_extras) or fits(ireq.req, version):
            return []
        # the resolver goes on to look for other versions of what asks for it
        self.report["contradictions"].append(
            {"name": name, "version": version, "requirement": without_marker(ireq.req), "by": origin(ireq)}
        )
        return [UnsatisfiableRequirement(name)]

    def is_kept_out(self, ireq):
        """Whether the cluster brings it; the user's own code of that name goes along all the same."""
        if ireq.name is None or canonicalize_name(ireq.name) not in self.target["provided"]:
            return False
        return not (ireq.link is not None and ireq.link.is_file and ireq.link.filename in self.target["own"])

    def record_roots(self, root_reqs):
        """Notes what the user asks for, and refuses what of it is no wheel."""
        for ireq in root_reqs:
            if ireq.link is not None and self.may_build(ireq, ireq.link):
                self.builder.name_requirement(ireq)
            if ireq.constraint:
                self.report["constraints"].append(normalised(ireq))
                continue
            self.report["roots"].append(
                {
                    "name": None if ireq.name is None else canonicalize_name(ireq.name),
                    "extras": sorted(ireq.extras),
                    "text": normalised(ireq),
                    "file": ireq.link.filename if ireq.link is not None else None,
                    "applies": ireq.match_markers(),
                    "provided": self.is_kept_out(ireq),
                    "by": origin(ireq),
                }
            )
            if ireq.link is None or ireq.link.is_wheel or self.is_kept_out(ireq) or self.may_build(ireq, ireq.link):
                continue
            self.refuse(ireq, ireq.link)

    def may_build(self, ireq, link):
        """Whether the source that a link leads to may be built."""
        return self.builder is not None and self.builder.allows(ireq, link)

    def refuse(self, ireq, link):
        """Notes a link that would have to be built."""
        kind = "editable" if ireq.editable else "vcs" if link.is_vcs else "source"
        if link.is_existing_dir():
            kind = "folder"
        where = link.file_path if link.is_file else link.url_without_fragment
        self.report["refused"].append({"name": ireq.name, "location": where, "kind": kind, "by": origin(ireq)})

    def record_chosen(self, candidates, requirements):
        """Notes what pip chose, in order of the file names."""
        chosen = [describe_choice(ireq, candidates[name].version) for name, ireq in requirements.items()]
        self.report["chosen"] = sorted(chosen, key=lambda choice: choice["file"])


def describe_choice(ireq, version):
    """Where a chosen wheel comes from, without credentials; "hash" is the sha256 that its link names."""
    # of a wheel that was built: where its source comes from
    link = ireq.cached_wheel_source_link or ireq.link
    return {
        "file": ireq.link.filename,
        "name": canonicalize_name(ireq.name),
        "version": str(version),
        "url": remove_auth_from_url(link.url_without_fragment),
        "comesFrom": None if ireq.is_direct else remove_auth_from_url(page_of(link)),
        "hash": ireq.link._hashes.get("sha256"),
        # the empty text: yanked without a reason
        "yanked": link.yanked_reason,
    }


def page_of(link):
    """The page of the index that a link stands on; for a file of a --find-links directory that directory."""
    if link.comes_from:
        return getattr(link.comes_from, "url", link.comes_from)
    return path_to_url(os.path.dirname(link.file_path)) if link.is_file else link.url_without_fragment


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
