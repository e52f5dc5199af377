"""Java objects and a Hadoop file system that live in a temporary directory of a `fake_spark.Spark`.

`hdfs://nn/apps/x` is `<base>/hdfs/apps/x`.
"""

from __future__ import absolute_import, unicode_literals

import os
import re
import shutil

HANDLER = () if str is bytes else ('surrogateescape',)


def on_disk(path):
    """A path, which the fake has as text like Java, as this Python's os module takes it, whatever the locale."""
    raw = path if isinstance(path, bytes) else path.encode('utf-8', *HANDLER)
    return raw if str is bytes else os.fsdecode(raw)


def from_disk(path):
    return path.decode('utf-8') if isinstance(path, bytes) else os.fsencode(path).decode('utf-8')


class JavaError(Exception):
    """As py4j raises it: the Java exception is an object of its own."""

    def __init__(self, name, message):
        Exception.__init__(self, message)
        self.java_exception = Value(toString='%s: %s' % (name, message), getClass=Value(getName=name))


class Value(object):
    """A Java object whose methods answer constants."""

    def __init__(self, **answers):
        for name, answer in answers.items():
            setattr(self, name, lambda answer=answer: answer)


class Path(object):
    """org.apache.hadoop.fs.Path."""

    def __init__(self, spark, parent, child=None):
        if child is not None:
            assert '/' not in child and child not in ('', '.', '..'), child
            self.spark, self.prefix = spark, parent.prefix
            self.path = parent.path.rstrip('/') + '/' + child
        else:
            self.spark = spark
            self.prefix, self.path = re.match(r'((?:\w+://[^/]*)?)(.*)$', parent).groups()
            self.path = '/' + self.path.strip('/') if self.path.startswith('/') else self.path.rstrip('/')

    def getFileSystem(self, configuration):
        self.spark.events.append(('getFileSystem', configuration))
        self.spark.fail('getFileSystem', self)
        return FileSystem(self.spark, self.prefix or self.spark.default_file_system)

    def getName(self):
        return self.path.split('/')[-1]

    def getParent(self):
        return None if self.path == '/' else self.with_path(self.path.rsplit('/', 1)[0] or '/')

    def with_path(self, path):
        return Path(self.spark, self.prefix + path)

    def toString(self):
        return self.prefix + self.path

    def toUri(self):
        escaped = re.sub(r'[ %#?]', lambda match: '%%%02X' % ord(match.group(0)), self.path)
        return Value(toString=self.prefix + escaped)

    @property
    def local(self):
        if self.prefix == '' and self.path.startswith(self.spark.temporary):
            return on_disk(self.path)
        return on_disk(self.spark.base + '/' + self.prefix.split(':')[0] + self.path)


class FileSystem(object):
    """org.apache.hadoop.fs.FileSystem."""

    def __init__(self, spark, prefix):
        self.spark, self.prefix = spark, prefix

    def getUri(self):
        return Value(getScheme=self.prefix.split(':')[0], toString=self.prefix)

    def makeQualified(self, path):
        absolute = path.path if path.path.startswith('/') else '/user/alice/' + path.path
        return Path(self.spark, (path.prefix or self.prefix) + absolute)

    def getFileStatus(self, path):
        self.spark.fail('getFileStatus', path)
        if not os.path.exists(path.local):
            raise JavaError('java.io.FileNotFoundException', 'File does not exist: ' + path.path)
        mode = self.spark.modes.get(path.path, 0o755)
        return Value(
            isDirectory=os.path.isdir(path.local), getPath=path, getPermission=Value(toShort=mode), getGroup='staff'
        )

    def listStatus(self, path):
        self.spark.fail('listStatus', path)
        return [self.getFileStatus(Path(self.spark, path, name)) for name in map(from_disk, os.listdir(path.local))]

    def copyToLocalFile(self, delete_source, source, target, use_raw):
        assert (delete_source, use_raw) == (False, True)
        self.spark.fail('copyToLocalFile', source)
        self.getFileStatus(source)
        shutil.copy(source.local, target.local)
