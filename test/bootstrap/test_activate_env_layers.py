"""Releases whose files lie in archives, which Spark unpacks."""

from __future__ import absolute_import, unicode_literals

import os

from support import ENV, FILES, Case, activate_env


class Layers(Case):
    def setUp(self):
        super(Layers, self).setUp()
        self.digest = self.spark.publish_layers(ENV, FILES)
        self.added = [
            'hdfs://nn%s/layers/%s-1.0-%s.tar.gz' % (ENV, name, self.digest[:12]) for name in ('greeting', 'single')
        ]

    def uris(self):
        return sorted(event[1] for event in self.spark.events if event[0] == 'addFile')

    def test_adds_every_archive_and_imports_from_it(self):
        result = self.activate()
        self.assertEqual(self.uris(), self.added)
        self.assertEqual([event[2] for event in self.spark.events if event[0] == 'addFile'], [False, False])
        import greeting

        self.assertTrue(os.path.realpath(greeting.__file__).startswith(os.path.realpath(result.path)))
        self.assertEqual(len(result.executors), 1)

    def test_compares_every_file_when_the_release_is_pinned(self):
        result = self.activate(digest=self.digest)
        hashed = [line for line in result.checked if '%d files hash to' % len(FILES) in line]
        self.assertEqual([line.split(' ')[0] for line in hashed], ['files', 'executor'])

    def test_finds_an_archive_that_holds_another_file(self):
        other = self.spark.publish_layers('/envs/other', dict(FILES, **{'single.py': 'edited = 1\n'}))
        os.rename(
            self.spark.file('/envs/other/layers/single-1.0-%s.tar.gz' % other[:12]),
            self.spark.file('%s/layers/single-1.0-%s.tar.gz' % (ENV, self.digest[:12])),
        )
        self.assertFails('ACTIVATE_CONTENT', 'on this driver single.py hashes to', self.activate, digest=self.digest)

    def test_says_which_archive_is_not_there_before_any_is_added(self):
        os.remove(self.spark.file('%s/layers/single-1.0-%s.tar.gz' % (ENV, self.digest[:12])))
        text = 'the archive layers/single-1.0-%s.tar.gz is not there' % self.digest[:12]
        self.assertFails('ACTIVATE_INCOMPLETE', text, self.activate)
        self.assertEqual(self.uris(), [])

    def test_explains_that_the_driver_has_no_tar(self):
        path = '%s/layers/greeting-1.0-%s.tar.gz' % (ENV, self.digest[:12])
        self.spark.failures['addFile', path] = self.java_error(
            'java.io.IOException', 'Cannot run program "tar" (in directory "/x"): error=2, No such file or directory'
        )
        error = self.assertFails('ACTIVATE_ADD_FILE', self.added[0], self.activate)
        self.assertEqual(error.hints, [activate_env.NO_TAR])

    def test_explains_that_an_executor_has_no_tar(self):
        self.spark.context.job_error = self.java_error(
            'org.apache.spark.SparkException',
            'Job aborted\nCaused by: java.io.IOException: Cannot run program "tar" (in directory "."): error=2'
            '\n\tat java.lang.ProcessBuilder.start\nCaused by: java.io.IOException: error=2, No such file or directory',
        )
        error = self.assertFails('ACTIVATE_EXECUTOR', 'Cannot run program "tar"', self.activate)
        self.assertEqual(error.hints, [activate_env.NO_TAR])

    def test_says_who_else_can_change_an_archive(self):
        self.spark.modes['%s/layers' % ENV] = 0o777
        self.assertFails('ACTIVATE_SHARED_WRITABLE', '%s/layers (mode 777' % ENV, self.activate)

    def test_leaves_an_active_release_as_it_is(self):
        first = self.activate()
        del self.spark.events[:]
        again = self.activate()
        self.assertEqual((self.uris(), again.digest), ([], first.digest))

    def test_refuses_another_release_in_the_same_application(self):
        self.activate()
        self.spark.publish_layers(ENV, dict(FILES, more=''), number=2)
        self.assertFails('ACTIVATE_OTHER_RELEASE', 'already has release 1', self.activate, release=2)

    def test_takes_archives_of_the_disk_on_a_cluster(self):
        self.spark.context.master = 'spark://host:7077'
        self.spark.default_file_system = 'file://'
        os.rename(self.spark.file(''), self.spark.file('')[: -len('hdfs')] + 'file')
        self.activate('file://%s' % ENV)

    def test_refuses_paths_that_lead_out(self):
        for path in ('/etc/x.tar.gz', '../x.tar.gz', 'layers/../../x.tar.gz', ''):
            layer = {'path': path, 'sha256': 'c' * 64, 'size': 1}
            self.spark.publish_layers(ENV, FILES, layers=[layer])
            self.assertFails('ACTIVATE_CONTENT', 'it is not a release', self.activate)

    def test_refuses_a_release_without_archives(self):
        self.spark.publish_layers(ENV, FILES, layers=[])
        self.assertFails('ACTIVATE_CONTENT', 'it has no archives', self.activate)

    def test_says_what_an_archive_did_not_bring_to_the_driver(self):
        # somebody else had Spark note the path, and it was not unpacked
        self.spark.noted.add(self.added[1])
        self.assertFails('ACTIVATE_DRIVER', 'on this driver single.py is missing', self.activate)
