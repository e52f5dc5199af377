# -*- coding: utf-8 -*-
"""What is given to Spark, and how. Rules 6, 7, 8, 16, 20 of test_activate_env.py."""

from __future__ import absolute_import, unicode_literals

import os
import shutil
import unittest

from support import ENV, FILES, Case


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


if __name__ == '__main__':
    unittest.main()
