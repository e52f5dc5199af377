"""Switches a published Python environment on in a Spark application: on the driver and on every executor.

As a program, it is the file that spark-submit, Livy, Oozie or Airflow starts, and it starts yours:

    activate_env.py [options] ENV MODULE [argument ...]            as `python -m MODULE` would
    activate_env.py [options] ENV -m MODULE [argument ...]         the same
    activate_env.py [options] ENV MODULE:FUNCTION [argument ...]   calls FUNCTION(); an int it returns is the exit code
    activate_env.py [options] ENV SCRIPT.py [argument ...]         a file; hdfs:///apps/job.py and /apps/job.py too

ENV is the environment's directory. Without a scheme it is on the job's default file system. A SCRIPT with a relative
name is looked for in the working directory first (where `--files` puts it); any other SCRIPT is read through Spark.

Options, before or after ENV:

    --release N               this release, not the highest one
    --digest SHA256           the release with this digest or nothing, and the files must hash to it
    --check none|one|all      how many executors to ask whether they can use the environment (default: one)
    --check-timeout SECONDS   how long to wait for their answers (default: 120)
    --allow-shared-writable   go on where others can change the environment's files

In a notebook or a Livy session:

    import activate_env
    activate_env.activate(spark, 'hdfs:///user/alice/envs/risk')

The program makes a SparkContext and never a SparkSession: the application's own `enableHiveSupport()` still counts.
Its exit code is the application's, or, when the application was not started: 1 other, 2 wrong use or setting, 4 what is
there is not what was published, 5 network, 6 permission, 7 conflict.

One file, standard library only, Python 2.7 to 3.13, Spark 1.6 to 4.x.
"""

from __future__ import absolute_import, print_function, unicode_literals

import atexit
import contextlib
import hashlib
import importlib
import io
import json
import os
import re
import runpy
import shutil
import sys
import tempfile
import threading
import time

try:
    from importlib.util import find_spec
except ImportError:  # Python 2.7
    from pkgutil import find_loader as find_spec

# Raised with every change: a tool never replaces a published bootstrap by an older one.
BOOTSTRAP_VERSION = 5

# The digest of the one release that a rendered copy of this file activates.
PINNED_DIGEST = None

__all__ = [str('activate'), str('Activation'), str('ActivationError')]

# In the JVM's SparkConf, which all Python processes of a SparkContext share.
MARKER = 'spark.hdfsVenv.active'

# In the worker's environment: part of the key by which Spark finds a running Python daemon.
ENVIRONMENT_VARIABLE = 'HDFS_VENV'

# File systems whose permission bits say who may write. Object stores answer with invented ones.
SCHEMES_WITH_PERMISSIONS = ('hdfs', 'webhdfs', 'swebhdfs', 'viewfs', 'file')

# Archives that the driver fetches and unpacks at once: they overlap, and one driver has few disks and processors.
ADD_THREADS = 4

# Seconds until executors are first sent to fetch while the driver still adds; then twice as long each time.
FETCH_INTERVAL = 1.0

# Where one of these is set, tasks that only fetch would be started twice, or executors be excluded for what the check
# explains.
NO_EARLY_FETCH = (
    'spark.speculation',
    'spark.blacklist.enabled',
    'spark.excludeOnFailure.enabled',
    'spark.excludeOnFailure.application.enabled',
    'spark.excludeOnFailure.taskAndStage.enabled',
)

# Seconds that a task of the check lasts at least, so that one executor does not take them all.
PAUSE = 0.3

OTHERS_WRITE, GROUP_WRITES, STICKY = 0o002, 0o020, 0o1000

# Exit codes, the same as the command line's.
OTHER, USAGE, INTEGRITY, NETWORK, PERMISSION, CONFLICT = 1, 2, 4, 5, 6, 7

# `class: message` of what Java throws -> code and exit code; the first row that fits counts. Hadoop wraps exceptions in
# IOException and IllegalArgumentException, so the class in front does not tell enough.
JAVA_FAILURES = (
    (r'ParentNotDirectoryException|\(is not a directory\)', 'ACTIVATE_ADDRESS', USAGE),
    (
        r'AccessControlException|AuthorizationException|AccessDeniedException|InvalidToken|SaslException|GSSException'
        r'|\(Permission denied\)',
        'ACTIVATE_DENIED',
        PERMISSION,
    ),
    (r'UnknownHostException', 'ACTIVATE_FILE_SYSTEM', NETWORK),
    (
        r'UnsupportedFileSystemException|No FileSystem for scheme|IllegalArgumentException|InvalidPathException'
        r'|URISyntaxException|Incomplete HDFS URI|NotInMountpointException|ClassNotFoundException',
        'ACTIVATE_ADDRESS',
        USAGE,
    ),
    (r'FileNotFoundException', 'ACTIVATE_INCOMPLETE', INTEGRITY),
    (r'ChecksumException', 'ACTIVATE_CONTENT', INTEGRITY),
    (
        r'\A(?:org\.apache\.hadoop\.(?:net|ipc|hdfs)|java\.nio\.channels)\.|javax?\.net\.|EOFException|[Tt]imed out'
        r'|[Cc]onnection (?:reset|refused|closed)|[Bb]roken pipe|Failed on local exception|Could not obtain block',
        'ACTIVATE_FILE_SYSTEM',
        NETWORK,
    ),
    (r'', 'ACTIVATE_FILE_SYSTEM', OTHER),
)


class ActivationError(Exception):
    """What went wrong, with a stable `code`, hints on what to do, and the exit code of the program."""

    def __init__(self, code, message, hints=(), exit_code=OTHER):
        Exception.__init__(self, _native(message))
        self.code = _native(code)
        self.message = _native(message)
        self.hints = [_native(hint) for hint in hints]
        self.exit_code = exit_code

    def __str__(self):
        return str('\n').join(
            [self.message + str(' (') + self.code + str(')')] + [str('hint: ') + hint for hint in self.hints]
        )


class Activation(object):
    """What is active, and how far that was checked."""

    def __init__(self, env, release):
        self.env = _native(env)
        self.release = release.number
        self.digest = _native(release.digest)
        #: The SparkFiles root of this driver: the environment's modules are imported from here.
        self.path = None
        #: One dict for each executor that answered: host, python, executable, root.
        self.executors = []
        #: What was compared with the release, and what was not, as sentences.
        self.checked = []
        self.not_checked = []
        self.warnings = []
        #: The number of a newer release that this SparkContext does not use; None when there is none.
        self.newer_release = None

    def warn(self, text):
        """Adds a warning and says it."""
        self.warnings.append(_native(text))
        _say('warning: ' + text)

    def __repr__(self):
        lines = [
            'release %s of %s is active' % (self.release, _text(self.env)),
            'digest: %s' % self.digest,
            'path: %s' % _text(self.path),
        ]
        lines += ['checked: ' + _text(line) for line in self.checked]
        lines += ['not checked: ' + _text(line) for line in self.not_checked]
        lines += ['warning: ' + _text(line) for line in self.warnings]
        return _native('\n'.join(lines))


def activate(
    sc_or_spark,
    env,
    release=None,
    check='one',
    check_timeout=120,
    allow_shared_writable=False,
    digest=None,
):
    """Makes the packages of a published environment importable on the driver and on every executor.

    Call it before anything of the environment is imported. Calling it again changes nothing: a SparkContext holds one
    release of one environment, and keeps it when a newer one was published meanwhile.

    sc_or_spark: a SparkContext or a SparkSession.
    env: the environment's directory, `hdfs://nameservice/envs/risk`, or `/envs/risk` on the default file system.
    release: a number; None is the highest one, or the one that is active already.
    check: 'none', 'one' (a single task) or 'all' (every executor that is there now); at most `check_timeout` seconds.
    allow_shared_writable: warn where others can change the environment's files, instead of refusing.
    digest: sha256; the release with this digest or nothing. Then every file is hashed, on the driver and, whether
        `check` is 'one' or 'all', on every executor that is there now.

    Returns an Activation. Raises ActivationError.
    """
    pin = _validated_pin(digest)
    _validated_check(check)
    context = _context_of(sc_or_spark)
    environment = Environment(context, env)
    marker = _read_marker(context)
    chosen, newest = _choose_release(environment, marker, release, pin)
    result = Activation(environment.uri, chosen)
    if newest is not None and newest > chosen.number and release is None and pin is None:
        result.newer_release = newest
        _say(
            'release %d of %s stays active in this SparkContext; release %d is newer: a new SparkContext gets it'
            % (chosen.number, environment.uri, newest)
        )
    _compare_python(chosen)
    if marker is not None and marker['state'] == 'adding':
        raise _half_added(environment, chosen)
    if marker is None or marker['state'] == 'added':
        _refuse_local_directories(context, environment, chosen)
        _compare_provided(context, chosen, result)
        _refuse_shared_writable(environment, chosen, allow_shared_writable, result)
    if marker is None:
        files_to_add = _files_to_add(environment, chosen)
        _write_marker(context, environment, chosen, 'adding')
        with _fetching_early(context, check):
            _add_files(context, environment, chosen, files_to_add)
        _write_marker(context, environment, chosen, 'added')
    root = _text(context._jvm.org.apache.spark.SparkFiles.getRootDirectory())
    _look_at_driver(root, chosen)
    files = None
    if pin is not None and not (marker and marker['state'] == 'verified'):
        files = environment.file_list(chosen)
        _verify_driver(root, chosen, files, marker is None, result)
    _set_worker_environment(context, chosen, root)
    result.path = _local_path(root)
    result.checked.append(
        _native('driver: Python %s, %d entries under %s' % (_python_version(), len(chosen.entries), root))
    )
    _check_executors(context, chosen, files, check, check_timeout, result)
    _put_first(result.path)
    _take_over_imports(result.path, chosen.module_names, result)
    # without a check, executors have yet to be compared
    is_verified = (files is not None and check != 'none') or (marker is not None and marker['state'] == 'verified')
    _write_marker(context, environment, chosen, 'verified' if is_verified else 'complete')
    return result


# ---- The environment on its file system ----------------------------------------------------------------------------


class Environment(object):
    """The environment's directory, read through the JVM by the file system that its path belongs to."""

    def __init__(self, context, address):
        self._path_class = context._jvm.org.apache.hadoop.fs.Path
        address = _text(address)
        with _explaining('open %s' % address):
            path = self._path_class(address)
            self._fs = path.getFileSystem(context._jsc.hadoopConfiguration())
            self._root = self._fs.makeQualified(path)
            self.scheme = _text(self._fs.getUri().getScheme())
        self.uri = self.uri_of(self._root)

    def path(self, *names):
        path = self._root
        for name in names:
            path = self._path_class(path, name)
        return path

    @staticmethod
    def uri_of(path):
        """The one form that Spark reads back as the same path, whatever is in its names."""
        return _text(path.toUri().toString())

    def _found(self, verb, path, call):
        """What `call` returns; None when nothing is there, or not any more."""
        with _explaining('%s %s' % (verb, self.uri_of(path))):
            try:
                return call()
            except Exception as error:
                is_absent = _java_class(error) == 'java.io.FileNotFoundException'
                # Java says the same of a local file that may not be read
                if not is_absent or '(Permission denied)' in _java_message(error):
                    raise
                return None

    def status(self, path):
        """The Hadoop FileStatus; None when nothing is there."""
        return self._found('look at', path, lambda: self._fs.getFileStatus(path))

    def entries(self, path):
        """Name -> Hadoop FileStatus of what a directory holds; None when it is not a directory."""
        status = self.status(path)
        if status is None or not status.isDirectory():
            return None
        listed = self._found('list', path, lambda: self._fs.listStatus(path))
        return None if listed is None else {_text(entry.getPath().getName()): entry for entry in listed}

    def read(self, path):
        """The bytes of a file; None when nothing is there.

        Hadoop copies it to a directory of our own, which needs no class beyond Hadoop's own.
        """
        directory = tempfile.mkdtemp(prefix=str('hdfs-venv-'))
        local = os.path.join(directory, str('content'))

        def copy():
            self._fs.copyToLocalFile(False, path, self._path_class(_text(local)), True)
            return True

        try:
            if self._found('read', path, copy) is None:
                return None
            with io.open(local, 'rb') as content:
                return content.read()
        finally:
            shutil.rmtree(directory, ignore_errors=True)

    def release_numbers(self):
        """Release number -> file name. Never empty."""
        entries = self.entries(self.path('releases'))
        found = (re.match(r'(\d{6,})\.json\Z', name) for name in entries or ())
        numbers = {int(match.group(1)): match.group(0) for match in found if match}
        if numbers:
            return numbers
        if self.status(self._root) is None:
            what = 'there is no such directory on %s' % self._fs.getUri().toString()
        elif entries is None:
            what = 'it is not an environment of hdfs-venv: it has no directory releases'
        else:
            what = 'no release was published in it'
        hints = [
            'Publish one (hdfs-venv publish DIR ADDRESS), or correct ENV; `hdfs-venv releases ADDRESS` lists them.'
        ]
        raise ActivationError('ACTIVATE_NO_RELEASE', 'Cannot activate %s: %s' % (self.uri, what), hints, USAGE)

    def release(self, number, numbers):
        path = self.path('releases', numbers[number]) if number in numbers else None
        content = path and self.read(path)
        if content is None:
            known = ', '.join(str(known) for known in sorted(numbers)[-10:])
            what = 'it has %s' % known if path is None else 'it was removed just now'
            message = 'Cannot activate release %d of %s: %s' % (number, self.uri, what)
            raise ActivationError('ACTIVATE_NO_RELEASE', message, exit_code=USAGE)
        return Release(number, _parse_json(content, self.uri_of(path)), self.uri_of(path))

    def file_list(self, release):
        """Path -> sha256 of every file of a release, from the list whose own sha256 is the release's digest."""
        path = self.path(*release.list_path.split('/'))
        content = self.read(path)
        if content is None:
            raise _incomplete(self, release, 'the file list %s is not there' % release.list_path)
        digest = _text(hashlib.sha256(content).hexdigest())
        if digest != release.digest:
            message = 'Cannot activate %s: its file list %s hashes to %s, the release says %s'
            raise _untrusted(message % (self.uri, self.uri_of(path), digest, release.digest))
        return {entry['path']: entry['sha256'] for entry in _parse_json(content, self.uri_of(path))['files']}


class Release(object):
    """What a job needs of `releases/NNNNNN.json`, checked: nothing in it leads out of the environment's directory."""

    def __init__(self, number, document, origin):
        known = ('tree', 'tar')
        if not isinstance(document, dict) or document.get('schemaVersion') != 1 or document.get('layout') not in known:
            version, layout = (
                (document.get('schemaVersion'), document.get('layout')) if isinstance(document, dict) else (None, None)
            )
            message = (
                'Cannot read %s: made by a newer hdfs-venv: schema version %s and layout %s; known: 1, tree and tar'
            )
            hints = ['Start the job with the activate_env.py that this release names: hdfs-venv show ADDRESS']
            raise ActivationError('ACTIVATE_RELEASE_NEWER', message % (origin, version, layout), hints, INTEGRITY)
        self.number = number
        self.document = document
        try:
            self.digest = _matching(r'[0-9a-f]{64}\Z', document['digest'])
            self.layout = document['layout']
            #: The directory that holds the files, or the archives that do.
            self.tree = _relative(document['tree']) if self.layout == 'tree' else None
            self.layers = [] if self.layout == 'tree' else [_relative(layer['path']) for layer in document['layers']]
            self.places = [self.tree] if self.layout == 'tree' else self.layers
            if not self.places:
                raise ValueError('it has no archives')
            self.list_path = _relative(document['list']['path'])
            self.bootstrap_path = _relative(document['bootstrap']['path']) if 'bootstrap' in document else None
            self.entries = [
                (_segment(entry['name']), _matching(r'(file|directory)\Z', entry['type']))
                for entry in document['topLevel']
            ]
            self.python = _matching(r'\d+\.\d+', document['target']['python'])
            self.abi = document['target']['abi']
            self.provided = [(entry['name'], list(entry['requirements'])) for entry in document['provided']]
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            raise _untrusted('Cannot read %s: it is not a release (%s: %s)' % (origin, type(error).__name__, error))
        self.module_names = [name for name in (_module_name(*entry) for entry in self.entries) if name]


def _choose_release(environment, marker, number, pin):
    """The release to activate, and the highest number there is (None when that does not matter any more)."""
    if marker is not None and marker['env'] != environment.uri:
        message = 'Cannot activate %s: this SparkContext already has release %d of %s'
        hints = ['Two environments would overwrite each other on the executors: stop this SparkContext first.']
        raise ActivationError(
            'ACTIVATE_OTHER_ENVIRONMENT', message % (environment.uri, marker['release'], marker['env']), hints, CONFLICT
        )
    numbers = environment.release_numbers()
    active = marker and Release(marker['release'], marker['document'], MARKER)
    number = _release_number(number)
    if number is None and active and pin in (None, active.digest):
        return active, max(numbers)
    if number is not None:
        chosen = environment.release(number, numbers)
        if pin not in (None, chosen.digest):
            message = 'Cannot activate release %d of %s: its digest is %s, the pinned one is %s'
            raise _untrusted(message % (number, environment.uri, chosen.digest, pin))
    elif pin is not None:
        newest_first = (environment.release(known, numbers) for known in sorted(numbers, reverse=True))
        chosen = next((release for release in newest_first if release.digest == pin), None)
        if chosen is None:
            raise _untrusted(
                'Cannot activate %s: none of its %d releases has the pinned digest %s'
                % (environment.uri, len(numbers), pin)
            )
    else:
        chosen = environment.release(max(numbers), numbers)
    if not active:
        return chosen, None
    if (active.digest, active.places) != (chosen.digest, chosen.places):
        message = 'Cannot activate release %d of %s: this SparkContext already has release %d'
        hints = [
            'Executors keep what they have loaded: stop this SparkContext (restart the session), then activate again.'
        ]
        raise ActivationError(
            'ACTIVATE_OTHER_RELEASE', message % (chosen.number, environment.uri, active.number), hints, CONFLICT
        )
    return active, None


def _read_marker(context):
    """What an earlier call, of this or of another Python process, activated in this SparkContext."""
    text = context._jsc.sc().conf().get(MARKER, '')
    return json.loads(text) if text else None


def _write_marker(context, environment, release, state):
    """Says how far a release got: 'adding', 'added', 'complete' (checked), or 'verified' (every file was hashed)."""
    kept = (
        'schemaVersion',
        'layout',
        'digest',
        'tree',
        'layers',
        'list',
        'bootstrap',
        'topLevel',
        'target',
        'provided',
    )
    document = {key: release.document[key] for key in kept if key in release.document}
    marker = {'env': environment.uri, 'release': release.number, 'document': document, 'state': state}
    context._jsc.sc().conf().set(MARKER, json.dumps(marker))


# ---- What is refused before anything is added ------------------------------------------------------------------------


def _compare_python(release):
    """Compares this driver's Python with the release's target: extension modules load in one minor version only."""
    target = '.'.join(release.python.split('.')[:2])
    running = '%d.%d' % sys.version_info[:2]
    if running != target:
        raise _wrong_python('this driver runs Python %s (%s)' % (_python_version(), _text(sys.executable)), release)
    wide = sys.maxunicode > 0xFFFF
    if release.abi in ('cp27m', 'cp27mu') and wide != (release.abi == 'cp27mu'):
        abi = 'cp27mu' if wide else 'cp27m'
        raise _wrong_python(
            'this driver runs Python %s with ABI %s (%s)' % (_python_version(), abi, _text(sys.executable)), release
        )


def _wrong_python(running, release):
    message = 'Cannot use release %d: it is made for Python %s (%s), but %s' % (
        release.number,
        release.python,
        release.abi,
        running,
    )
    settings = [
        '%s is %s' % (name, _text(os.environ.get(name, 'not set')))
        for name in ('PYSPARK_PYTHON', 'PYSPARK_DRIVER_PYTHON')
    ]
    hints = [
        'Set PYSPARK_PYTHON to a Python %s for driver and executors: --conf spark.pyspark.python=PATH; on YARN in '
        'cluster mode also --conf spark.yarn.appMasterEnv.PYSPARK_PYTHON=PATH. Now %s.'
        % ('.'.join(release.python.split('.')[:2]), ', '.join(settings)),
        'Or build the environment for the Python that is there: hdfs-venv build --python X.Y',
    ]
    return ActivationError('ACTIVATE_PYTHON', message, hints, USAGE)


def _refuse_local_directories(context, environment, release):
    """Spark adds a directory of the driver's disk in local mode only: executors elsewhere could not read it."""
    if (
        environment.scheme == 'file'
        and not _is_local(context)
        and release.layout == 'tree'
        and any(kind == 'directory' for _, kind in release.entries)
    ):
        message = 'Cannot activate %s with master %s: executors do not see the disk of the driver'
        hints = ['Publish to HDFS and name ENV as hdfs://...; an environment on a disk works with --master local[*].']
        raise ActivationError('ACTIVATE_LOCAL_DIRECTORY', message % (environment.uri, context.master), hints, USAGE)


def _refuse_shared_writable(environment, release, allowed, result):
    """Refuses an environment whose files anybody can change, and warns where some can.

    Whoever can write a directory can rename what is in it. The sticky bit keeps others from renaming a directory, so an
    ancestor like /tmp is worth a warning only. Under Ranger or Sentry the bits are not the whole truth.
    """
    if environment.scheme not in SCHEMES_WITH_PERMISSIONS:
        result.not_checked.append(
            _native('who can write to the environment: %s:// has no permissions to go by' % environment.scheme)
        )
        return
    problems = []
    for path in _paths_of(environment, release):
        status = environment.status(path)
        mode = status.getPermission().toShort() if status is not None else 0
        if mode & OTHERS_WRITE:
            problems.append('%s (mode %o; chmod o-w)' % (environment.uri_of(path), mode))
        elif mode & GROUP_WRITES:
            result.warn('group %s can change %s (mode %o)' % (_text(status.getGroup()), environment.uri_of(path), mode))
    ancestor = environment.path().getParent()
    while ancestor is not None:
        status = environment.status(ancestor)
        mode = status.getPermission().toShort() if status is not None else 0
        if mode & OTHERS_WRITE and not mode & STICKY:
            problems.append('%s (mode %o; chmod o-w or +t)' % (environment.uri_of(ancestor), mode))
        elif mode & OTHERS_WRITE:
            result.warn(
                'everybody can make files in %s (mode %o), above the environment' % (environment.uri_of(ancestor), mode)
            )
        ancestor = ancestor.getParent()
    if release.layout == 'tree':
        result.not_checked.append(
            _native('who can write below the top level of %s: that takes one call for each directory' % release.tree)
        )
    if problems and allowed:
        result.warn('everybody can change %s: allowed by --allow-shared-writable' % ', '.join(problems))
    elif problems:
        message = 'Cannot trust %s: everybody can change %s' % (environment.uri, ', '.join(problems))
        hints = [
            'hdfs dfs -chmod as shown, or --allow-shared-writable (allow_shared_writable=True) to go on regardless.'
        ]
        raise ActivationError('ACTIVATE_SHARED_WRITABLE', message, hints, PERMISSION)


def _paths_of(environment, release):
    """What must not be writable: what a release names and the way down to it, and the tree's top-level entries."""
    named = ['activate_env.py', 'releases/%06d.json' % release.number, release.list_path] + release.places
    if release.bootstrap_path is not None:
        named.append(release.bootstrap_path)
    if release.layout == 'tree':
        named += ['%s/%s' % (release.tree, name) for name, _ in release.entries]
    steps = [path.split('/') for path in named]
    ways = {tuple(names[:depth]) for names in steps for depth in range(len(names) + 1)}
    return [environment.path(*way) for way in sorted(ways)]


def _compare_provided(context, release, result):
    """Warns when a package that the cluster brings is not the version that the environment asks for."""
    for name, requirements in release.provided:
        version = _text(context.version) if name == 'pyspark' else _installed_version(name)
        for requirement in requirements:
            if version is not None and _contradicts(requirement, version):
                result.warn(
                    'the environment was built for %s, and the cluster has %s %s' % (requirement, name, version)
                )


def _installed_version(name):
    """The version that an importable package says of itself; None when it says none."""
    try:
        module = importlib.import_module(str(name.replace('-', '_')))
        version = getattr(module, '__version__', None)
        if version is None:  # py4j
            version = importlib.import_module(str(name.replace('-', '_') + '.version')).__version__
    except (ImportError, AttributeError):
        return None
    return _text(version)


def _contradicts(requirement, version):
    """Whether a version is certainly outside a requirement such as `pyspark>=3.3,<4`. Unknown operators do not count.

    Vendors append numbers (2.4.0.7.1.7.0-551, 2.4.0-cdh6.3.2): the first three count.
    """
    have = _numbers(version)[:3]
    specifiers = re.sub(r'^\s*[A-Za-z0-9._-]+\s*(\[[^]]*\])?', '', requirement.split(';')[0]).strip(' ()')
    for operator, wanted, wildcard in re.findall(r'(===|[=!~<>]=|<|>)\s*([0-9]+(?:\.[0-9]+)*)(\.\*)?', specifiers):
        want = _numbers(wanted)
        width = max(len(have), len(want))
        left, right = (numbers + [0] * (width - len(numbers)) for numbers in (have, want))
        is_prefix = left[: len(want)] == want
        is_met = {
            '==': is_prefix if wildcard else left == right,
            '===': left == right,
            '!=': not is_prefix if wildcard else left != right,
            '~=': left >= right and left[: len(want) - 1] == want[:-1],
            '>=': left >= right,
            '<=': left <= right,
            '>': left > right,
            '<': left < right,
        }[operator]
        if not is_met:
            return True
    return False


def _numbers(version):
    """`3.5.9-amzn-0` -> [3, 5, 9]."""
    match = re.match(r'\d+(?:\.\d+)*', version)
    return [int(part) for part in match.group(0).split('.')] if match else []


# ---- Driver ----------------------------------------------------------------------------------------------------------


def _files_to_add(environment, release):
    """What Spark is to add, as (path, is a directory): archives, or the top-level entries of a tree; all are there."""
    if release.layout == 'tar':
        return [(_archive(environment, release, layer), False) for layer in release.layers]
    tree = release.tree.split('/')
    present = environment.entries(environment.path(*tree))
    if present is None:
        raise _incomplete(environment, release, 'the directory %s is not there' % release.tree)
    for name, kind in release.entries:
        status = present.get(name)
        if status is None or status.isDirectory() != (kind == 'directory'):
            raise _incomplete(environment, release, 'the %s %s is not there' % (kind, name))
        # An empty directory at the top makes every task of the application fail (SPARK-39103).
        if kind == 'directory' and not environment.entries(environment.path(*(tree + [name]))):
            raise _incomplete(environment, release, 'the directory %s is empty' % name)
    return [(environment.path(*(tree + [name])), kind == 'directory') for name, kind in release.entries]


def _archive(environment, release, layer):
    path = environment.path(*layer.split('/'))
    status = environment.status(path)
    if status is None or status.isDirectory():
        raise _incomplete(environment, release, 'the archive %s is not there' % layer)
    return path


def _add_files(context, environment, release, files):
    """Gives files to Spark: it copies them to the driver now and to executors later, and unpacks what is a .tar.gz."""
    _say(
        'adding %d %s of release %d of %s'
        % (len(files), 'archives' if release.layout == 'tar' else 'entries', release.number, environment.uri)
    )
    waiting = list(reversed(files))
    failures = []

    def work():
        while not failures:
            try:
                path, is_directory = waiting.pop()
            except IndexError:  # nothing is left
                return
            try:
                _add_file(context, path, environment.uri_of(path), is_directory)
            except Exception as error:
                failures.append(error)

    # Spark's table of added files takes one thread at a time before 2.1.
    if release.layout == 'tar' and _numbers(_text(context.version))[:2] >= [2, 1]:
        _run_in_threads(work, min(ADD_THREADS, len(files)), waiting)
    else:
        work()
    if failures:
        raise failures[0]


def _run_in_threads(work, count, waiting):
    """Runs `work` in threads until all have returned; an interruption (Ctrl-C) takes away what is `waiting`."""
    threads = [threading.Thread(target=work, name=str('hdfs-venv-add')) for _ in range(count)]
    try:
        for thread in threads:
            thread.daemon = True
            thread.start()
        for thread in threads:
            while thread.is_alive():
                thread.join(1)  # Python 2.7 hears no signal while it waits without a limit
    except BaseException:
        del waiting[:]
        raise


@contextlib.contextmanager
def _fetching_early(context, check):
    """Lets executors fetch while the driver still adds, and all of them at once: each begins with its first task only.

    Spark notes a path before it copies the file to the driver, so tasks that do nothing make the executors fetch what
    is noted already. They are Java's own: a Python daemon that starts now would not have the environment. After the
    last file they run beside the caller. What goes wrong here goes wrong in the check, too, and is explained there.
    """
    if check == 'none' or not _can_fetch_early(context):
        yield
        return
    is_over, all_are_added = threading.Event(), []

    def fetch():
        interval = FETCH_INTERVAL
        while True:
            is_over.wait(interval)
            interval *= 2
            is_last = is_over.is_set()
            if is_last and not all_are_added:
                return
            try:
                executors = _count_executors(context)
                if executors:  # Spark spreads tasks: each free executor gets one
                    context.setLocalProperty('spark.job.description', 'hdfs-venv: executors fetch the environment')
                    context._jsc.parallelize(list(range(executors)), executors).count()
            except Exception:
                return
            if is_last:
                return

    thread = threading.Thread(target=fetch, name=str('hdfs-venv-fetch'))
    thread.daemon = True
    thread.start()
    try:
        yield
        all_are_added.append(True)
    finally:
        is_over.set()


def _can_fetch_early(context):
    """Whether jobs of another thread disturb nobody.

    Only where each thread of Python has one of Java's (py4j's ClientServer, since Spark 3.2): else such a job could
    take the check's job group, or leave its own properties to the application.
    """
    if _is_local(context) or type(getattr(context, '_gateway', None)).__name__ != 'ClientServer':
        return False
    configuration = context._jsc.sc().conf()
    return all(_text(configuration.get(key, 'false')).lower() != 'true' for key in NO_EARLY_FETCH)


def _half_added(environment, release):
    """Spark notes a path before it copies the file, and copies nothing for a path that it has noted."""
    message = 'Cannot activate release %d of %s: an earlier attempt in this SparkContext did not add all of its files'
    hints = ['Spark adds a path only once: stop this SparkContext (restart the session), then activate again.']
    return ActivationError('ACTIVATE_HALF_ADDED', message % (release.number, environment.uri), hints, CONFLICT)


def _add_file(context, path, uri, is_directory):
    try:
        if not is_directory:
            context.addFile(uri)
        elif _numbers(_text(context.version))[:2] < [2, 1]:  # PySpark's addFile has no `recursive` before 2.1
            context._jsc.sc().addFile(uri, True)
        else:
            context.addFile(uri, recursive=True)
    except Exception as error:
        reason = _java_message(error)
        if reason is None:
            raise
        hints = ['Did the job get a file of the same name otherwise (--files, --archives, another addFile)?']
        if uri != _text(path.toString()):
            hints = ['Spark before 3.0 cannot add a path that needs escaping: name ENV without space, % and #.']
        if _lacks_tar(reason):
            hints = [NO_TAR]
        _, exit_code = _java_failure(reason)
        raise ActivationError('ACTIVATE_ADD_FILE', 'Cannot add %s: %s' % (uri, reason), hints, exit_code)


NO_TAR = 'There is no program tar, which Spark unpacks archives with: install it, or publish with --layout tree.'


def _lacks_tar(reason):
    """Whether Java says that it could not start tar."""
    return re.search(r'Cannot run program "tar"', reason) is not None


def _incomplete(environment, release, what):
    message = 'Cannot activate release %d of %s: it is not complete: %s' % (release.number, environment.uri, what)
    hints = ['`hdfs-venv verify ADDRESS` tells what is missing; publishing again adds a whole release.']
    return ActivationError('ACTIVATE_INCOMPLETE', message, hints, INTEGRITY)


def _set_worker_environment(context, release, root):
    """Gives later tasks a fresh Python daemon, which finds the environment when it starts.

    The daemon imports numpy with pyspark, and its workers are forks of it. `sc.environment` is part of the key by which
    Spark looks for a running daemon. On an executor the SparkFiles root is the daemon's working directory, so it is on
    its sys.path; in local mode the working directory is the driver's.
    """
    context.environment[ENVIRONMENT_VARIABLE] = release.digest
    if _is_local(context):
        paths = _text(context.environment.get('PYTHONPATH', '')).split(os.pathsep)
        others = [path for path in paths if path not in ('', root)]
        context.environment['PYTHONPATH'] = os.pathsep.join([root] + others)


def _put_first(root):
    """Spark has its root at sys.path[1]; the script's directory, or the notebook's, would win."""
    sys.path[:] = [root] + [entry for entry in sys.path if _text(entry) != _text(root)]
    if hasattr(importlib, 'invalidate_caches'):
        importlib.invalidate_caches()


def _look_at_driver(root, release):
    """Spark says of a path that it has noted before that it is added, whatever came of that."""
    names = [name for name, _ in release.entries]
    missing = [name for name in names if not os.path.exists(os.path.join(_local_path(root), _local_path(name)))]
    if missing:
        message = 'Cannot use release %d: on this driver %s is missing in %s' % (release.number, missing[0], root)
        hints = _locale_hints(missing[0]) or ['Stop this SparkContext (restart the session), then activate again.']
        raise ActivationError('ACTIVATE_DRIVER', message, hints)


def _verify_driver(root, release, files, is_new, result):
    """Compares every file on this driver with the release's file list, before anything was imported from there."""
    wrong = _make_comparison()(root, [name for name, _ in release.entries], files, not is_new)
    if wrong:
        raise _untrusted('Cannot trust release %d: on this driver %s' % (release.number, wrong), _locale_hints(wrong))
    result.checked.append(_native('files of the driver: %d files hash to %s' % (len(files), release.digest)))


def _make_disk_path():
    """The function that gives a path as the disk has it; sent as code, see _make_comparison."""

    def disk_path(path):
        """The bytes of a path: in the locale's encoding, or in UTF-8 where that lacks a letter.

        A YARN container usually has no LANG: then Python up to 3.6 knows ASCII names only, and takes others as bytes.
        """
        import sys

        if isinstance(path, bytes):
            return path
        errors = 'strict' if str is bytes else 'surrogateescape'
        try:
            return path.encode(sys.getfilesystemencoding() or 'ascii', errors)
        except UnicodeEncodeError:
            return path.encode('utf-8', errors)

    disk_path.__module__ = str('__main__')
    return disk_path


def _local_path(path):
    """A path as the `str` that this Python's os module and sys.path take."""
    raw = _make_disk_path()(path)
    return raw if str is bytes else os.fsdecode(raw)


def _make_comparison():
    """The function that compares a SparkFiles root with a file list.

    It is made here, and says that it belongs to __main__, so that Spark sends its code to the executors: they have no
    module activate_env.
    """
    disk_path = _make_disk_path()

    def compare(root, names, files, drop_bytecode):
        """The first difference as a text, None when there is none.

        Byte code that the release does not have was written by an import on this host, or planted: with `drop_bytecode`
        it is removed, so that Python compiles what was compared.
        """
        import errno
        import hashlib
        import io
        import os
        import sys

        def remove(path):
            try:
                os.remove(path)
            except OSError as error:
                if error.errno != errno.ENOENT:  # where there are no locks, another task may have been faster
                    raise

        def shown(path):
            path = os.path.relpath(path, root)
            try:
                text = path.decode('utf-8')
            except UnicodeDecodeError:
                text = path.decode(sys.getfilesystemencoding() or 'ascii', 'replace')
            return text.replace(os.sep, '/')

        root = disk_path(root)
        found = set()
        for name in names:
            top = os.path.join(root, disk_path(name))
            walk = os.walk(top) if os.path.isdir(top) else [(root, [], [top] if os.path.exists(top) else [])]
            for directory, _, members in walk:
                for member in members:
                    path = os.path.join(directory, member)
                    relative = shown(path)
                    if relative not in files:
                        is_bytecode = relative.endswith('.pyc') and (
                            '/__pycache__/' in relative or relative[:-1] in files
                        )
                        if drop_bytecode and is_bytecode:
                            remove(path)
                            continue
                        return '%s is not a file of the release' % relative
                    found.add(relative)
                    digest = hashlib.sha256()
                    with io.open(path, 'rb') as content:
                        for chunk in iter(lambda content=content: content.read(1 << 20), b''):
                            digest.update(chunk)
                    if digest.hexdigest() != files[relative]:
                        return '%s hashes to %s, the release says %s' % (relative, digest.hexdigest(), files[relative])
        missing = sorted(set(files) - found)
        return '%s is missing' % missing[0] if missing else None

    compare.__module__ = str('__main__')
    return compare


def _locale_hints(wrong):
    """Java writes `?` for a letter that its locale lacks."""
    if not re.search(r'[?]|[^\x00-\x7f]', wrong):
        return []
    return [
        'Names beyond ASCII need a UTF-8 locale where Spark starts its JVMs: --conf spark.executorEnv.LC_ALL='
        'en_US.UTF-8; on YARN in cluster mode also --conf spark.yarn.appMasterEnv.LC_ALL=en_US.UTF-8'
    ]


def _module_name(name, kind):
    """The module that a top-level entry makes importable; None for anything else (*.dist-info, data)."""
    stem = name if kind == 'directory' else name.split('.')[0]
    importable = kind == 'directory' or name.endswith(('.py', '.so', '.pyd'))
    return str(stem) if importable and re.match(r'[A-Za-z_]\w*\Z', stem) else None


def _take_over_imports(root, names, result):
    """Forgets what was imported from elsewhere before, so that the environment's own modules are imported instead.

    `import pyspark` imports numpy when the cluster's Python has one, long before the environment is there. While
    nothing but pyspark holds such a module it can be replaced; what the application itself has imported cannot.
    """
    strangers = _strangers(root, names)
    modules = {name: _modules_below(name) for name in strangers}
    holders = {}
    # A module that stays keeps what it uses: look again until nothing more has to stay.
    while True:
        free = set(strangers) - set(holders)
        found = {name: _holder_of(name, modules[name], free) for name in free}
        found = {name: holder for name, holder in found.items() if holder is not None}
        if not found:
            break
        holders.update(found)
    for name in sorted(holders):
        message = (
            '%s was imported from %s before the environment was active and is in use (by %s): the driver keeps it and '
            'does not use %s; activate first, import then'
        )
        own = _text(os.path.join(root, name))
        result.warn(message % (name, _text(strangers[name]), holders[name], own))
    for name in free:
        for key in modules[name]:
            del sys.modules[key]
    for name in sorted(free):
        _rebind_pyspark(name, modules[name])


def _modules_below(name):
    """A top-level module and the modules in it, as far as they are imported."""
    return {key: module for key, module in sys.modules.items() if key == name or key.startswith(name + '.')}


def _strangers(root, names):
    """Name -> place of the environment's top-level modules that are imported already, and not from `root`."""
    inside = os.path.realpath(root) + os.sep
    found = {}
    for name in names:
        module = sys.modules.get(name)
        if module is None:
            continue
        places = [getattr(module, '__file__', None)] + list(getattr(module, '__path__', ()))
        place = next((place for place in places if place), None)
        if place is None or not os.path.realpath(place).startswith(inside):
            found[name] = place or 'the interpreter'
    return found


def _holder_of(name, modules, free):
    """The name of a module that uses one of `modules`, or something made by them. Those that go too do not count."""
    if name in ('pyspark', 'py4j'):
        return name
    identities = {id(module) for module in modules.values() if module is not None}
    for key, module in list(sys.modules.items()):
        if key.split('.')[0] in ('pyspark', 'py4j') or key.split('.')[0] in free or key in modules:
            continue
        for value in list((getattr(module, '__dict__', None) or {}).values()):
            if id(value) in identities or _origin(value).split('.')[0] == name:
                return key
    return None


def _origin(value):
    """The module where a function or class, or the class of an object, was made."""
    origin = getattr(value if isinstance(value, (type, type(_origin))) else type(value), '__module__', None)
    return origin if isinstance(origin, str) else ''


def _rebind_pyspark(name, modules):
    """Gives pyspark's modules, which hold `np` and the like, the environment's module in place of the forgotten one."""
    names = {id(module): key for key, module in modules.items() if module is not None}
    for key, module in list(sys.modules.items()):
        if key.split('.')[0] != 'pyspark':
            continue
        for attribute, value in list((getattr(module, '__dict__', None) or {}).items()):
            try:
                if id(value) in names:
                    setattr(module, attribute, importlib.import_module(names[id(value)]))
                elif _origin(value).split('.')[0] == name:
                    setattr(module, attribute, getattr(importlib.import_module(name), value.__name__))
            except (ImportError, AttributeError):
                continue  # the other version has no such thing: pyspark keeps what it has


# ---- Executors -------------------------------------------------------------------------------------------------------


def _check_executors(context, release, files, check, timeout, result):
    """Asks executors whether they can use the environment, and writes down which were asked."""
    later = 'executors that join later: they read the same immutable files'
    if check == 'none':
        if _is_local(context):
            # Its tasks compare the source with the driver's own copy, where an import would have left byte code.
            context.parallelize([0], 1).count()
        result.not_checked += [str('executors: the check was switched off'), str(later)]
        return
    everyone = check == 'all' or files is not None
    answers, present = _ask_executors(context, release, files, everyone, timeout)
    for answer in answers:
        _judge(answer, release, result)
    result.executors = answers
    hashed = '' if files is None else ', %d files hash to %s' % (len(files), release.digest)
    for answer in answers:
        result.checked.append(
            _native('executor on %s: Python %s%s' % (_text(answer['host']), answer['python'], hashed))
        )
    missing = max(present, 1) - len(answers)
    if files is not None and missing > 0:
        message = 'Cannot trust release %d: %d of %d executors compared its files within %s seconds'
        hints = ['--check-timeout SECONDS waits longer; --check none compares the files on the driver only.']
        raise ActivationError(
            'ACTIVATE_CONTENT',
            message % (release.number, len(answers), missing + len(answers), timeout),
            hints,
            INTEGRITY,
        )
    if not answers:
        result.warn(
            'no executor answered within %s seconds: whether they can use the environment is not known' % timeout
        )
    if missing > 0:
        result.not_checked.append(_native('%d of %d executors' % (missing, missing + len(answers))))
    result.not_checked.append(str(later))


def _ask_executors(context, release, files, everyone, timeout):
    """Runs small tasks until one executor, or every one that is there, has answered, or the time is over.

    Returns the answers and the number of executors that were there at the end. An application's first job finds none:
    they come while it waits.
    """
    end = _clock() + timeout
    names = [name for name, _ in release.entries]
    task = _make_task(names, release.module_names, files, PAUSE if everyone else 0)
    answers, present = {}, _count_executors(context)
    while _clock() < end:
        # one task for each place that an executor has
        partitions = max(2 * present, context.defaultParallelism) if everyone else 1
        found = _run_job(context, release, task, partitions, end - _clock())
        if found is None:
            break
        for answer in found:
            if not answer['busy']:
                answers.setdefault((answer['host'], answer['root']), answer)
        present = _count_executors(context)
        if answers and (not everyone or len(answers) >= present):
            break
    return [answers[key] for key in sorted(answers)], present


def _count_executors(context):
    """Executors that are there now; Spark counts the driver too. In local mode there is nothing else."""
    return max(0, context._jsc.sc().getExecutorMemoryStatus().size() - 1)


def _run_job(context, release, task, partitions, timeout):
    """The answers of a job; None when there were none in time."""
    group, outcome = 'hdfs-venv-check', {}

    def run():
        # Before Spark 3.2 this thread may share its JVM thread with the caller: leave no job group behind.
        properties = ('spark.jobGroup.id', 'spark.job.description', 'spark.job.interruptOnCancel')
        before = [(key, context.getLocalProperty(key)) for key in properties]
        try:
            context.setJobGroup(group, 'hdfs-venv: can the executors use the environment?')
            outcome['answers'] = context.parallelize(list(range(partitions)), partitions).mapPartitions(task).collect()
        except Exception as error:
            outcome['error'] = error
        finally:
            for key, value in before:
                context.setLocalProperty(key, value)

    thread = threading.Thread(target=run, name=str(group))
    thread.daemon = True
    thread.start()
    thread.join(max(0.0, timeout))
    if thread.is_alive():
        context.cancelJobGroup(group)
        return None
    if 'error' in outcome:
        raise _explained_job_error(outcome['error'], context, release)
    return outcome['answers']


def _explained_job_error(error, context, release):
    """Spark itself refuses a worker of another Python before any task of ours can say so."""
    text = _text(str(error))
    versions = re.search(
        r'Python in worker has different version\D*(\d+\.\d+|\d+\D+\d+)\D+driver\D*(\d+\.\d+|\d+\D+\d+)', text
    )
    if versions:
        return _wrong_python('the executors run Python %s' % '.'.join(re.findall(r'\d+', versions.group(1))), release)
    reason = _java_message(error)
    if reason is None:
        return error
    causes = re.findall(r'(?m)^\s*(?:Caused by: )?([\w.]+(?:Exception|Error): .*)$', text)
    hints = ['The log of the executor tells more; on YARN: yarn logs -applicationId %s' % context.applicationId]
    if _lacks_tar(text):
        causes = [cause for cause in causes if _lacks_tar(cause)]
        hints = [NO_TAR]
    message = 'Cannot use release %d on the executors: %s' % (release.number, causes[-1] if causes else reason)
    return ActivationError('ACTIVATE_EXECUTOR', message, hints)


def _make_lock():
    """The function by which one task of an executor compares at a time; sent as code, see _make_comparison."""

    def lock(directory):
        """A descriptor whose closing ends the lock, as does the end of this process; None while another task has it.

        Spark kills a worker in the middle of its task: what stays on the disk would lock the executor for good.
        """
        import errno
        import os

        try:
            import fcntl
        except ImportError:  # Windows: tasks compare at the same time
            return os.open(os.devnull, os.O_RDONLY)
        descriptor = os.open(directory, os.O_RDONLY)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except (IOError, OSError) as error:
            if error.errno in (errno.EAGAIN, errno.EACCES):
                os.close(descriptor)
                return None
            # any other error: a file system without locks, where tasks compare at the same time
        return descriptor

    lock.__module__ = str('__main__')
    return lock


def _make_task(names, module_names, files, pause):
    """What a task does on an executor; sent as code, see _make_comparison."""
    compare, disk_path, lock = _make_comparison(), _make_disk_path(), _make_lock()

    def look(_):
        import os
        import socket
        import sys
        import time

        from pyspark import SparkFiles

        root = os.path.realpath(disk_path(SparkFiles.getRootDirectory()))  # '.' on executors
        path = [disk_path(entry or '.') for entry in sys.path if isinstance(entry, (bytes, type('')))]
        answer = {
            'host': socket.gethostname(),
            'python': '%d.%d.%d' % sys.version_info[:3],
            'wide': sys.maxunicode > 0xFFFF,
            'executable': sys.executable,
            'root': root.decode('utf-8', 'replace'),
            'on_path': root in [os.path.realpath(entry) for entry in path],
            'missing': [name for name in names if not os.path.exists(os.path.join(root, disk_path(name)))],
            'strangers': [],
            'wrong': None,
            'busy': False,
        }
        for name in module_names:
            place = getattr(sys.modules.get(name), '__file__', None)
            if place and not os.path.realpath(disk_path(place)).startswith(os.path.join(root, b'')):
                answer['strangers'].append((name, place))
        if files is not None:
            turn = lock(root)
            if turn is None:
                answer['busy'] = True
            else:
                try:
                    answer['wrong'] = compare(root, names, files, True)
                finally:
                    os.close(turn)
        time.sleep(pause)
        yield answer

    look.__module__ = str('__main__')
    return look


def _judge(answer, release, result):
    """Raises or warns for what an executor said of itself."""
    host = 'executor on %s' % _text(answer['host'])
    is_wide_abi = {'cp27m': False, 'cp27mu': True}.get(release.abi, answer['wide'])
    if answer['python'].split('.')[:2] != release.python.split('.')[:2] or answer['wide'] != is_wide_abi:
        running = 'the %s runs Python %s (%s)' % (host, answer['python'], _text(answer['executable']))
        raise _wrong_python(running, release)
    if answer['wrong']:
        message = 'Cannot trust release %d: on %s %s' % (release.number, host, answer['wrong'])
        raise _untrusted(message, _locale_hints(answer['wrong']))
    if answer['missing'] or not answer['on_path']:
        what = (
            '%s is missing in %s' % (answer['missing'][0], answer['root'])
            if answer['missing']
            else '%s is not on sys.path' % answer['root']
        )
        message = 'Cannot use release %d: on %s %s' % (release.number, host, what)
        raise ActivationError('ACTIVATE_EXECUTOR', message, _locale_hints(' '.join(answer['missing'])))
    for name, place in answer['strangers']:
        result.warn('the %s has imported %s from %s, not from the environment' % (host, name, _text(place)))


# ---- The program -----------------------------------------------------------------------------------------------------


class Command(object):
    """The command line: options, ENV, and an application with its arguments, which are not ours to read."""

    def __init__(self, arguments):
        self.options = {}
        self.env = self.module = self.function = self.script = None
        rest = [_text(argument) for argument in arguments]
        while rest and (rest[0].startswith('--') or self.env is None):
            word = rest.pop(0)
            if word in ('-h', '--help'):
                print(_native(__doc__))
                raise SystemExit(0)
            if word.startswith('-'):
                self._read_option(word, rest)
            elif word:
                self.env = word
            else:
                raise _usage('ENV is empty')
        # before anything is started
        _validated_pin(self.options.get('digest'))
        if self.env is None or not rest:
            raise _usage('%s is missing' % ('ENV' if self.env is None else 'the application after ENV'))
        is_module = rest[0] == '-m'
        if is_module:
            rest.pop(0)
        if not rest:
            raise _usage('MODULE is missing after -m')
        application, self.arguments = rest[0], rest[1:]
        match = re.match(r'([A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*)(?::([A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*))?\Z', application)
        if not is_module and ('/' in application or application.endswith('.py')):
            self.script = application
        elif match and not (is_module and match.group(2)):
            self.module, self.function = match.groups()
        else:
            raise _usage('%s is neither MODULE, MODULE:FUNCTION nor a SCRIPT.py' % application)

    def _read_option(self, word, rest):
        name, equals, value = word.partition('=')
        if name == '--allow-shared-writable' and not equals:
            self.options['allow_shared_writable'] = True
            return
        if name not in ('--release', '--digest', '--check', '--check-timeout'):
            raise _usage('there is no option %s' % name)
        if not equals:
            if not rest:
                raise _usage('%s needs a value' % name)
            value = rest.pop(0)
        if name == '--check-timeout':
            if not re.match(r'\d+(\.\d+)?\Z', value):
                raise _usage('--check-timeout is a number of seconds, not %s' % value)
            value = float(value)
        elif name == '--release':
            value = _release_number(value)
        elif name == '--check':
            _validated_check(value)
        self.options[str(name[2:].replace('-', '_'))] = value

    @property
    def name(self):
        """For people: what the application is called."""
        return self.module or self.script.split('/')[-1]


def _usage(problem):
    hints = [
        'activate_env.py [options] ENV MODULE[:FUNCTION] | -m MODULE | SCRIPT.py [argument ...]',
        'activate_env.py --help',
    ]
    return ActivationError('ACTIVATE_USAGE', 'Cannot understand the command line: ' + problem, hints, USAGE)


def main(arguments):
    """Activates, then becomes the application. Only errors of our own are turned into a message and an exit code."""
    global _stderr
    try:
        command = Command(arguments)
        context = _make_context(command)
        _stderr = _JavaStderr(context)
        result = activate(context, command.env, **command.options)
        checked = ', '.join(_text(line).split(':')[0] for line in result.checked)
        _say('%s; checked: %s' % (_text(repr(result)).split('\n')[0], checked))
        run = _prepare(command, context)
    except ActivationError as error:
        _say(str(error))
        sys.exit(error.exit_code)
    run()


def _make_context(command):
    """A SparkContext that bears the application's name: spark-submit calls it after this file unless told otherwise."""
    start = 'Start this file by spark-submit (or Livy, Oozie, Airflow), where Spark is.'
    try:
        from pyspark import SparkConf, SparkContext
    except ImportError as error:
        message = 'Cannot import pyspark with %s (Python %s): %s'
        message %= (_text(sys.executable), _python_version(), _text(str(error)))
        raise ActivationError('ACTIVATE_NO_PYSPARK', message, [start], USAGE)
    try:
        SparkContext._ensure_initialized()
    except Exception as error:  # PySpark's own is of no narrower class before 3.4
        message = 'Cannot start Spark: %s' % (_java_message(error) or _text(str(error)).split('\n')[0])
        java = 'Spark needs Java; JAVA_HOME is %s.' % _text(os.environ.get('JAVA_HOME', 'not set'))
        raise ActivationError('ACTIVATE_NO_SPARK', message, [start, java])
    configuration = SparkConf()
    if configuration.get('spark.app.name', None) in (None, 'activate_env.py'):
        configuration.setAppName(command.name)
    return SparkContext.getOrCreate(configuration)


def _prepare(command, context):
    """The application as a function of no arguments: found, named in sys.argv, not yet running."""
    sys.argv[1:] = [_native(argument) for argument in command.arguments]
    if command.script is not None:
        path = _local_script(command.script, context)
        sys.path.insert(1, os.path.dirname(os.path.abspath(path)))
        sys.argv[0] = path
        return lambda: runpy.run_path(path, run_name=str('__main__'))
    module = str(command.module)
    found = _find_module(module)
    if command.function is None:
        is_package = getattr(found, 'submodule_search_locations', None) is not None or (
            hasattr(found, 'is_package') and found.is_package(module)
        )
        if is_package and _find_module(module + str('.__main__'), required=False) is None:
            message = 'Cannot run %s: it is a package without a module __main__' % module
            raise ActivationError(
                'ACTIVATE_APPLICATION', message, ['Name a function (%s:main) or a module in it.' % module], USAGE
            )
        return lambda: runpy.run_module(module, run_name=str('__main__'), alter_sys=True)
    return lambda: _call(module, command.function)


def _find_module(name, required=True):
    """What Python's import system knows of a module, which is not imported (the packages around it are)."""
    try:
        found = find_spec(name)
    except ImportError as error:
        missing = getattr(error, 'name', None)
        if missing is not None and name != missing and not name.startswith(missing + '.'):
            raise  # the application's own package lacks something
        if missing is None and find_spec(name.split('.')[0]) is not None:  # Python 2.7 does not say which
            raise
        found = None
    if found is None and required:
        hints = ['`hdfs-venv show ADDRESS` lists what the environment holds; a file is run as SCRIPT.py.']
        raise ActivationError('ACTIVATE_APPLICATION', 'Cannot run %s: there is no such module' % name, hints, USAGE)
    return found


def _call(module, function):
    """Calls the function as a console script would, except that only an int is an exit code."""
    target = importlib.import_module(module)
    sys.argv[0] = str(getattr(target, '__file__', None) or module)
    for name in function.split('.'):
        if not hasattr(target, name):
            _say(
                str(
                    ActivationError(
                        'ACTIVATE_APPLICATION', 'Cannot run %s:%s: there is no %s' % (module, function, name)
                    )
                )
            )
            sys.exit(USAGE)
        target = getattr(target, name)
    code = target()
    if isinstance(code, int) and not isinstance(code, bool):
        sys.exit(code)


def _local_script(script, context):
    """The script as a file of this host."""
    local = _local_path(script)
    if '://' not in script and not script.startswith(('/', 'file:', 'hdfs:')) and os.path.isfile(local):
        return local
    source = Environment(context, script)
    status = source.status(source.path())
    content = None if status is None or status.isDirectory() else source.read(source.path())
    if content is None:
        hints = [
            'A path without a scheme is on the default file system; a file of this host is file://%s'
            % _text(os.path.abspath(local))
        ]
        raise ActivationError('ACTIVATE_APPLICATION', 'Cannot run %s: there is no such file' % source.uri, hints, USAGE)
    # Kept until the process ends: a traceback shows lines of it.
    directory = tempfile.mkdtemp(prefix=str('hdfs-venv-'))
    atexit.register(shutil.rmtree, directory, True)
    path = os.path.join(directory, _local_path(_text(source.path().getName())))
    with io.open(path, 'wb') as copy:
        copy.write(content)
    return path


# ---- Small things ----------------------------------------------------------------------------------------------------


def _context_of(sc_or_spark):
    """The SparkContext of what a user has at hand."""
    kind = type(sc_or_spark)
    if kind.__module__.startswith('pyspark.sql.connect'):
        hints = ['Spark Connect takes an archive: spark.addArtifact("environment.tar.gz#environment", archive=True).']
        raise ActivationError(
            'ACTIVATE_CONNECT', 'Cannot activate in a Spark Connect session: it has no SparkContext', hints, USAGE
        )
    context = getattr(sc_or_spark, 'sparkContext', sc_or_spark)
    if getattr(context, '_jsc', None) is None:
        message = 'Cannot activate: a running SparkContext or SparkSession is needed, not %s' % kind.__name__
        raise ActivationError(
            'ACTIVATE_USAGE', message, ['activate(spark, ENV); a stopped SparkContext does not do.'], USAGE
        )
    return context


def _is_local(context):
    """Whether driver and executor are one process, with one SparkFiles root."""
    return context.master == 'local' or context.master.startswith('local[')


def _release_number(value):
    """7, '7' and '000007' -> 7."""
    if value is None:
        return None
    if not re.match(r'\d+\Z', '%s' % (value,)):
        raise ActivationError(
            'ACTIVATE_USAGE', 'Cannot activate release %s: a release is a number' % (value,), exit_code=USAGE
        )
    return int(value)


def _validated_check(check):
    if check not in ('none', 'one', 'all'):
        message = "Cannot check '%s': check is 'none', 'one' or 'all'" % (check,)
        raise ActivationError('ACTIVATE_USAGE', message, exit_code=USAGE)


def _validated_pin(digest):
    if digest is not None and PINNED_DIGEST is not None and digest != PINNED_DIGEST:
        message = 'Cannot activate the digest %s: this activate_env.py is pinned to %s' % (digest, PINNED_DIGEST)
        raise ActivationError('ACTIVATE_USAGE', message, exit_code=USAGE)
    pin = digest or PINNED_DIGEST
    if pin is not None and not re.match(r'[0-9a-f]{64}\Z', pin):
        raise ActivationError(
            'ACTIVATE_USAGE', 'Cannot activate the digest %s: 64 hexadecimal digits are needed' % pin, exit_code=USAGE
        )
    return pin


def _parse_json(content, origin):
    try:
        return json.loads(content.decode('utf-8'))
    except ValueError as error:
        raise _untrusted('Cannot read %s: it is not JSON (%s)' % (origin, error))


def _untrusted(message, hints=()):
    hints = list(hints) + ['`hdfs-venv verify ADDRESS` compares what is there with what was published.']
    return ActivationError('ACTIVATE_CONTENT', message, hints, INTEGRITY)


def _segment(name):
    """A name that stays in its directory, in Hadoop's eyes as in the local disk's."""
    if not re.match(r'[^/\\:\x00-\x1f\x7f]+\Z', name) or name in ('.', '..'):
        raise ValueError('%r is not a file name' % name)
    return name


def _relative(path):
    return '/'.join(_segment(name) for name in path.split('/'))


def _matching(pattern, value):
    if not re.match(pattern, value):
        raise ValueError('%r is not of the form %s' % (value, pattern))
    return value


_clock = getattr(time, 'monotonic', time.time)


def _python_version():
    return '%d.%d.%d' % sys.version_info[:3]


@contextlib.contextmanager
def _explaining(doing):
    """Turns what Java throws into an error of one line."""
    try:
        yield
    except Exception as error:
        reason = _java_message(error)
        if reason is None:
            raise
        code, exit_code = _java_failure(reason)
        hints = []
        if code == 'ACTIVATE_ADDRESS':
            hints = ['A path is hdfs://NAMESERVICE/DIRECTORY, or /DIRECTORY on the default file system of the job.']
        raise ActivationError(code, 'Cannot %s: %s' % (doing, reason), hints, exit_code)


def _java_failure(reason):
    """Code and exit code for `class: message` of a Java exception."""
    return next(row[1:] for row in JAVA_FAILURES if re.search(row[0], reason))


def _java_class(error):
    """The class of the Java exception behind a Python one, '' when there is none."""
    exception = getattr(error, 'java_exception', None)
    return '' if exception is None else _text(exception.getClass().getName())


def _java_message(error):
    """The first line of the Java exception behind a Python one; None when there is none."""
    exception = getattr(error, 'java_exception', None)
    return None if exception is None else _text(exception.toString()).split('\n')[0]


def _text(value):
    """Any string as text: the bytes of Python 2, and what Python 3 makes of UTF-8 arguments under an ASCII locale."""
    if isinstance(value, bytes):
        return value.decode('utf-8', 'replace')
    if str is not bytes and isinstance(value, str):
        return value.encode('utf-8', 'surrogateescape').decode('utf-8', 'replace')
    return '%s' % (value,)


def _native(value):
    """Text as the `str` of this Python."""
    text = _text(value)
    return text.encode('utf-8') if str is bytes else text


class _JavaStderr(object):
    """The JVM's stderr. spark-submit sends what a Python program writes to stderr to its own stdout."""

    def __init__(self, context):
        self._stream = context._jvm.java.lang.System.err

    def write(self, text):
        self._stream.print(_text(text))

    def flush(self):
        self._stream.flush()


# Where messages go; None is sys.stderr, which a notebook shows.
_stderr = None


def _say(text):
    """One message on stderr: stdout is the application's."""
    lines = _text(text).split('\n')
    message = '\n'.join(['activate_env.py: ' + lines[0]] + lines[1:]) + '\n'
    stream = _stderr or sys.stderr
    stream.write(_native(message))
    stream.flush()


if __name__ == '__main__':
    main(sys.argv[1:])
