# -*- coding: utf-8 -*-
"""The Python that runs, and the packages that the cluster brings. Rules 17, 22 of test_activate_env.py."""

from __future__ import absolute_import, unicode_literals

import sys
import types
import unittest

from support import ENV, FILES, Case, activate_env


class Rule17(Case):
    target = {'python': '3.99.1', 'abi': 'cp399'}

    def test_the_driver(self):
        self.spark.publish(ENV, FILES, target=self.target)
        error = self.assertFails('ACTIVATE_PYTHON', 'made for Python 3.99.1', self.activate)
        self.assertIn('this driver runs Python %d.%d.%d' % sys.version_info[:3], str(error))
        self.assertIn('PYSPARK_PYTHON', str(error))
        self.assertEqual(self.spark.added, [])

    def test_an_executor(self):
        self.spark.executors[0].answers = {'python': '2.6.6', 'executable': '/usr/bin/python'}
        error = self.assertFails(
            'ACTIVATE_PYTHON', 'the executor on host-executor-0 runs Python 2.6.6 (/usr/bin/python)', self.activate
        )
        self.assertIn('made for Python %d.%d' % sys.version_info[:2], str(error))

    def test_what_spark_itself_says_of_it(self):
        for text in (
            'Python in worker has different version 3.6 than that in driver 3.7, PySpark cannot run',
            '[PYTHON_VERSION_MISMATCH] Python in worker has different version: 3.6 than that in driver: 3.7, PySpark',
            "Python in worker has different version (3, 6) than that in driver 3.7",
        ):
            self.restart()
            self.spark.context.job_error = self.java_error('org.apache.spark.SparkException', text)
            self.assertFails('ACTIVATE_PYTHON', 'the executors run Python 3.6 (', self.activate)

    def test_narrow_and_wide_unicode_of_2_7(self):
        other = 'cp27m' if sys.maxunicode > 0xFFFF else 'cp27mu'
        self.spark.publish(ENV, FILES, target={'python': '%d.%d.0' % sys.version_info[:2], 'abi': other})
        self.assertFails('ACTIVATE_PYTHON', '(%s)' % other, self.activate)


class Rule22(Case):
    def test_warns_when_the_cluster_contradicts(self):
        asked = [
            {'name': 'pyspark', 'version': None, 'requirements': ['pyspark>=3.3', 'pyspark<3.4; python_version>"3"']}
        ]
        self.spark.publish(ENV, FILES, provided=asked)
        warnings = self.activate().warnings
        self.assertEqual(len(warnings), 1)
        self.assertIn('built for pyspark<3.4; python_version>"3", and the cluster has pyspark 3.5.9', warnings[0])

    def test_an_importable_package_says_its_version(self):
        module = types.ModuleType(str('py4j'))
        version = types.ModuleType(str('py4j.version'))
        version.__version__ = '0.10.7'
        sys.modules[str('py4j')], sys.modules[str('py4j.version')] = module, version
        asked = [
            {'name': 'py4j', 'version': None, 'requirements': ['py4j==0.10.9']},
            {'name': 'absent', 'version': None, 'requirements': ['absent>1']},
        ]
        self.spark.publish(ENV, FILES, provided=asked)
        self.assertIn('py4j 0.10.7', self.activate().warnings[0])

    def test_specifiers(self):
        met = 'p p>=2.4 p==2.4.* p==2.4.0 p~=2.4 p~=2.4.0 p[sql]>=2,<3 p(>=2.3) p!=2.3.* p>2.3 p<=2.4'.split() + [
            'p @ https://example.invalid/p.whl',
            'p >= 2.3 ; python_version > "3.9"',
        ]
        unmet = 'p>=3 p<2.4 p==2.3.* p==2.4.1 p~=2.5 p!=2.4.* p!=2.4.0 p>2.4 p<=2.3.9 p===2.4.1'.split()
        for version in ('2.4.0', '2.4.0.7.1.7.0-551', '2.4.0-cdh6.3.2'):
            for requirement in met + unmet:
                self.assertEqual(
                    activate_env._contradicts(requirement, version), requirement in unmet, (requirement, version)
                )


if __name__ == '__main__':
    unittest.main()
