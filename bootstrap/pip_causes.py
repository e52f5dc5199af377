"""Records why pip found no set of packages, with the way from the user's requirement to each cause.

Used by pip_for_target.py.

Report
    causes      the requirements that cannot be met together, or the one that cannot be met at all
        kind            requirement | constraint | python (a Requires-Python that excludes the target's)
        name            of the package in question, normalised
        requirement     "Werkzeug>=3.0.0", "Python >=3.9"
        chain           the packages on the way to it, "app 1.0", "flask 3.0.0"; empty when the user asks for it
        link            of the file that the user gives, without credentials; null for a requirement by version
        by              "-r requirements.txt (line 3)": where the user asks for the first of them; null for an argument
        versions        that have a file which the target can use and which is not yanked
        yanked          version and reason of those that are; the reason may be empty
"""

from pip._internal.req.req_install import InstallRequirement
from pip._internal.resolution.resolvelib.factory import Factory
from pip._internal.resolution.resolvelib.requirements import RequiresPythonRequirement
from pip._internal.utils.misc import remove_auth_from_url, splitext
from pip._vendor.packaging.utils import canonicalize_name


def watch_causes(report):
    """Takes the causes from where pip makes a message of them."""
    report["causes"] = []
    make_error = Factory.get_installation_error
    collect = Factory.collect_root_requirements
    constraints = []

    def collect_and_remember(factory, root_ireqs):
        constraints.extend(ireq for ireq in root_ireqs if ireq.constraint and ireq.match_markers())
        return collect(factory, root_ireqs)

    def record_and_make_error(factory, failure, *args, **kwargs):
        causes = [describe(factory, cause.requirement, cause.parent) for cause in failure.causes]
        names = {cause["name"] for cause in causes}
        causes += [describe_constraint(ireq) for ireq in constraints if canonicalize_name(ireq.name or "") in names]
        report["causes"] = [cause for index, cause in enumerate(causes) if cause not in causes[:index]]
        return make_error(factory, failure, *args, **kwargs)

    Factory.collect_root_requirements = collect_and_remember
    Factory.get_installation_error = record_and_make_error


def describe(factory, requirement, parent):
    """One cause: a requirement, and the candidate that has it, None for the user's own."""
    candidate, ireq = requirement.get_candidate_lookup()
    chain, origin = way_to(parent)
    if candidate is not None and getattr(parent, "base", None) == candidate:
        # lib[extra] asks for lib of the same version: tell who asks for lib[extra]
        ireq = parent._comes_from
        chain, origin = way_of(ireq.comes_from)
        parent = parent if chain else None
    if isinstance(requirement, RequiresPythonRequirement):
        return {
            "kind": "python",
            "name": parent.project_name,
            "requirement": str(requirement),
            "link": None,
            "chain": chain,
            "by": origin,
            "versions": [],
            "yanked": [],
        }
    if parent is None:
        asked = ireq if ireq is not None else candidate.get_install_requirement() if candidate is not None else None
        origin = asked.comes_from if asked is not None and isinstance(asked.comes_from, str) else None
    return {
        "kind": "requirement",
        "name": requirement.project_name,
        "requirement": text_of(requirement, candidate, ireq),
        "link": None if ireq is not None else link_of(candidate),
        "chain": chain,
        "by": origin,
        **what_there_is(factory, requirement.project_name),
    }


def describe_constraint(ireq):
    """A line of a constraints file."""
    return {
        "kind": "constraint",
        "name": canonicalize_name(ireq.name),
        "requirement": str(ireq.req).partition(";")[0].strip(),
        "link": None,
        "chain": [],
        "by": ireq.comes_from,
        "versions": [],
        "yanked": [],
    }


def text_of(requirement, candidate, ireq):
    """The requirement as its author wrote it, without marker; a file counts as its name and version."""
    if ireq is not None:
        return str(ireq.req).partition(";")[0].strip()
    return "%s %s" % (candidate.name, candidate.version) if candidate is not None else str(requirement)


def link_of(candidate):
    """Where the file of a candidate is, if a file is what is asked for."""
    link = None if candidate is None else candidate.source_link
    return None if link is None else remove_auth_from_url(link.url_without_fragment)


def what_there_is(factory, name):
    """The versions of a package that are there for the target."""
    links = [(str(found.version), found.link) for found in factory._finder.find_all_candidates(name)]
    yanked = {version: link.yanked_reason for version, link in links if link.is_yanked}
    versions = [version for version, link in links if not link.is_yanked]
    return {
        "versions": list(dict.fromkeys(versions)),
        "yanked": [
            {"version": version, "reason": reason} for version, reason in yanked.items() if version not in versions
        ],
    }


def way_to(candidate):
    """The packages from the user's requirement to this candidate, and where the user asks for the first."""
    if candidate is None:
        return [], None
    # a candidate with extras stands in front of the package itself
    ireq = getattr(candidate, "base", candidate).get_install_requirement()
    chain, origin = way_of(None if ireq is None else ireq.comes_from)
    return [*chain, "%s %s" % (candidate.name, candidate.version)], origin


def way_of(source):
    """The same from what an InstallRequirement "comes from"."""
    chain = []
    while isinstance(source, InstallRequirement):
        chain.insert(0, "%s %s" % (canonicalize_name(source.name), version_of(source)))
        source = source.comes_from
    return chain, source


def version_of(ireq):
    """The version in the name of the file that a candidate stands for."""
    name = ireq.link.filename if ireq.link is not None else ""
    return name.split("-")[1] if name.endswith(".whl") else splitext(name)[0].rpartition("-")[2]
