# -*- coding: utf-8 -*-
"""Whom activate() trusts: who can write, and what was published. Rules 18, 19 of test_activate_env.py."""

from __future__ import absolute_import, unicode_literals

import io
import json
import os
import shutil
import unittest

from fake_spark import BOOTSTRAP
from support import ENV, FILES, Case, activate_env


class Rule18(Case):
    def test_refuses_what_others_can_write(self):
        tree = '%s/trees/%s-attempt' % (ENV, self.digest[:12])
        names = (
            'activate_env.py releases releases/000001.json lists lists/%s.json bootstrap %s %s/activate_env.py trees'
        )
        names %= self.digest[:12], BOOTSTRAP, BOOTSTRAP
        below = [ENV + '/' + name for name in names.split()]
        for path in [ENV] + below + [tree, tree + '/greeting', tree + '/single.py']:
            self.assertTrue(os.path.exists(self.spark.file(path)), path)
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

    def test_looks_at_the_top_level_only_and_says_so(self):
        tree = 'trees/%s-attempt' % self.digest[:12]
        self.spark.modes = {'%s/%s/greeting/data.txt' % (ENV, tree): 0o777}
        self.assertIn('who can write below the top level of ' + tree, self.activate().not_checked[0])

    def test_a_release_whose_bootstrap_is_gone(self):
        shutil.rmtree(self.spark.file(ENV + '/bootstrap'))
        self.assertEqual(self.activate().release, 1)

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

    def test_refuses_a_release_without_its_list(self):
        os.remove(self.spark.file('%s/lists/%s.json' % (ENV, self.digest[:12])))
        error = self.assertFails('ACTIVATE_INCOMPLETE', 'the file list lists/', self.activate, digest=self.digest)
        self.assertEqual(error.exit_code, 4)

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

    def test_executors_are_compared_by_the_first_pinned_call_with_a_check(self):
        self.assertTrue(self.activate(digest=self.digest, check='none').not_checked)
        for check, compared in (('all', True), ('all', False)):
            checked = self.activate(digest=self.digest, check=check).checked
            self.assertEqual(compared, any('executor' in line and 'files hash' in line for line in checked), checked)


if __name__ == '__main__':
    unittest.main()
