"""Holds a set of wheels against their own METADATA: is every requirement met that counts on the target?

Used by pip_for_target.py, after pip and with pip's own copy of "packaging", in which the target's markers are in place.
"""

import os
import zipfile
from email.parser import HeaderParser

from pip._vendor.packaging.requirements import Requirement
from pip._vendor.packaging.specifiers import InvalidSpecifier, SpecifierSet
from pip._vendor.packaging.utils import canonicalize_name


class Wheel:
    """What a wheel's METADATA says."""

    def __init__(self, path):
        with zipfile.ZipFile(path) as archive:
            names = [name for name in archive.namelist() if name.endswith(".dist-info/METADATA")]
            (entry,) = [name for name in names if name.count("/") == 1]
            headers = HeaderParser().parsestr(archive.read(entry).decode("utf-8", "replace"))
        self.file = os.path.basename(path)
        self.name = canonicalize_name(headers["Name"].strip())
        self.version = headers["Version"].strip()
        self.requires_python = headers["Requires-Python"]
        # folded lines belong together
        self.requires_dist = [Requirement(" ".join(text.split())) for text in headers.get_all("Requires-Dist", [])]

    def requirements(self, extras):
        """Yields what the wheel requires on the target when these extras (normalised names) are asked for."""
        for requirement in self.requires_dist:
            marker = requirement.marker
            if marker is None or any(marker.evaluate({"extra": extra}) for extra in {""} | extras):
                yield requirement

    def excludes_python(self, version):
        """Whether Requires-Python rules this version out; a line that cannot be read counts for none, as for pip."""
        try:
            return not SpecifierSet(self.requires_python or "").contains(version, prereleases=True)
        except InvalidSpecifier:
            return False


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
        # (wheel, extras asked for, wheels on the way to it)
        self._queue = []

    def ask(self, name, extras, specifier, text, chain):
        """Meets a requirement from the set, else from what is provided; notes it when neither can."""
        if name in self.wheels:
            found = self.wheels[name].version
            if chain:
                self.asked.append({"name": name, "requirement": text, "by": chain[-1]})
            self._queue.append((self.wheels[name], frozenset(map(canonicalize_name, extras)), chain))
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
        """Follows the requirements of every wheel that was asked for, once for each extra."""
        seen = {}
        while self._queue:
            wheel, extras, chain = self._queue.pop(0)
            if wheel.name in seen and extras <= seen[wheel.name]:
                continue
            seen[wheel.name] = extras | seen.get(wheel.name, frozenset())
            link = [*chain, f"{wheel.name} {wheel.version}"]
            if wheel.excludes_python(self.python):
                self._miss("Python " + wheel.requires_python, link, self.python)
            for requirement in wheel.requirements(seen[wheel.name]):
                name = canonicalize_name(requirement.name)
                specifier = None if requirement.url else requirement.specifier
                text = str(requirement).partition(";")[0].strip()
                self.ask(name, requirement.extras, specifier, text, link)

    def _miss(self, requirement, chain, found):
        entry = {"requirement": requirement, "chain": chain, "found": found}
        if entry not in self.missing:
            self.missing.append(entry)


def describe_wheel(wheel, source):
    """What METADATA says, and where the wheel comes from."""
    return {
        "file": wheel.file,
        "name": wheel.name,
        "version": wheel.version,
        "requiresPython": wheel.requires_python,
        **source,
    }


def check_closure(target, report):
    """Completes the report of pip_for_target.py by "wheels", "asked", "unreadable", "provided" and "missing"."""
    wheels = []
    sources = {}
    for choice in report["chosen"]:
        file = choice["file"]
        sources[file] = {"url": choice["url"], "comesFrom": choice["comesFrom"]}
        try:
            wheels.append(Wheel(os.path.join(target["destination"], file)))
        except Exception as error:  # whatever a broken archive or a broken METADATA raises
            report["unreadable"].append({"file": file, "reason": str(error)})
    versions = target["provided"]
    closure = Closure(wheels, versions, target["environment"]["python_full_version"])
    for root in report["roots"]:
        if root["applies"]:
            # pip has compared the version itself
            closure.ask(root["name"], root["extras"], None, root["text"].partition(";")[0].strip(), [])
    closure.walk()
    report["wheels"] = [describe_wheel(wheel, sources[wheel.file]) for wheel in wheels]
    report["asked"] = closure.asked
    report["missing"] = closure.missing
    report["provided"] = [
        {"name": name, "version": versions[name], "requirements": texts}
        for name, texts in sorted(closure.provided.items())
    ]
