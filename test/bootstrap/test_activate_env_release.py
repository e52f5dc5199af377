# -*- coding: utf-8 -*-
"""Which release activate() reads and takes. Rules 5, 11, 12, 15, 23, 25 of test_activate_env.py."""

from __future__ import absolute_import, unicode_literals

import os
import unittest

from support import ENV, FILES, Case


class Rule05(Case):
    def test_asks_the_path_with_the_configuration_of_the_context(self):
        self.activate()
        configurations = [event[1] for event in self.spark.events if event[0] == 'getFileSystem']
        self.assertTrue(configurations)
        self.assertTrue(all(found is self.spark.hadoop_configuration for found in configurations))

    def test_a_denied_directory_is_one_line_without_java_frames(self):
        self.spark.failures['getFileStatus', ENV] = self.java_error(
            'org.apache.hadoop.security.AccessControlException', 'Permission denied: user=alice\n\tat x'
        )
        error = self.assertFails('ACTIVATE_DENIED', 'Permission denied: user=alice', self.activate)
        self.assertNotIn('\tat', str(error))
        self.assertEqual(error.exit_code, 6)


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


class Rule23(Case):
    def test_says_that_a_newer_tool_made_it(self):
        for changes in ({'schemaVersion': 2}, {'layout': 'image'}):
            self.spark.publish(ENV, FILES, **changes)
            self.assertFails('ACTIVATE_RELEASE_NEWER', 'newer hdfs-venv', self.activate)


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

    def test_removed_between_the_listing_and_the_reading(self):
        error = self.java_error('java.io.FileNotFoundException', 'File does not exist')
        self.spark.failures['copyToLocalFile', ENV + '/releases/000001.json'] = error
        self.assertFails('ACTIVATE_NO_RELEASE', 'release 1 of hdfs://nn/envs/risk: it was removed', self.activate)
        self.spark.failures = {('listStatus', ENV + '/releases'): error}
        self.assertFails('ACTIVATE_NO_RELEASE', 'it has no directory releases', self.activate)

    def test_not_that_release(self):
        self.assertFails('ACTIVATE_NO_RELEASE', 'Cannot activate release 7', self.activate, release=7)
        self.assertEqual(self.activate(release=str('000001')).release, 1)
        self.assertFails('ACTIVATE_USAGE', 'a release is a number', self.activate, release=str('latest'))


if __name__ == '__main__':
    unittest.main()
