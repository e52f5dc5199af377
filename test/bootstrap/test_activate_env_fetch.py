"""Executors fetch while the driver still adds."""

from __future__ import absolute_import, unicode_literals

import threading
import unittest

from fake_hadoop import Value
from support import ENV, FILES, Case, activate_env

SECONDS = 30


class Fetch(Case):
    executors = 2

    def setUp(self):
        super(Fetch, self).setUp()
        interval = activate_env.FETCH_INTERVAL
        self.addCleanup(setattr, activate_env, 'FETCH_INTERVAL', interval)
        activate_env.FETCH_INTERVAL = 0.01
        self.digest = self.spark.publish_layers(ENV, FILES)
        self.spark.seconds = 1  # by now the executors are there

    def fetches(self):
        """Which of what happened was a fetch of executors; when nothing more comes."""
        for thread in threading.enumerate():
            if thread.name == 'hdfs-venv-fetch':
                thread.join(SECONDS)
        return [event for event in self.spark.events if event[0] == 'executors fetch']

    def test_while_the_driver_adds_and_once_more_after_the_last(self):
        fetched = threading.Event()
        self.spark.on_fetch = fetched.set
        self.spark.on_add = lambda uri: self.assertTrue(fetched.wait(SECONDS))
        self.activate()
        self.assertGreaterEqual(len(self.fetches()), 2)
        kinds = [event[0] for event in self.spark.events if event[0] in ('addFile', 'executors fetch')]
        self.assertEqual(kinds[-1], 'executors fetch')

    def test_a_task_for_each_executor(self):
        self.activate()
        self.assertEqual(set(self.fetches()), {('executors fetch', 2)})

    def test_with_a_tree_too(self):
        self.restart()
        self.spark.seconds = 1
        self.activate()
        self.assertEqual(self.fetches()[-1:], [('executors fetch', 2)])

    def test_not_before_there_are_executors(self):
        looked = threading.Event()

        def count_the_driver():
            looked.set()
            return Value(size=1)

        self.spark.context._jsc.sc().getExecutorMemoryStatus = count_the_driver
        self.spark.on_add = lambda uri: self.assertTrue(looked.wait(SECONDS))
        self.activate()
        self.assertEqual(self.fetches(), [])

    def test_not_without_a_check_and_not_in_local_mode(self):
        self.activate(check='none')
        self.assertEqual(self.fetches(), [])
        self.restart()
        self.spark.seconds, self.spark.context.master = 1, 'local[2]'
        self.activate()
        self.assertEqual(self.fetches(), [])

    def test_not_where_threads_share_those_of_java(self):
        self.spark.context._gateway = object()
        self.activate()
        self.assertEqual(self.fetches(), [])

    def test_not_where_a_task_may_be_started_twice_or_an_executor_be_excluded(self):
        for key in ('spark.speculation', 'spark.blacklist.enabled', 'spark.excludeOnFailure.enabled'):
            self.restart()
            self.spark.seconds = 1
            self.spark.jvm_configuration.set(key, 'true')
            self.activate()
            self.assertEqual(self.fetches(), [], key)

    def test_less_and_less_often(self):
        waits = []

        class Event(type(threading.Event())):
            def wait(self, timeout=None):
                if timeout is not None and timeout < SECONDS:
                    waits.append(timeout)
                return super(Event, self).wait(timeout)

        enough = threading.Event()
        self.spark.on_fetch = lambda: enough.set() if len(waits) > 3 else None
        self.spark.on_add = lambda uri: self.assertTrue(enough.wait(SECONDS))
        event, activate_env.threading.Event = threading.Event, Event
        self.addCleanup(setattr, activate_env.threading, 'Event', event)
        self.activate()
        self.fetches()
        self.assertEqual(waits[:3], [0.01, 0.02, 0.04])

    def test_not_again_where_the_environment_is_active(self):
        self.activate()
        before = len(self.fetches())
        self.activate()
        self.assertEqual(len(self.fetches()), before)

    def test_what_goes_wrong_there_is_left_to_the_check(self):
        def fail():
            raise self.java_error('org.apache.spark.SparkException', 'Job aborted')

        self.spark.on_fetch = fail
        self.assertEqual(len(self.activate().executors), 1)
        self.assertEqual(len(self.fetches()), 1)
        self.assertNotIn('Traceback', self.stderr())

    def test_nothing_more_after_an_archive_that_cannot_be_added(self):
        activate_env.FETCH_INTERVAL = SECONDS
        layer = '%s/layers/single-1.0-%s.tar.gz' % (ENV, self.digest[:12])
        self.spark.failures['addFile', layer] = self.java_error('java.io.IOException', 'no space left')
        self.assertFails('ACTIVATE_ADD_FILE', 'no space left', self.activate)
        self.assertEqual(self.fetches(), [])


if __name__ == '__main__':
    unittest.main()
