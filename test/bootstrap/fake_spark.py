"""A SparkContext over the file system of fake_hadoop.py: enough of both for activate_env.py.

What happens is written to `Spark.events`, in order.
"""

from __future__ import absolute_import, unicode_literals

import hashlib
import io
import json
import os
import re
import shutil
import sys
import tarfile
import tempfile
import threading
import types

from fake_executor import Executor, fetch
from fake_hadoop import JavaError, Path, Value, from_disk, on_disk

BOOTSTRAP = 'bootstrap/' + 'b' * 12
RUNNING = '%d.%d.%d' % sys.version_info[:3]


class Configuration(object):
    """org.apache.spark.SparkConf."""

    def __init__(self):
        self.settings = {}

    def get(self, key, default):
        return self.settings.get(key, default)

    def set(self, key, value):
        self.settings[key] = value


class Spark(object):
    """What a test arranges and looks at; `context` is what activate() is given."""

    def __init__(self, executors=1, prefix='fake-spark-'):
        self.temporary = tempfile.gettempdir()
        self.base = from_disk(tempfile.mkdtemp(prefix=on_disk(prefix)))
        self.root = os.path.join(self.base, 'driver')
        os.mkdir(on_disk(self.root))
        self.default_file_system = 'hdfs://nn'
        self.modes, self.events = {}, []
        #: (method, path) -> the JavaError that it throws.
        self.failures = {}
        self.seconds = 0
        self.is_over = threading.Event()
        self.executors = [Executor(self, number) for number in range(executors)]
        self.added = []
        #: URIs that Spark has noted: it copies a file after that, and never again.
        self.noted = set()
        #: Called in the thread that adds, with the URI.
        self.on_add = lambda uri: None
        #: Called in the thread that makes executors fetch.
        self.on_fetch = lambda: None
        self.module_names = {'pyspark'}
        self.hadoop_configuration = object()
        self.jvm_configuration = Configuration()
        self.context = self.new_context()

    def new_context(self):
        """Another Python process on the same SparkContext of the JVM."""
        return Context(self)

    def fail(self, method, path):
        error = self.failures.get((method, path.path))
        if error is not None:
            raise error

    def file(self, path):
        """The local place of an absolute HDFS path."""
        return on_disk(self.base + '/hdfs' + path)

    def write(self, path, content):
        local = self.file(path)
        if not os.path.isdir(os.path.dirname(local)):
            os.makedirs(os.path.dirname(local))
        with io.open(local, 'w', encoding='utf-8') as stream:
            stream.write(content)

    def publish(self, env, files, number=1, **changes):
        """Writes one release; `changes` replace fields of it. Returns its digest."""
        digests = {path: hashlib.sha256(content.encode('utf-8')).hexdigest() for path, content in files.items()}
        listed = [{'path': path, 'sha256': digests[path]} for path in sorted(files)]
        content = json.dumps({'schemaVersion': 1, 'files': listed})
        digest = hashlib.sha256(content.encode('utf-8')).hexdigest()
        tree = 'trees/%s-attempt' % digest[:12]
        for path, text in files.items():
            self.write('%s/%s/%s' % (env, tree, path), text)
        self.write('%s/lists/%s.json' % (env, digest[:12]), '%s' % content)
        for directory in (env, '%s/%s' % (env, BOOTSTRAP)):
            self.write(directory + '/activate_env.py', '')
        names = sorted({path.split('/')[0] for path in files})
        self.module_names.update(name.split('.')[0] for name in names)
        release = {
            'schemaVersion': 1,
            'digest': digest,
            'layout': 'tree',
            'tree': tree,
            'bootstrap': {'path': BOOTSTRAP + '/activate_env.py', 'sha256': 'b' * 64},
            'list': {'path': 'lists/%s.json' % digest[:12], 'sha256': digest, 'size': len(content)},
            'target': {'python': RUNNING, 'abi': 'none', 'platforms': [], 'profile': None},
            'provided': [],
            'topLevel': [{'name': name, 'type': 'file' if name in files else 'directory'} for name in names],
        }
        release.update(changes)
        self.write('%s/releases/%06d.json' % (env, number), '%s' % json.dumps(release))
        return digest

    def publish_layers(self, env, files, number=1, **changes):
        """The same with one archive for each top-level name. Returns the digest."""
        digest = self.publish(env, files, number)
        layers = []
        for name in sorted({path.split('/')[0] for path in files}):
            path = 'layers/%s-1.0-%s.tar.gz' % (name.split('.')[0], digest[:12])
            self.write('%s/%s' % (env, path), '')
            with tarfile.open(self.file('%s/%s' % (env, path)), 'w:gz') as archive:
                archive.add(self.file('%s/trees/%s-attempt/%s' % (env, digest[:12], name)), on_disk(name))
            layers.append({'path': path, 'sha256': 'c' * 64, 'size': 1, 'hdfsChecksum': 'd' * 32})
        shutil.rmtree(self.file(env + '/trees'))
        with io.open(self.file('%s/releases/%06d.json' % (env, number)), encoding='utf-8') as stream:
            release = json.load(stream)
        del release['tree']
        release.update({'layout': 'tar', 'layers': layers}, **changes)
        self.write('%s/releases/%06d.json' % (env, number), '%s' % json.dumps(release))
        return digest

    def add(self, uri, recursive):
        self.events.append(('addFile', uri, recursive))
        path = re.sub(r'%(..)', lambda match: chr(int(match.group(1), 16)), uri)
        local = Path(self, path).local
        if not os.path.exists(local):
            raise JavaError('java.io.FileNotFoundException', uri)
        if os.path.isdir(local) and not recursive:
            raise JavaError('org.apache.spark.SparkException', 'is a directory and recursive is not turned on')
        if uri in self.noted:
            return
        self.noted.add(uri)
        self.on_add(uri)
        self.fail('addFile', Path(self, path))
        self.added.append(local)
        fetch(local, on_disk(self.root))

    def remove(self):
        self.is_over.set()
        for thread in threading.enumerate():
            if thread.name in ('hdfs-venv-check', 'hdfs-venv-fetch'):
                thread.join()
        shutil.rmtree(on_disk(self.base))


class Stderr(object):
    """java.io.PrintStream, on top of the test's sys.stderr."""

    def flush(self):
        sys.stderr.flush()


def _print(self, text):
    sys.stderr.write(text.encode('utf-8') if str is bytes else text)


setattr(Stderr, str('print'), _print)  # no name for a method in Python 2


class ClientServer(object):
    """py4j's, where each thread of Python has one of Java's."""


class Context(object):
    """pyspark.SparkContext."""

    version, master, defaultParallelism, applicationId = '3.5.9', 'yarn', 2, 'application_1_0001'

    def __init__(self, spark):
        self.spark = spark
        self.environment = {'PYTHONHASHSEED': '0'}
        self._gateway = ClientServer()
        self.properties = {'spark.jobGroup.id': 'of the application'}
        self.job_error = None
        self._jvm = types.SimpleNamespace() if hasattr(types, 'SimpleNamespace') else Value()
        for parts, leaf in (
            ('org.apache.hadoop.fs.Path', lambda *arguments: Path(spark, *arguments)),
            ('org.apache.spark.SparkFiles', Value(getRootDirectory=spark.root)),
            ('java.lang.System', types.ModuleType(str('System'))),
        ):
            node = self._jvm
            for part in parts.split('.')[:-1]:
                if not hasattr(node, part):
                    setattr(node, part, Value())
                node = getattr(node, part)
            setattr(node, parts.split('.')[-1], leaf)
        self._jvm.java.lang.System.err = Stderr()
        scala = Value(conf=spark.jvm_configuration)
        scala.getExecutorMemoryStatus = lambda: Value(size=1 + (len(spark.executors) if spark.seconds else 0))
        scala.addFile = self._scala_add_file
        self._jsc = Value(hadoopConfiguration=spark.hadoop_configuration, sc=scala)
        self._jsc.parallelize = self._java_parallelize

    def _java_parallelize(self, items, partitions):
        assert len(items) == partitions

        def count():
            self.spark.events.append(('executors fetch', partitions))
            self.spark.on_fetch()
            return partitions

        found = Value()
        found.count = count
        return found

    def _scala_add_file(self, uri, recursive):
        self.spark.events.append('jvm')
        self.spark.add(uri, recursive)

    def addFile(self, uri, recursive=False):
        if self.version.startswith('1.'):
            assert recursive is False, "PySpark 1.6's addFile has no `recursive`"
        self.spark.add(uri, recursive)

    def setJobGroup(self, group, description):
        self.properties['spark.jobGroup.id'] = group

    def cancelJobGroup(self, group):
        self.spark.events.append(('cancel', group))

    def getLocalProperty(self, key):
        return self.properties.get(key)

    def setLocalProperty(self, key, value):
        self.properties[key] = value

    def parallelize(self, items, partitions):
        assert len(items) == partitions
        self.partitions = partitions
        return self

    def mapPartitions(self, task):
        self.task = task
        return self

    def count(self):
        self.spark.events.append(('fetch', list(sys.path)))

    def collect(self):
        self.spark.events.append(('job', dict(self.environment), self.properties['spark.jobGroup.id']))
        if self.job_error is not None:
            raise self.job_error
        executors = [executor for executor in self.spark.executors if not executor.is_silent]
        self.spark.seconds += 60
        if not executors:
            self.spark.is_over.wait()
            raise JavaError('org.apache.spark.SparkException', 'Job cancelled')
        return [
            answer for number in range(self.partitions) for answer in executors[number % len(executors)].run(self.task)
        ]
