"""Stops pip when an index cannot be asked, and keeps passwords of indexes out of the cache.

Used by pip_for_target.py. pip goes on without an index that does not answer: it leaves a line in its log and takes what
another index has. If a private index is down, a stranger's package of the same name would come in from the public one.

Report
    indexFailures   what could not be asked: url (without credentials), kind, status (of HTTP, or null), reason; kind is
        unreachable         no answer, or one that says that the server is in trouble
        certificate         TLS could not be agreed on
        proxy               the proxy does not answer
        proxy-unauthorized  the proxy wants a user and a password
        unauthorized        the index wants a user and a password
        forbidden           the page may not be read. Indexes kept in object stores say so of what is not there, so pip
                            goes on; where a password was sent, and no page can be read, it counts as unauthorized
        insecure            http:// to another machine, which nobody has declared to be trusted
        content             the answer is no page of an index
        address             nothing that could be asked
        directory           a local directory that is not there
"""

import os
import re

from pip._internal.exceptions import InstallationError, NetworkConnectionError
from pip._internal.index import collector
from pip._internal.models.link import Link
from pip._internal.network.session import PipSession
from pip._internal.resolution.resolvelib.resolver import Resolver
from pip._internal.utils.filetypes import is_archive_file
from pip._internal.utils.misc import remove_auth_from_url
from pip._internal.utils.urls import url_to_path
from pip._vendor import requests, urllib3
from pip._vendor.cachecontrol.serialize import Serializer

# Of HTTP: an index says of a package that it does not have it.
NOT_THERE = (404, 410)


class IndexWatch:
    """Looks at every page that pip asks for, and ends the run when one cannot be had."""

    def __init__(self, report):
        self.failures = report["indexFailures"] = []
        # indexes that have opened a page, or said that it is not there
        self.open = set()
        # what --find-links names
        self.pages = set()
        # indexes that have refused a page although a password was sent
        self.refusing = {}

    def start(self):
        """Puts itself between pip and its sources of pages."""
        get_page = collector._get_simple_response
        build_source = collector.build_source
        is_secure = PipSession.is_secure_origin
        resolve = Resolver.resolve

        def get_page_or_stop(url, *args, **kwargs):
            try:
                page = get_page(url, *args, **kwargs)
            except Exception as error:
                self.look_at(url, error)
                raise
            self.open.add(index_of(url))
            return page

        def build_source_or_stop(location, *args, **kwargs):
            if kwargs["expand_dir"]:
                self.pages.add(location)
            built = build_source(location, *args, **kwargs)
            if built[1] is None:
                self.look_at_place(location, kwargs["expand_dir"])
            return built

        def is_secure_or_stop(session, location):
            try:
                is_declared = is_secure(session, location)
            except ValueError:
                # a port that is no number, which may be a part of the password: none of it is repeated
                self.stop(location.url, "address", "/ ? # @ in a user or password must be written %2F %3F %23 %40")
            if not location.url.startswith(("http:", "https:", "file:")):
                self.stop(location.url, "address", "it is no address of a package index")
            if not is_declared:
                self.stop(location.url, "insecure", "it is http:// and not declared to be trusted")
            return True

        def resolve_and_look(resolver, *args, **kwargs):
            chosen = resolve(resolver, *args, **kwargs)
            for index, error in sorted(self.refusing.items()):
                if index not in self.open:
                    self.stop(index, "unauthorized", what_it_says(error), error.response.status_code)
            return chosen

        collector._get_simple_response = get_page_or_stop
        collector.build_source = build_source_or_stop
        PipSession.is_secure_origin = is_secure_or_stop
        Resolver.resolve = resolve_and_look

    def look_at(self, url, error):
        """Decides what a page means that could not be had: nothing, a note, or the end."""
        response = error.response if isinstance(error, NetworkConnectionError) else None
        status = None if response is None else response.status_code
        if url in self.pages and status in (403, *NOT_THERE):
            # it is no page of a project, which may be missing
            self.stop(url, "unauthorized" if status == 403 else "unreachable", what_it_says(error), status)
        elif status in NOT_THERE:
            self.open.add(index_of(url))
        elif status == 403:
            self.note(url, "forbidden", what_it_says(error), status)
            if "Authorization" in error.response.request.headers:
                self.refusing[index_of(url)] = error
        elif status is not None:
            kinds = {401: "unauthorized", 407: "proxy-unauthorized"}
            self.stop(url, kinds.get(status, "unreachable"), what_it_says(error), status)
        elif isinstance(error, collector._NotHTTP) or (
            isinstance(error, collector._NotAPIContent) and is_archive_file(Link(url).filename)
        ):
            # --find-links names a file, not a page
            return
        elif isinstance(error, collector._NotAPIContent):
            self.stop(url, "content", "it answers with Content-Type %s" % error.content_type)
        else:
            kind, reason = classify(error)
            self.stop(url, kind, reason)

    def look_at_place(self, location, is_find_links):
        """Decides what it means that pip passes over a place that it does not find on this machine."""
        if "://" in location and not location.startswith("file:"):
            self.stop(location, "address", "it is no address of a package index")
        path = url_to_path(location) if location.startswith("file:") else location
        # the index's own directory: below it a package may be missing
        place = path if is_find_links else os.path.dirname(path.rstrip("/"))
        if not os.path.exists(place):
            self.stop(place, "directory", "there is no such directory")

    def stop(self, *failure):
        """Notes a failure and ends the run."""
        self.note(*failure)
        raise InstallationError("Cannot ask the index %s" % self.failures[-1]["url"])

    def note(self, url, kind, reason, status=None):
        """Notes a failure once."""
        failure = {"url": remove_auth_from_url(url), "kind": kind, "status": status, "reason": reason}
        if failure not in self.failures:
            self.failures.append(failure)


def index_of(url):
    """The address of the index that a project's page belongs to."""
    return url.rstrip("/").rpartition("/")[0] + "/"


def what_it_says(error):
    """The status line of an HTTP answer; the URL is told anyway."""
    return str(error).partition(" for url: ")[0]


def classify(error):
    """What kind of trouble an exception of pip's HTTP client tells of, and the innermost reason that it gives."""
    chain = unwind(error)
    reason = re.sub(r"<[^<>]* object at 0x[0-9a-f]+>:? ?|^HTTPS?Connection(?:Pool)?\([^()]*\): ", "", str(chain[-1]))
    if any(isinstance(one, (requests.exceptions.ProxyError, urllib3.exceptions.ProxyError)) for one in chain):
        # the whole phrase: the addresses of objects, which these messages hold too, have digits of all kinds
        is_refused = any("Tunnel connection failed: 407" in str(one) for one in chain)
        return "proxy-unauthorized" if is_refused else "proxy", "the proxy does not let it through: " + reason
    if any(isinstance(one, (requests.exceptions.SSLError, urllib3.exceptions.SSLError)) for one in chain):
        return "certificate", reason
    if any(isinstance(one, (ValueError, urllib3.exceptions.LocationParseError)) for one in chain):
        # as requests says it of a URL without host, or with an unknown scheme
        return "address", reason
    return "unreachable", reason


def unwind(error):
    """The exception and those inside of it, which the layers of the HTTP client wrap in different ways."""
    chain = []
    while isinstance(error, BaseException) and error not in chain:
        chain.append(error)
        inner = [getattr(error, "reason", None), error.__cause__, error.__context__, *error.args]
        error = next((one for one in inner if isinstance(one, BaseException) and one not in chain), None)
    return chain


def keep_passwords_out_of_cache():
    """Leaves the Authorization header out of what the HTTP cache keeps of a request that a response "varies" by."""
    dumps = Serializer.dumps

    def dumps_without_password(serializer, request, *args, **kwargs):
        if "Authorization" in request.headers:
            request = request.copy()
            # such a response is never found in the cache again
            del request.headers["Authorization"]
        return dumps(serializer, request, *args, **kwargs)

    Serializer.dumps = dumps_without_password
