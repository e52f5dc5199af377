# -*- coding: utf-8 -*-
"""activate() against a Spark made up for the test; the same rules on a real one are in test/e2e/activate-rules.test.ts.

The rules, each tested by its class RuleNN: of this file (-) or of test_activate_env_<file>.py.

rule                                                                                  file
1  one file, standard library only, every Python from 2.7                             -
2  a program: MODULE, MODULE:FUNCTION, -m MODULE, SCRIPT.py local and on HDFS         program
3  importable: activate(sc or spark, env) says what it did                            -
4  idempotent                                                                         -
5  files by the path's own FileSystem and the SparkContext's configuration            release
6  URIs by path.toUri().toString()                                                    add_files
7  addFile(recursive=) from 2.1, before that through the JVM                          add_files
8  addFile before any job                                                             add_files
9  the SparkFiles root at sys.path[0], caches of the import system forgotten          imports
10 sc.environment merged after addFile: workers get a fresh daemon                    executors
11 another environment or release in one SparkContext is refused                      release
12 without a release, the active one is kept and a newer one is told                  release
13 a SparkContext, never a SparkSession                                               program
14 check none, one, all; time-limited; says what was checked and what not             executors
15 ENV scheme-less or qualified; what a release names stays inside ENV                release
16 an empty or missing top-level entry is found before tasks fail                     add_files
17 Python compared on the driver and on an executor; both versions, PYSPARK_PYTHON    python
18 an environment that others can write is refused                                    trust
19 a pinned release: this digest or nothing, and the files hash to it                 trust
20 a directory of the driver's disk only in local mode                                add_files
21 a module that was imported from elsewhere before is replaced, or named             imports
22 what the cluster brings is compared with what was asked for                        python
23 schema version or layout of a newer tool                                           release
24 Spark Connect has no SparkContext                                                  -
25 an environment without a release                                                   release
26 one message and exit code for our errors; the application's own pass through       program
27 a root, an environment or files with names beyond ASCII, under an ASCII locale too names
28 an executor compares once at a time, also after a comparison that was killed       executors
29 exit codes as the command line's, by what Java says                                errors
30 wrong use is told before Spark is started, and without it                          command_line
"""

from __future__ import absolute_import, unicode_literals

import ast
import io
import os
import re
import sys
import types
import unittest

from support import ENV, Case, activate_env


class Rules(unittest.TestCase):
    def test_each_has_a_class_in_the_file_that_the_table_names(self):
        here = os.path.dirname(os.path.abspath(__file__))
        rows = re.findall(r'(?m)^(\d+) .* (\S+)$', __doc__)
        self.assertEqual([int(number) for number, _ in rows], list(range(1, 31)))
        for number, name in rows:
            path = os.path.join(here, 'test_activate_env%s.py' % ('' if name == '-' else '_' + name))
            with io.open(path, encoding='utf-8') as source:
                self.assertTrue(re.search(r'(?m)^class Rule%02d\(' % int(number), source.read()), (number, name))


class Rule01(Case):
    def test_imports_nothing_but_the_standard_library_and_pyspark(self):
        with io.open(activate_env.__file__.replace('.pyc', '.py'), encoding='utf-8') as source:
            tree = ast.parse(source.read().encode('utf-8'))
        names = set()
        for node in ast.walk(tree):
            if isinstance(node, ast.Import):
                names.update(alias.name.split('.')[0] for alias in node.names)
            elif isinstance(node, ast.ImportFrom):
                names.add(node.module.split('.')[0])
        expected = (
            '__future__ atexit contextlib errno fcntl hashlib importlib io json os pkgutil pyspark re runpy shutil '
            'socket sys tempfile threading time'
        )
        self.assertEqual(' '.join(sorted(names)), expected)


class Rule03(Case):
    def test_says_release_digest_path_and_what_was_checked(self):
        result = self.activate()
        self.assertEqual((result.env, result.release, result.digest), ('hdfs://nn' + ENV, 1, self.digest))
        self.assertEqual(result.path, self.spark.root)
        self.assertEqual([answer['host'] for answer in result.executors], ['host-executor-0'])
        self.assertIn('release 1 of hdfs://nn/envs/risk is active', repr(result))
        self.assertIn('executors that join later', repr(result))

    def test_takes_a_session(self):
        session = types.ModuleType(str('session'))
        session.sparkContext = self.spark.context
        self.assertEqual(activate_env.activate(session, ENV).release, 1)

    def test_refuses_what_is_no_context(self):
        self.assertFails('ACTIVATE_USAGE', 'not str', activate_env.activate, str('spark'), ENV)


class Rule04(Case):
    def test_a_second_call_adds_nothing(self):
        first = self.activate()
        added = list(self.spark.added)
        path = list(sys.path)
        again = self.activate()
        self.assertEqual(self.spark.added, added)
        self.assertEqual(sys.path, path)
        self.assertEqual((again.release, again.digest, again.path), (first.release, first.digest, first.path))

    def test_another_python_process_of_the_same_context_shares_it(self):
        self.activate()
        added = list(self.spark.added)
        sys.path.remove(self.spark.root)
        context = self.spark.new_context()
        activate_env.activate(context, ENV)
        self.assertEqual(self.spark.added, added)
        self.assertEqual(sys.path[0], self.spark.root)
        self.assertEqual(context.environment['HDFS_VENV'], self.digest)

    def test_goes_on_where_a_call_failed(self):
        self.spark.executors[0].answers = {'missing': ['greeting']}
        self.assertFails('ACTIVATE_EXECUTOR', 'greeting is missing', self.activate)
        self.spark.executors[0].answers = {}
        self.assertEqual(self.activate().release, 1)

    def test_refuses_to_go_on_where_a_file_could_not_be_added(self):
        tree = '%s/trees/%s-attempt' % (ENV, self.digest[:12])
        self.spark.failures['addFile', tree + '/single.py'] = self.java_error('java.io.IOException', 'no space left')
        self.assertFails('ACTIVATE_ADD_FILE', 'no space left', self.activate)
        self.spark.failures.clear()
        # Spark has noted the path: it would copy nothing, and say nothing of it
        error = self.assertFails('ACTIVATE_HALF_ADDED', 'did not add all of its files', self.activate)
        self.assertEqual(error.exit_code, 7)

    def test_goes_on_where_the_release_was_not_complete_before_anything_was_added(self):
        path = self.spark.file('%s/trees/%s-attempt/single.py' % (ENV, self.digest[:12]))
        os.rename(path, path + '.away')
        self.assertFails('ACTIVATE_INCOMPLETE', 'single.py is not there', self.activate)
        os.rename(path + '.away', path)
        self.assertEqual(self.activate().release, 1)


class Rule24(Case):
    def test_says_what_to_use(self):
        kind = type(str('SparkSession'), (), {'__module__': 'pyspark.sql.connect.session'})
        self.assertFails('ACTIVATE_CONNECT', 'addArtifact', activate_env.activate, kind(), ENV)


if __name__ == '__main__':
    unittest.main()
