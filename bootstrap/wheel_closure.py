"""Holds a set of wheels against their own METADATA: is every requirement met that counts on the target?

Used by pip_for_target.py, after pip and with pip's own copy of "packaging", in which the target's markers are in place.

Report
    wheels          what METADATA says of each chosen wheel, and where it comes from
    unreadable      wheels whose METADATA cannot be read, or speaks of something else
    asked           which wheel asks for which other one
    provided        what the cluster brings of what is asked for
    missing         requirements that nothing meets, with the chain of packages that leads to each
    unknownExtras   extras that are asked for and that the wheel does not have; pip passes over them
"""

import os
from email.parser import HeaderParser

from bounded_wheel import BoundedZipFile, require_readable
from pip._vendor.packaging.requirements import Requirement
from pip._vendor.packaging.specifiers import InvalidSpecifier, SpecifierSet
from pip._vendor.packaging.utils import canonicalize_name
from pip._vendor.packaging.version import InvalidVersion, Version


class UnreadableWheel(Exception):
    """A wheel's METADATA is not there, is not one file, or speaks of another distribution."""


class Wheel:
    """What a wheel's METADATA says."""

    def __init__(self, path):
        with BoundedZipFile(path) as archive:
            headers = HeaderParser().parsestr(read_metadata(archive))
        self.file = os.path.basename(path)
        self.name = canonicalize_name(required(headers, "Name"))
        self.version = required(headers, "Version")
        self.requires_python = headers["Requires-Python"]
        self.extras = {canonicalize_name(extra.strip()) for extra in headers.get_all("Provides-Extra", [])}
        requires_dist = headers.get_all("Requires-Dist", [])
        require_readable(requires_dist)
        # folded lines belong together
        self.requires_dist = [Requirement(" ".join(text.split())) for text in requires_dist]

    def __str__(self):
        return f"{self.name} {self.version}"

    def requirements(self, extra):
        """Yields what the wheel requires on the target for one extra (a normalised name), "" for the wheel itself."""
        for requirement in self.requires_dist:
            # an extra adds to what the wheel itself requires
            if holds(requirement, extra) and (extra == "" or not holds(requirement, "")):
                yield requirement

    def excludes_python(self, version):
        """Whether Requires-Python rules this version out; a line that cannot be read counts for none, as for pip."""
        try:
            return not SpecifierSet(self.requires_python or "").contains(version, prereleases=True)
        except InvalidSpecifier:
            return False


def holds(requirement, extra):
    """Whether a requirement counts on the target for this extra."""
    return requirement.marker is None or requirement.marker.evaluate({"extra": extra})


def read_metadata(archive):
    """Returns METADATA of the only .dist-info directory at the top of a wheel."""
    names = [name for name in archive.namelist() if name.endswith(".dist-info/METADATA") and name.count("/") == 1]
    if len(set(names)) != 1:
        raise UnreadableWheel("it has %d files METADATA" % len(set(names)))
    return archive.read(names[0]).decode("utf-8", "replace")


def required(headers, field):
    """Returns a field that every METADATA has."""
    if headers[field] is None:
        raise UnreadableWheel("METADATA has no %s" % field)
    return headers[field].strip()


class Closure:
    """The walk from what the user asked for through every requirement that holds."""

    def __init__(self, wheels, provided, python):
        self.wheels = {wheel.name: wheel for wheel in wheels}
        self.versions_provided = provided
        self.python = python
        # provided name -> requirements that it stands for
        self.provided = {}
        self.missing = []
        # requirements of wheels that other wheels of the set meet
        self.asked = []
        self.unknown_extras = []
        # (wheel, "" or an extra of it, wheels on the way to it)
        self._queue = []
        self._seen = set()

    def ask(self, name, extras, specifier, text, chain):
        """Meets a requirement from the set, else from what is provided; notes it when neither can."""
        if name in self.wheels:
            wheel = self.wheels[name]
            found = wheel.version
            if chain:
                self.asked.append({"name": name, "requirement": text, "by": chain[-1]})
            self._visit(wheel, chain)
            for extra in sorted(set(map(canonicalize_name, extras))):
                self._visit_extra(wheel, extra, chain)
        elif name in self.versions_provided:
            found = self.versions_provided[name]
            texts = self.provided.setdefault(name, [])
            if text not in texts:
                texts.append(text)
        else:
            self._miss(text, chain, None)
            return
        if found is not None and specifier is not None and not specifier.contains(found, prereleases=True):
            self._miss(text, chain, found)

    def walk(self):
        """Follows the requirements of every wheel that was asked for, once for itself and once for each extra."""
        self._empty_queue()
        for wheel in self.wheels.values():
            # what nobody asks for by its name, such as an address without one, must be complete as well
            self._visit(wheel, [])
            self._empty_queue()

    def _empty_queue(self):
        while self._queue:
            wheel, extra, chain = self._queue.pop(0)
            link = chain if chain[-1:] == [str(wheel)] else [*chain, str(wheel)]
            if extra == "" and wheel.excludes_python(self.python):
                self._miss("Python " + wheel.requires_python, link, self.python)
            for requirement in wheel.requirements(extra):
                specifier = None if requirement.url else requirement.specifier
                text = str(requirement).partition(";")[0].strip()
                self.ask(canonicalize_name(requirement.name), requirement.extras, specifier, text, link)

    def _visit(self, wheel, chain, extra=""):
        if (wheel.name, extra) not in self._seen:
            self._seen.add((wheel.name, extra))
            self._queue.append((wheel, extra, chain))

    def _visit_extra(self, wheel, extra, chain):
        if extra in wheel.extras:
            self._visit(wheel, chain, extra)
            return
        entry = {"name": wheel.name, "version": wheel.version, "extra": extra, "by": chain[-1] if chain else None}
        if entry not in self.unknown_extras:
            self.unknown_extras.append(entry)

    def _miss(self, requirement, chain, found):
        entry = {"requirement": requirement, "chain": chain, "found": found}
        if entry not in self.missing:
            self.missing.append(entry)


def check_closure(target, report):
    """Completes the report of pip_for_target.py, see the head of this file."""
    wheels = []
    sources = {}
    for choice in report["chosen"]:
        file = choice["file"]
        sources[file] = {"url": choice["url"], "comesFrom": choice["comesFrom"]}
        try:
            wheels.append(read_chosen(os.path.join(target["destination"], file), choice))
        except Exception as error:  # whatever a broken archive or a broken METADATA raises
            report["unreadable"].append({"file": file, "reason": str(error)})
    versions = target["provided"]
    closure = Closure(wheels, versions, target["environment"]["python_full_version"])
    for root in report["roots"]:
        if root["applies"] and root["name"] is not None:
            # pip has compared the version itself
            closure.ask(root["name"], root["extras"], None, root["text"].partition(";")[0].strip(), [])
    closure.walk()
    report["wheels"] = [describe_wheel(wheel, sources[wheel.file]) for wheel in wheels]
    report["asked"] = closure.asked
    report["missing"] = closure.missing
    report["unknownExtras"] = closure.unknown_extras
    report["provided"] = [
        {"name": name, "version": versions[name], "requirements": texts}
        for name, texts in sorted(closure.provided.items())
    ]


def read_chosen(path, choice):
    """Returns a wheel that is what pip takes it for; pip may have believed a page of the index."""
    wheel = Wheel(path)
    if wheel.name != choice["name"] or not is_same_version(wheel.version, choice["version"]):
        raise UnreadableWheel("METADATA is of %s, expected %s %s" % (wheel, choice["name"], choice["version"]))
    return wheel


def is_same_version(one, other):
    """1.0 and 1.0.0 are; versions that nobody can read are compared by their letters."""
    try:
        return Version(one) == Version(other)
    except InvalidVersion:
        return one == other


def describe_wheel(wheel, source):
    """What METADATA says, and where the wheel comes from."""
    return {
        "file": wheel.file,
        "name": wheel.name,
        "version": wheel.version,
        "requiresPython": wheel.requires_python,
        **source,
    }
