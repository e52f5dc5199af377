# -*- coding: utf-8 -*-
"""activate() against a Spark made up for the test; the same rules on a real one are in test/e2e/activate-rules.test.ts.

rule                                                                                  tested here by, or in
1  one file, standard library only, every Python from 2.7                             Rule01, activate-env.test.ts
2  a program: MODULE, MODULE:FUNCTION, -m MODULE, SCRIPT.py local and on HDFS         test_activate_env_program.py
3  importable: activate(sc or spark, env) says what it did                            Rule03
4  idempotent                                                                         Rule04
5  files by the path's own FileSystem and the SparkContext's configuration            Rule05
6  URIs by path.toUri().toString()                                                    Rule06
7  addFile(recursive=) from 2.1, before that through the JVM                          Rule07
8  addFile before any job                                                             Rule08
9  the SparkFiles root at sys.path[0], caches of the import system forgotten          Rule09
10 sc.environment merged after addFile: workers get a fresh daemon                    Rule10
11 another environment or release in one SparkContext is refused                      Rule11
12 without a release, the active one is kept and a newer one is told                  Rule12
13 a SparkContext, never a SparkSession                                               test_activate_env_program.py
14 check none, one, all; time-limited; says what was checked and what not             Rule14
15 ENV scheme-less or qualified; what a release names stays inside ENV                Rule15
16 an empty or missing top-level entry is found before tasks fail                     Rule16
17 Python compared on the driver and on an executor; both versions, PYSPARK_PYTHON    Rule17
18 an environment that others can write is refused                                    Rule18
19 a pinned release: this digest or nothing, and the files hash to it                 Rule19
20 a directory of the driver's disk only in local mode                                Rule20
21 a module that was imported from elsewhere before is replaced, or named             Rule21
22 what the cluster brings is compared with what was asked for                        Rule22
23 schema version or layout of a newer tool                                           Rule23
24 Spark Connect has no SparkContext                                                  Rule24
25 an environment without a release                                                   Rule25
26 one message and exit code for our errors; the application's own pass through       test_activate_env_program.py
"""

from __future__ import absolute_import, unicode_literals

import ast
import io
import json
import os
import shutil
import sys
import types
import unittest

from support import ENV, FILES, Case, activate_env


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
            '__future__ contextlib hashlib importlib io json os pkgutil pyspark re runpy shutil socket sys tempfile '
            'threading time'
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

    def test_adds_again_what_could_not_be_added(self):
        add, self.spark.add = self.spark.add, self.refuse
        self.assertFails('ACTIVATE_ADD_FILE', 'no space left', self.activate)
        self.spark.add = add
        self.activate()
        self.assertEqual(len(self.spark.added), 2)

    def refuse(self, uri, recursive):
        raise self.java_error('java.io.IOException', 'no space left')


class Rule05(Case):
    def test_asks_the_path_with_the_configuration_of_the_context(self):
        self.activate()
        configurations = [event[1] for event in self.spark.events if event[0] == 'getFileSystem']
        self.assertTrue(configurations)
        self.assertTrue(all(found is self.spark.hadoop_configuration for found in configurations))

    def test_a_denied_directory_is_one_line_without_java_frames(self):
        self.spark.denied.add(ENV)
        error = self.assertFails('ACTIVATE_DENIED', 'Permission denied: user=alice', self.activate)
        self.assertNotIn('\tat', str(error))
        self.assertEqual(error.exit_code, 6)


class Rule06(Case):
    def test_adds_escaped_uris(self):
        env = '/envs/50% of #1 ü'
        self.spark.publish(env, FILES)
        self.activate(env)
        uris = [event[1] for event in self.spark.events if event[0] == 'addFile']
        self.assertTrue(uris[0].startswith('hdfs://nn/envs/50%25%20of%20%231%20ü/trees/'), uris)


class Rule07(Case):
    def test_files_plainly_and_directories_recursively(self):
        self.activate()
        added = [(event[1].split('/')[-1], event[2]) for event in self.spark.events if event[0] == 'addFile']
        self.assertEqual(added, [('greeting', True), ('single.py', False)])

    def test_through_the_jvm_before_2_1(self):
        for version, through_jvm in (('1.6.0', True), ('2.0.2', True), ('2.1.3', False), ('2.4.0-cdh6.3.2', False)):
            self.restart()
            self.spark.context.version = version
            self.activate()
            self.assertEqual('jvm' in self.spark.events, through_jvm, version)

    def test_names_what_spark_refuses(self):
        def refuse(uri, recursive):
            raise self.java_error('org.apache.spark.SparkException', 'exists and does not match contents\n\tat x')

        self.spark.add = refuse
        self.assertFails('ACTIVATE_ADD_FILE', '/greeting: org.apache.spark.SparkException: exists and', self.activate)


class Rule08(Case):
    def test_adds_before_the_first_job(self):
        self.activate()
        kinds = [event[0] for event in self.spark.events if event[0] in ('addFile', 'job')]
        self.assertEqual(kinds, ['addFile', 'addFile', 'job'])


class Rule09(Case):
    def test_the_root_comes_before_the_directory_of_the_script(self):
        sys.path.insert(1, self.spark.root)
        self.activate()
        self.assertEqual(sys.path[0], self.spark.root)
        self.assertEqual(sys.path.count(self.spark.root), 1)

    def test_a_module_that_could_not_be_found_before_is_found(self):
        sys.path.insert(0, self.spark.root)
        self.assertRaises(ImportError, __import__, 'greeting')
        # as on a disk whose clock is too coarse for the import system to see the change
        before, add = os.stat(self.spark.root).st_mtime, self.spark.add

        def add_at_once(uri, recursive):
            add(uri, recursive)
            os.utime(self.spark.root, (before, before))

        self.spark.add = add_at_once
        self.activate()
        module = __import__('greeting')
        self.assertEqual(os.path.dirname(os.path.dirname(module.__file__)), self.spark.root)


class Rule10(Case):
    def test_merges_the_digest_into_the_environment_of_workers(self):
        self.activate()
        job = next(event for event in self.spark.events if event[0] == 'job')
        self.assertEqual(job[1], {'PYTHONHASHSEED': '0', 'HDFS_VENV': self.digest})

    def test_in_local_mode_the_daemon_does_not_start_in_the_root(self):
        self.spark.context.master = 'local[2]'
        self.spark.context.environment['PYTHONPATH'] = '/mine'
        for _ in range(2):
            self.activate()
            self.assertEqual(self.spark.context.environment['PYTHONPATH'], self.spark.root + ':/mine')


class Rule11(Case):
    def test_refuses_another_environment(self):
        self.spark.publish('/envs/other', FILES)
        self.activate()
        error = self.assertFails(
            'ACTIVATE_OTHER_ENVIRONMENT', 'already has release 1 of hdfs://nn/envs/risk', self.activate, '/envs/other'
        )
        self.assertEqual(error.exit_code, 7)

    def test_refuses_another_release(self):
        self.spark.publish(ENV, dict(FILES, more='x'), number=2)
        self.activate(release=1)
        self.assertFails('ACTIVATE_OTHER_RELEASE', 'Cannot activate release 2', self.activate, release=2)

    def test_refuses_another_release_after_a_failure_too(self):
        self.spark.publish(ENV, dict(FILES, more='x'), number=2)
        self.spark.executors[0].answers = {'missing': ['greeting']}
        self.assertFails('ACTIVATE_EXECUTOR', '', self.activate, release=1)
        self.assertFails('ACTIVATE_OTHER_RELEASE', '', self.activate, release=2)

    def test_keeps_the_release_when_the_other_one_holds_the_same(self):
        self.spark.publish(ENV, FILES, number=2)
        self.activate(release=1)
        self.assertEqual(self.activate(release=2).release, 1)


class Rule12(Case):
    def test_keeps_the_active_release_and_tells_of_a_newer_one(self):
        self.activate()
        self.spark.publish(ENV, dict(FILES, more='x'), number=2)
        result = self.activate()
        self.assertEqual((result.release, result.newer_release), (1, 2))
        self.assertIn('release 2 is newer', self.stderr())

    def test_a_new_context_gets_the_highest(self):
        self.spark.publish(ENV, dict(FILES, more='x'), number=10)
        self.spark.publish(ENV, dict(FILES, other='x'), number=9)
        result = self.activate()
        self.assertEqual((result.release, result.newer_release), (10, None))


class Rule14(Case):
    executors = 3

    def test_none_runs_no_job(self):
        result = self.activate(check='none')
        self.assertEqual([event for event in self.spark.events if event[0] == 'job'], [])
        self.assertIn('executors: the check was switched off', result.not_checked)

    def test_none_in_local_mode_still_fetches_before_the_driver_can_import(self):
        self.spark.context.master = 'local[2]'
        self.activate(check='none')
        fetch = next(event for event in self.spark.events if event[0] == 'fetch')
        self.assertNotIn(self.spark.root, fetch[1])

    def test_one_asks_one_and_says_how_many_were_not(self):
        result = self.activate()
        self.assertEqual(len(result.executors), 1)
        self.assertIn('2 of 3 executors', result.not_checked)

    def test_all_asks_everyone(self):
        result = self.activate(check='all')
        self.assertEqual(len(result.executors), 3)
        self.assertEqual(len([line for line in result.checked if line.startswith('executor on host-')]), 3)
        self.assertFalse(any(' of 3 ' in line for line in result.not_checked))

    def test_all_says_who_did_not_answer(self):
        self.spark.executors[2].is_silent = True
        result = self.activate(check='all', check_timeout=100)
        self.assertEqual(len(result.executors), 2)
        self.assertIn('1 of 3 executors', result.not_checked)

    def test_gives_up_and_says_so(self):
        for executor in self.spark.executors:
            executor.is_silent = True
        result = self.activate(check_timeout=0.1)
        self.assertIn('no executor answered within 0.1 seconds', result.warnings[0])
        self.assertIn(('cancel', 'hdfs-venv-check'), self.spark.events)

    def test_leaves_the_job_group_of_the_application(self):
        self.activate()
        self.assertEqual(self.spark.context.properties['spark.jobGroup.id'], 'of the application')

    def test_refuses_an_executor_without_the_files_or_the_path(self):
        for answers, text in (
            ({'missing': ['greeting']}, 'greeting is missing in'),
            ({'on_path': False}, 'is not on sys.path'),
        ):
            self.restart()
            self.spark.executors[0].answers = answers
            self.assertFails('ACTIVATE_EXECUTOR', text, self.activate)

    def test_warns_of_an_executor_that_has_imported_another(self):
        self.spark.executors[0].answers = {'strangers': [('numpy', '/usr/lib/numpy/__init__.py')]}
        self.assertIn('has imported numpy from /usr/lib/numpy/__init__.py', self.activate().warnings[0])

    def test_names_the_cause_of_a_failed_job(self):
        self.spark.context.job_error = self.java_error(
            'org.apache.spark.SparkException',
            'Job aborted\n\tat x\nCaused by: java.io.IOException: No space left\n\tat y',
        )
        self.assertFails('ACTIVATE_EXECUTOR', 'on the executors: java.io.IOException: No space left', self.activate)

    def test_an_unknown_word_is_refused(self):
        self.assertFails('ACTIVATE_USAGE', "'some'", self.activate, check=str('some'))


class Rule15(Case):
    def test_qualified_and_scheme_less_are_the_same(self):
        self.activate('hdfs://nn' + ENV)
        self.assertEqual(self.activate(ENV + '/').env, 'hdfs://nn' + ENV)

    def test_relative_is_below_the_home_directory(self):
        self.spark.publish('/user/alice/envs', FILES)
        self.assertEqual(self.activate('envs').env, 'hdfs://nn/user/alice/envs')

    def test_refuses_a_release_that_leads_out_of_the_environment(self):
        hostile = ('../other', '/etc', 'trees/../..', 'trees//x', '', '.', 'trees/a\\b', 'trees/\n', 'x:y', None, 7)
        for tree in hostile:
            self.spark.publish(ENV, FILES, tree=tree)
            self.assertFails('ACTIVATE_CONTENT', 'it is not a release', self.activate)
        for name in ('../x', 'a/b', '..', '', 'a\x00', 'a\n', None):
            self.spark.publish(ENV, FILES, topLevel=[{'name': name, 'type': 'file'}])
            self.assertFails('ACTIVATE_CONTENT', 'it is not a release', self.activate)
        for changes in (
            {'digest': 'x' * 64},
            {'digest': self.digest + '\n'},
            {'topLevel': [{'name': 'a', 'type': 'link'}]},
        ):
            self.spark.publish(ENV, FILES, **changes)
            self.assertFails('ACTIVATE_CONTENT', 'it is not a release', self.activate)
        self.spark.write(ENV + '/releases/000001.json', '{')
        self.assertFails('ACTIVATE_CONTENT', 'it is not JSON', self.activate)
        self.assertEqual(self.spark.added, [])


class Rule16(Case):
    def test_an_empty_directory(self):
        tree = self.spark.file('%s/trees/%s-attempt/greeting' % (ENV, self.digest[:12]))
        shutil.rmtree(tree)
        os.mkdir(tree)
        self.assertFails('ACTIVATE_INCOMPLETE', 'the directory greeting is empty', self.activate)

    def test_a_missing_entry(self):
        os.remove(self.spark.file('%s/trees/%s-attempt/single.py' % (ENV, self.digest[:12])))
        error = self.assertFails('ACTIVATE_INCOMPLETE', 'the file single.py is not there', self.activate)
        self.assertEqual(error.exit_code, 4)
        self.assertEqual(self.spark.added, [])

    def test_a_missing_tree(self):
        shutil.rmtree(self.spark.file(ENV + '/trees'))
        self.assertFails('ACTIVATE_INCOMPLETE', 'is not there', self.activate)


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


class Rule18(Case):
    def test_refuses_what_others_can_write(self):
        tree = '%s/trees/%s-attempt' % (ENV, self.digest[:12])
        for path in (ENV, ENV + '/releases', ENV + '/releases/000001.json', ENV + '/trees', tree, tree + '/single.py'):
            for mode in (0o777, 0o1777, 0o757):
                self.spark.modes = {path: mode}
                error = self.assertFails(
                    'ACTIVATE_SHARED_WRITABLE', 'hdfs://nn%s (mode %o; chmod o-w)' % (path, mode), self.activate
                )
                self.assertEqual(error.exit_code, 6)

    def test_refuses_an_ancestor_without_the_sticky_bit(self):
        for path in ('/envs', '/'):
            self.spark.modes = {path: 0o777}
            self.assertFails(
                'ACTIVATE_SHARED_WRITABLE', 'hdfs://nn%s (mode 777; chmod o-w or +t)' % path, self.activate
            )

    def test_warns_of_an_ancestor_with_it(self):
        self.spark.modes = {'/envs': 0o1777}
        self.assertIn('hdfs://nn/envs (mode 1777)', self.activate().warnings[0])

    def test_warns_of_the_group(self):
        self.spark.modes = {ENV: 0o775}
        self.assertIn('group staff can change hdfs://nn/envs/risk (mode 775)', self.activate().warnings[0])

    def test_goes_on_when_told_to(self):
        self.spark.modes = {ENV: 0o777}
        result = self.activate(allow_shared_writable=True)
        self.assertIn('allowed by --allow-shared-writable', result.warnings[0])

    def test_a_root_level_environment(self):
        self.spark.publish('/risk', FILES)
        self.assertEqual(self.activate('/risk').warnings, [])

    def test_says_that_an_object_store_was_not_looked_at(self):
        shutil.copytree(self.spark.base + '/hdfs', self.spark.base + '/s3a')
        self.spark.modes = {ENV: 0o777}
        self.assertIn('s3a://', self.activate('s3a://bucket' + ENV).not_checked[0])


class Rule19(Case):
    executors = 2

    def tree(self, name):
        return '%s/trees/%s-attempt/%s' % (ENV, self.digest[:12], name)

    def test_hashes_every_file_on_the_driver_and_on_every_executor(self):
        result = self.activate(digest=self.digest)
        hashed = [line for line in result.checked if 'files hash to ' + self.digest in line]
        self.assertEqual(
            [line.split(':')[0] for line in hashed],
            ['files of the driver', 'executor on host-executor-0', 'executor on host-executor-1'],
        )

    def test_finds_the_release_that_has_it(self):
        self.spark.publish(ENV, dict(FILES, more='x'), number=2)
        self.assertEqual(self.activate(digest=self.digest).release, 1)

    def test_refuses_when_no_release_has_it(self):
        error = self.assertFails('ACTIVATE_CONTENT', 'none of its 1 releases', self.activate, digest='0' * 64)
        self.assertEqual(error.exit_code, 4)
        self.assertFails('ACTIVATE_CONTENT', 'the pinned one is 000', self.activate, release=1, digest='0' * 64)
        self.assertEqual(self.spark.added, [])

    def test_a_rendered_file_activates_its_release_or_nothing(self):
        self.spark.publish(ENV, dict(FILES, more='x'), number=2)
        activate_env.PINNED_DIGEST = self.digest
        self.assertEqual(self.activate().release, 1)
        self.assertFails('ACTIVATE_USAGE', 'is pinned to', self.activate, digest='0' * 64)
        activate_env.PINNED_DIGEST = 'x'
        self.assertFails('ACTIVATE_USAGE', '64 hexadecimal digits', self.activate)

    def test_refuses_an_edited_a_planted_and_a_missing_file(self):
        self.spark.write(self.tree('greeting/__init__.py'), 'edited')
        self.assertFails(
            'ACTIVATE_CONTENT', 'on this driver greeting/__init__.py hashes to', self.activate, digest=self.digest
        )
        self.restart()
        self.spark.write(self.tree('greeting/__pycache__/planted.pyc'), 'x')
        self.assertFails(
            'ACTIVATE_CONTENT', 'planted.pyc is not a file of the release', self.activate, digest=self.digest
        )
        self.restart()
        os.remove(self.spark.file(self.tree('greeting/data.txt')))
        self.assertFails('ACTIVATE_CONTENT', 'greeting/data.txt is missing', self.activate, digest=self.digest)

    def test_refuses_another_list(self):
        self.spark.write('%s/lists/%s.json' % (ENV, self.digest[:12]), json.dumps({'files': []}) + '')
        self.assertFails('ACTIVATE_CONTENT', 'its file list', self.activate, digest=self.digest)

    def test_refuses_an_executor_with_other_bytes(self):
        def edit():
            with io.open(os.path.join(self.spark.executors[1].root, 'single.py'), 'w') as single:
                single.write('edited')

        self.spark.executors[1].after_fetch = edit
        self.assertFails(
            'ACTIVATE_CONTENT', 'on executor on host-executor-1 single.py hashes', self.activate, digest=self.digest
        )

    def test_removes_byte_code_that_an_executor_made(self):
        executor = self.spark.executors[0]
        cache = os.path.join(executor.root, 'greeting', '__pycache__')

        def compile_it():
            if not os.path.isdir(cache):
                os.mkdir(cache)
                io.open(os.path.join(cache, 'greeting.cpython-37.pyc'), 'w').close()

        executor.after_fetch = compile_it
        self.activate(digest=self.digest)
        self.assertEqual(os.listdir(cache), [])

    def test_removes_the_byte_code_that_python_2_puts_beside_the_source(self):
        root = self.spark.executors[0].root

        def compile_it():
            io.open(os.path.join(root, 'greeting', '__init__.pyc'), 'w').close()

        self.spark.executors[0].after_fetch = compile_it
        self.activate(digest=self.digest)
        self.assertFalse(os.path.exists(os.path.join(root, 'greeting', '__init__.pyc')))

    def test_refuses_byte_code_without_its_source(self):
        def plant():
            io.open(os.path.join(self.spark.executors[0].root, 'greeting', 'planted.pyc'), 'w').close()

        self.spark.executors[0].after_fetch = plant
        self.assertFails('ACTIVATE_CONTENT', 'planted.pyc is not a file', self.activate, digest=self.digest)

    def test_refuses_when_an_executor_does_not_answer(self):
        self.spark.executors[1].is_silent = True
        self.assertFails(
            'ACTIVATE_CONTENT', '1 of 2 executors compared', self.activate, digest=self.digest, check_timeout=100
        )

    def test_pinning_what_is_active_compares_it_once(self):
        self.activate()
        self.assertTrue(any('files hash' in line for line in self.activate(digest=self.digest).checked))
        self.assertFalse(any('files hash' in line for line in self.activate(digest=self.digest).checked))
        self.spark.publish(ENV, dict(FILES, more='x'), number=2)
        with io.open(self.spark.file(ENV + '/releases/000002.json'), encoding='utf-8') as newer:
            digest = json.loads(newer.read())['digest']
        self.assertFails('ACTIVATE_OTHER_RELEASE', '', self.activate, digest=digest)


class Rule20(Case):
    def publish_locally(self):
        shutil.copytree(self.spark.base + '/hdfs', self.spark.base + '/file')
        return 'file://' + ENV

    def test_refused_where_executors_are_elsewhere(self):
        env = self.publish_locally()
        for master in ('yarn', 'local-cluster[2,1,1024]', 'spark://host:7077'):
            self.spark.context.master = master
            self.assertFails('ACTIVATE_LOCAL_DIRECTORY', 'with master ' + master, self.activate, env)

    def test_fine_in_local_mode(self):
        env = self.publish_locally()
        for master in ('local', 'local[2]', 'local[*]'):
            self.restart()
            env = self.publish_locally()
            self.spark.context.master = master
            self.assertEqual(self.activate(env).env, env)


class Rule21(Case):
    def import_elsewhere(self, name):
        module = types.ModuleType(str(name))
        module.__file__ = str('/usr/lib/%s/__init__.py' % name)
        sys.modules[str(name)] = module
        return module

    def test_what_only_pyspark_holds_is_replaced(self):
        old = self.import_elsewhere('greeting')
        old.hello = types.FunctionType(self.import_elsewhere.__code__, {'__name__': str('greeting')}, str('hello'))
        holder = types.ModuleType(str('pyspark.types'))
        holder.np, holder.hello, holder.kept = old, old.hello, 1
        sys.modules[str('pyspark.types')] = holder
        result = self.activate()
        self.assertEqual(result.warnings, [])
        self.assertIs(holder.np, sys.modules['greeting'])
        self.assertEqual(holder.hello(), 'hello')
        self.assertTrue(holder.np.__file__.startswith(self.spark.root))

    def test_what_the_application_holds_stays_with_a_warning(self):
        old = self.import_elsewhere('greeting')
        application = types.ModuleType(str('application'))
        application.greeting = old
        sys.modules[str('application')] = application
        result = self.activate()
        self.assertIs(sys.modules['greeting'], old)
        for text in ('greeting was imported from /usr/lib/greeting/__init__.py', 'by application', self.spark.root):
            self.assertIn(text, result.warnings[0])

    def test_pyspark_and_py4j_are_never_replaced(self):
        self.spark.publish(ENV, {'py4j/__init__.py': ''}, number=2)
        old = self.import_elsewhere('py4j')
        self.assertIn('py4j was imported from', self.activate().warnings[0])
        self.assertIs(sys.modules['py4j'], old)

    def test_what_such_a_module_uses_stays_too(self):
        used = self.import_elsewhere('single')
        old = self.import_elsewhere('greeting')
        old.single = used
        application = types.ModuleType(str('application'))
        application.greeting = old
        sys.modules[str('application')] = application
        self.assertEqual(len(self.activate().warnings), 2)
        self.assertIs(sys.modules['single'], used)

    def test_a_module_of_the_environment_is_no_stranger(self):
        self.activate()
        module = __import__('greeting')
        self.activate()
        self.assertIs(sys.modules['greeting'], module)


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


class Rule23(Case):
    def test_says_that_a_newer_tool_made_it(self):
        for changes in ({'schemaVersion': 2}, {'layout': 'tar'}):
            self.spark.publish(ENV, FILES, **changes)
            self.assertFails('ACTIVATE_RELEASE_NEWER', 'newer hdfs-venv', self.activate)


class Rule24(Case):
    def test_says_what_to_use(self):
        kind = type(str('SparkSession'), (), {'__module__': 'pyspark.sql.connect.session'})
        self.assertFails('ACTIVATE_CONNECT', 'addArtifact', activate_env.activate, kind(), ENV)


class Rule25(Case):
    def test_nothing_there(self):
        self.assertFails(
            'ACTIVATE_NO_RELEASE', 'there is no such directory on hdfs://nn', self.activate, '/envs/nothing'
        )

    def test_not_an_environment(self):
        self.assertFails('ACTIVATE_NO_RELEASE', 'it has no directory releases', self.activate, '/envs')

    def test_nothing_published(self):
        os.remove(self.spark.file(ENV + '/releases/000001.json'))
        self.spark.write(ENV + '/releases/1.json', '{}')
        self.spark.write(ENV + '/releases/000002.json.tmp', '{}')
        self.assertFails('ACTIVATE_NO_RELEASE', 'no release was published in it', self.activate)

    def test_not_that_release(self):
        self.assertFails('ACTIVATE_NO_RELEASE', 'Cannot activate release 7', self.activate, release=7)
        self.assertEqual(self.activate(release=str('000001')).release, 1)
        self.assertFails('ACTIVATE_USAGE', 'a release is a number', self.activate, release=str('latest'))


if __name__ == '__main__':
    unittest.main()
