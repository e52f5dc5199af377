"""Archives are added by several threads."""

from __future__ import absolute_import, unicode_literals

import os
import signal
import threading
import unittest

from support import ENV, FILES, Case, activate_env

NAMES = ('alpha', 'beta', 'delta', 'gamma', 'omega')
SECONDS = 30


class Threads(Case):
    def setUp(self):
        super(Threads, self).setUp()
        threads = activate_env.ADD_THREADS
        self.addCleanup(setattr, activate_env, 'ADD_THREADS', threads)
        activate_env.ADD_THREADS = 2
        files = {name + '.py': '' for name in NAMES}
        self.digest = self.spark.publish_layers(ENV, files)
        #: The archives that were begun, and the thread of each.
        self.begun, self.threads = [], set()

    def note(self, uri):
        self.begun.append(uri.split('/')[-1].split('-')[0])
        self.threads.add(threading.current_thread().name)

    def archive(self, name):
        return '%s/layers/%s-1.0-%s.tar.gz' % (ENV, name, self.digest[:12])

    def test_two_archives_at_a_time(self):
        running, most = set(), []
        together = threading.Event()

        def add(uri):
            running.add(uri)
            most.append(len(running))
            if len(running) == 2:
                together.set()
            self.assertTrue(together.wait(SECONDS))
            running.remove(uri)

        self.spark.on_add = add
        self.activate()
        self.assertEqual(max(most), 2)
        self.assertEqual(len(self.spark.added), len(NAMES))

    def test_one_after_the_other_where_spark_takes_one_thread_at_a_time(self):
        for version, threads in (('1.6.3', {'MainThread'}), ('2.0.2', {'MainThread'}), ('2.1.3', {'hdfs-venv-add'})):
            self.restart()
            self.digest = self.spark.publish_layers(ENV, FILES)
            self.spark.context.version = version
            self.threads.clear()
            self.spark.on_add = self.note
            self.activate()
            self.assertEqual(self.threads, threads, version)

    def test_a_tree_one_after_the_other(self):
        self.restart()
        self.spark.on_add = self.note
        self.activate()
        self.assertEqual(self.threads, {'MainThread'})

    def test_one_that_fails_stops_those_that_have_not_begun_and_is_told(self):
        failed, of_beta = threading.Event(), []

        def add(uri):
            self.note(uri)
            if '/beta-' in uri:
                of_beta.append(threading.current_thread())
                failed.set()
            else:  # the other thread is busy until beta's has ended
                self.assertTrue(failed.wait(SECONDS))
                of_beta[0].join(SECONDS)

        self.spark.on_add = add
        self.spark.failures['addFile', self.archive('beta')] = self.java_error('java.io.IOException', 'no space left')
        self.assertFails('ACTIVATE_ADD_FILE', '/beta-1.0', self.activate)
        self.assertEqual(sorted(self.begun), ['alpha', 'beta'])
        # what was under way has settled
        self.assertEqual([os.path.basename(path).split('-')[0] for path in self.spark.added], ['alpha'])

    def test_ctrl_c_ends_it(self):
        go_on = threading.Event()
        self.addCleanup(go_on.set)
        begun, ended = threading.Semaphore(0), []

        def add(uri):
            self.note(uri)
            begun.release()
            go_on.wait(SECONDS)
            ended.append(uri)

        def interrupt():
            for _ in range(2):
                begun.acquire()
            os.kill(os.getpid(), signal.SIGINT)

        self.spark.on_add = add
        threading.Thread(target=interrupt).start()
        self.assertRaises(KeyboardInterrupt, self.activate)
        self.assertEqual(ended, [])
        go_on.set()
        for thread in threading.enumerate():
            if thread.name == 'hdfs-venv-add':
                thread.join(SECONDS)
        self.assertEqual(len(self.begun), 2)
        self.spark.on_add = lambda uri: None
        self.assertFails('ACTIVATE_HALF_ADDED', 'did not add all of its files', self.activate)


if __name__ == '__main__':
    unittest.main()
