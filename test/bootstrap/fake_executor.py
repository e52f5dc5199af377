"""An executor of a `fake_spark.Spark`: what Spark has added arrives in a directory of its own."""

from __future__ import absolute_import, unicode_literals

import os
import shutil
import sys
import tarfile
import types

from fake_hadoop import Value, from_disk, on_disk


def fetch(source, root):
    target = os.path.join(root, os.path.basename(source))
    if os.path.isdir(source):
        if not os.path.isdir(target):
            shutil.copytree(source, target)
        return
    shutil.copy(source, target)
    if source.endswith(on_disk('.tar.gz')):
        with tarfile.open(target) as archive:
            archive.extractall(root)


class Executor(object):
    """A process with a SparkFiles root of its own. `answers` is what it says instead of the truth."""

    def __init__(self, spark, number):
        self.spark = spark
        self.root = on_disk(os.path.join(spark.base, 'executor-%d' % number))
        os.mkdir(self.root)
        self.answers = {}
        self.after_fetch = lambda: None
        self.is_silent = False

    def run(self, task):
        for source in self.spark.added:
            fetch(source, self.root)
        self.after_fetch()
        # what the driver has imported is not imported in this other process
        hidden = {name: sys.modules.pop(name) for name in list(sys.modules) if name in self.spark.module_names}
        sys.modules['pyspark'] = make_pyspark(lambda: '.')
        sys.path.insert(1, '.')
        directory = os.getcwd()
        os.chdir(self.root)
        try:
            found = list(task(iter(())))
        finally:
            os.chdir(directory)
            sys.path.remove('.')
            del sys.modules['pyspark']
            sys.modules.update(hidden)
        host = 'host-%s' % from_disk(os.path.basename(self.root))
        return [dict(dict(answer, host=host), **self.answers) for answer in found]


def make_pyspark(root_directory):
    package = types.ModuleType(str('pyspark'))
    package.SparkFiles = Value()
    package.SparkFiles.getRootDirectory = root_directory
    return package
