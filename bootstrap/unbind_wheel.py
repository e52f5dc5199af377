"""Takes the machine out of the name of a wheel that holds nothing made for one.

setuptools tags a wheel for this Python and this platform as soon as the project declares an extension, even when the
extension is optional and was left out because it could not be compiled. What is left then is the project's Python code,
as it would be in a wheel for any platform.

Used by source_builder.py.
"""

import base64
import hashlib
import os
import re
import zipfile

NATIVE_SUFFIXES = (".so", ".pyd", ".dll", ".dylib", ".a", ".o", ".lib", ".exe")
# ELF; PE; Mach-O in its four forms and as a fat file
NATIVE_MAGIC = (
    b"\x7fELF",
    b"MZ",
    b"\xfe\xed\xfa\xce",
    b"\xfe\xed\xfa\xcf",
    b"\xce\xfa\xed\xfe",
    b"\xcf\xfa\xed\xfe",
    b"\xca\xfe\xba\xbe",
)
# bdist_wheel was a part of "wheel" up to setuptools 70.1
GENERATOR = re.compile(r"^Generator: (?:setuptools|bdist_wheel)\b", re.MULTILINE)


def unbind_wheel(path):
    """Writes a py3-none-any wheel in place of one that is bound to this machine by its name only.

    Returns its path; None when something in it is native, or when another tool than setuptools has chosen the tags.
    """
    with zipfile.ZipFile(path) as archive:
        entries = [(entry, archive.read(entry)) for entry in archive.infolist()]
    (wheel,) = [entry.filename for entry, _ in entries if re.match(r"[^/]+\.dist-info/WHEEL$", entry.filename)]
    record = wheel[: -len("WHEEL")] + "RECORD"
    contents = {entry.filename: content for entry, content in entries}
    described = contents[wheel].decode("utf-8")
    if GENERATOR.search(described) is None or any(is_native(name, content) for name, content in contents.items()):
        return None
    lines = [line for line in described.splitlines() if not re.match(r"(?:Tag|Root-Is-Purelib):", line)]
    lines = [line for line in lines if line.strip()]
    contents[wheel] = "\n".join([*lines, "Root-Is-Purelib: true", "Tag: py3-none-any", ""]).encode()
    contents[record] = with_line(contents[record].decode("utf-8"), wheel, contents[wheel]).encode()
    name, version = os.path.basename(path).split("-")[:2]
    unbound = os.path.join(os.path.dirname(path), "%s-%s-py3-none-any.whl" % (name, version))
    with zipfile.ZipFile(unbound, "w", zipfile.ZIP_DEFLATED) as archive:
        for entry, _ in entries:
            archive.writestr(entry, contents[entry.filename])
    os.remove(path)
    return unbound


def is_native(name, content):
    """Whether a file is made for one kind of machine."""
    return name.lower().endswith(NATIVE_SUFFIXES) or content.startswith(NATIVE_MAGIC)


def with_line(record, name, content):
    """Returns RECORD with the digest and size of a file that has changed."""
    digest = base64.urlsafe_b64encode(hashlib.sha256(content).digest()).rstrip(b"=").decode()
    changed = "%s,sha256=%s,%d" % (name, digest, len(content))
    return "".join(
        (changed if line.startswith(name + ",") else line) + "\n" for line in record.splitlines() if line.strip()
    )
