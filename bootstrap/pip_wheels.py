"""Lets pip read of a wheel what it needs and no more, and notes each wheel that it cannot read.

Used by pip_for_target.py. Every file that could be chosen passes _make_base_candidate_from_link, every wheel that is
there passes _get_prepared_distribution, and what METADATA says passes _check_metadata_consistency and
iter_dependencies: all are the same from pip 24.0 to 26.3.

Report
    unreadWheels    wheels that pip could not read, or did not take for what their names say, in order
        file            its name
        name            of the package, normalised
        path            where it lies now; null when only its METADATA was fetched, from the index
        reason          in pip's words, or ours
        passedOver      true when pip goes on with another version, if there is one
        tooLarge        null, or the member that is not inflated
            entry, size, limit      its name, its bytes as the archive says them, the most bytes
"""

import os
import re
import shutil
import stat

from bounded_wheel import BoundedZipFile, TooLarge, require_readable
from pip._internal import exceptions
from pip._internal.exceptions import HashError, InstallationError
from pip._internal.metadata.base import FilesystemWheel
from pip._internal.operations import prepare
from pip._internal.resolution.resolvelib.candidates import LinkCandidate
from pip._internal.resolution.resolvelib.factory import Factory
from pip._vendor.packaging.utils import canonicalize_name

MOST_REASON = 500
# pip goes on with another version then; the second one is not there before 24.1
PASSED_OVER = tuple(
    getattr(exceptions, name) for name in ("MetadataInconsistent", "MetadataInvalid") if hasattr(exceptions, name)
)


class WheelWatch:
    """Stands between pip and the wheels of one run."""

    def __init__(self, report, directory):
        self.unread = report["unreadWheels"] = []
        # of wheels that pip would remove at its end, with all its temporary files
        self.directory = directory

    def start(self):
        """Puts itself between pip and its wheels."""
        make_candidate = Factory._make_base_candidate_from_link
        get_prepared = prepare._get_prepared_distribution
        check_consistency = LinkCandidate._check_metadata_consistency
        iter_dependencies = LinkCandidate.iter_dependencies

        def candidate_of_file(factory, link, *args, **kwargs):
            if link.is_wheel and link.is_file:
                self.require_file(link)
            return make_candidate(factory, link, *args, **kwargs)

        def prepared_or_noted(req, *args, **kwargs):
            return self.noting(req, lambda: get_prepared(req, *args, **kwargs))

        def consistent_or_noted(candidate, dist):
            def check():
                require_readable(dist.metadata.get_all("Requires-Dist", []))
                check_consistency(candidate, dist)

            self.noting(candidate._ireq, check)

        def dependencies_or_noted(candidate, with_requires):
            if with_requires:
                self.noting(candidate._ireq, lambda: list(candidate.dist.iter_dependencies()))
            return iter_dependencies(candidate, with_requires)

        Factory._make_base_candidate_from_link = candidate_of_file
        prepare._get_prepared_distribution = prepared_or_noted
        LinkCandidate._check_metadata_consistency = consistent_or_noted
        LinkCandidate.iter_dependencies = dependencies_or_noted
        FilesystemWheel.as_zipfile = lambda wheel: BoundedZipFile(wheel.location)

    def require_file(self, link):
        """Ends the run at a wheel that is a pipe, a device or a directory: pip would wait for its end."""
        try:
            mode = os.stat(link.file_path).st_mode
        except OSError:
            # pip says it
            return
        if not stat.S_ISREG(mode):
            error = InstallationError("%s is no file" % link.file_path)
            self.note(link, link.file_path, error)
            raise error

    def noting(self, req, read):
        """Returns what a function reads of the wheel of a requirement; notes the wheel when it cannot."""
        link = req.link
        if link is None or not link.is_wheel:
            return read()
        try:
            return read()
        except (OSError, HashError):
            # of the disk or the network
            raise
        except Exception as error:
            self.note(link, self.keep(req), error)
            if isinstance(error, InstallationError):
                raise
            raise InstallationError("Cannot read %s: %s" % (link.filename, error))

    def note(self, link, path, error):
        """Notes a wheel."""
        self.unread.append(
            {
                "file": link.filename,
                "name": canonicalize_name(link.filename.split("-")[0]),
                "path": path,
                "reason": reason_of(error)[:MOST_REASON],
                "passedOver": isinstance(error, PASSED_OVER),
                "tooLarge": error.details if isinstance(error, TooLarge) else None,
            }
        )

    def keep(self, req):
        """Returns where the wheel of a requirement lies when pip has ended; None when it was not fetched."""
        path = req.local_file_path
        if path is None or req.link.is_file:
            return path
        os.makedirs(self.directory, exist_ok=True)
        kept = os.path.join(self.directory, req.link.filename)
        shutil.copyfile(path, kept)
        return kept


def reason_of(error):
    """What an exception says, in one line, without the mark below the place in a requirement."""
    # MetadataInvalid says it besides the address of the file
    said = str(getattr(error, "error", None) or error) or type(error).__name__
    return re.sub(r" [~^]+$", "", " ".join(said.split()))
