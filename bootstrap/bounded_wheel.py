"""Reads the few files of a wheel that a resolver needs, with an end to each.

Used by pip_wheels.py, for all that pip reads, and by wheel_closure.py. The limits on bytes are those of our own reader
of wheels (src/wheel).
"""

import zipfile

# of one file of .dist-info, or as much for each file of the wheel, whatever is more
MOST_BYTES = 8 * 2**20
BYTES_PER_FILE = 512

# the longest ones of real wheels have some hundred characters
MOST_CHARACTERS = 10_000
# each takes pip's parser, which is recursive, some steps down
MOST_PARENTHESES = 100
SHOWN_CHARACTERS = 60


class TooLarge(Exception):
    """A file of .dist-info that nobody expects to be so large."""

    def __init__(self, entry, size, limit):
        super().__init__("%s has %d bytes, the limit is %d" % (entry, size, limit))
        self.details = {"entry": entry, "size": size, "limit": limit}


class UnreadableRequirement(Exception):
    """A Requires-Dist that is not even parsed."""


class BoundedZipFile(zipfile.ZipFile):
    """A wheel of which METADATA and WHEEL can be read, if they are not too large."""

    def namelist(self):
        """Leaves out what else is in .dist-info: pip reads the whole of it, and uses nothing of it here."""
        return [name for name in super().namelist() if not is_dist_info(name) or name.endswith(("/METADATA", "/WHEEL"))]

    def open(self, name, *args, **kwargs):
        """Opens a member that is small by what the archive says of it, and inflates no more of it than that."""
        info = name if isinstance(name, zipfile.ZipInfo) else self.getinfo(name)
        most = max(MOST_BYTES, BYTES_PER_FILE * len(self.filelist))
        size = max(info.file_size, info.compress_size)
        if size > most:
            raise TooLarge(info.filename, size, most)
        if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            # the others are inflated without any bound
            raise zipfile.BadZipFile("%s has the compression method %d" % (info.filename, info.compress_type))
        member = super().open(name, *args, **kwargs)
        # zipfile inflates so much at once, and only then looks how much there should be
        member.MAX_N = most
        return member


def is_dist_info(name):
    """Whether a member lies in a .dist-info directory at the top."""
    return name.partition("/")[0].endswith(".dist-info")


def require_readable(requirements):
    """Refuses a text of Requires-Dist that would keep a parser busy or bring it to its end, before it is parsed."""
    for text in requirements:
        for count, limit, what in (
            (len(text), MOST_CHARACTERS, "characters"),
            (text.count("("), MOST_PARENTHESES, "opening parentheses"),
        ):
            if count > limit:
                shown = text if len(text) <= SHOWN_CHARACTERS else text[:SHOWN_CHARACTERS] + "…"
                raise UnreadableRequirement(
                    "METADATA has Requires-Dist: %s with %d %s, the limit is %d" % (shown, count, what, limit)
                )
