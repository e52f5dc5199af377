"""What the tests of activate_env.py as a program share: a pyspark that it can start, and its command line."""

from __future__ import absolute_import, unicode_literals

import sys
import types

from support import Case, activate_env


def native(text):
    """Text as sys.argv holds it."""
    return text.encode('utf-8') if str is bytes else text


class Program(Case):
    def setUp(self):
        super(Program, self).setUp()
        sys.argv[:] = ['activate_env.py', 'before']
        self.started = []
        self.app_name = None
        self.install_pyspark()

    def install_pyspark(self):
        """A pyspark that has SparkContext and SparkConf, and on purpose no SparkSession (rule 13)."""
        test = self

        class SparkConf(object):
            def __init__(self):
                self.name = test.app_name

            def get(self, key, default):
                assert key == 'spark.app.name'
                return default if self.name is None else self.name

            def setAppName(self, name):
                self.name = name

        class SparkContext(object):
            @classmethod
            def _ensure_initialized(cls):
                test.started.append('gateway')

            @classmethod
            def getOrCreate(cls, conf):
                test.started.append(conf.name)
                return test.spark.context

        package = types.ModuleType(str('pyspark'))
        package.SparkConf, package.SparkContext = SparkConf, SparkContext
        sys.modules[str('pyspark')] = package

    def run_program(self, *arguments):
        activate_env.main([native(argument) for argument in arguments])
        return sys.told

    def assertExits(self, code, text, *arguments):
        with self.assertRaises(SystemExit) as caught:
            self.run_program(*arguments)
        self.assertEqual(caught.exception.code, code)
        self.assertIn(text, self.stderr())
        self.assertNotIn('Traceback', self.stderr())
