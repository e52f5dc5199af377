# -*- coding: utf-8 -*-
"""What activate() does to executors, and asks them. Rules 10, 14, 28 of test_activate_env.py."""

from __future__ import absolute_import, unicode_literals

import errno
import fcntl
import hashlib
import io
import os
import signal
import unittest

from support import FILES, Case, activate_env


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


class Rule28(Case):
    def compare(self):
        """What a task on the executor says."""
        names, files = ['single.py'], {'single.py': hashlib.sha256(FILES['single.py'].encode('utf-8')).hexdigest()}
        return self.spark.executors[0].run(activate_env._make_task(names, [], files, 0))[0]

    def test_a_comparison_that_was_killed_does_not_lock_the_executor(self):
        place = os.path.join(self.spark.executors[0].root, 'single.py')
        os.mkfifo(place)
        child = os.fork()
        if child == 0:
            try:
                self.compare()  # waits for somebody who writes
            finally:
                os._exit(1)
        with io.open(place, 'wb'):  # waits until the child reads
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)
        os.remove(place)
        with io.open(place, 'w', encoding='utf-8') as single:
            single.write(FILES['single.py'])
        answer = self.compare()
        self.assertEqual((answer['busy'], answer['wrong']), (False, None))
        self.assertEqual(os.listdir(self.spark.executors[0].root), ['single.py'])

    def test_two_tasks_do_not_compare_at_once(self):
        held = os.open(self.spark.executors[0].root, os.O_RDONLY)
        self.addCleanup(os.close, held)
        fcntl.flock(held, fcntl.LOCK_EX)
        self.assertTrue(self.compare()['busy'])
        self.assertFails(
            'ACTIVATE_CONTENT', '0 of 1 executors compared', self.activate, digest=self.digest, check_timeout=100
        )
        fcntl.flock(held, fcntl.LOCK_UN)
        self.assertEqual(self.activate(digest=self.digest).release, 1)

    def test_a_file_system_without_locks(self):
        def refuse(descriptor, operation):
            raise IOError(errno.ENOLCK, 'No locks available')

        flock, fcntl.flock = fcntl.flock, refuse
        self.addCleanup(setattr, fcntl, 'flock', flock)
        self.assertEqual(len(self.activate(digest=self.digest).executors), 1)

    def test_without_locks_another_task_may_remove_byte_code_first(self):
        root = self.spark.executors[0].root
        os.mkdir(os.path.join(root, 'greeting'))
        io.open(os.path.join(root, 'greeting', 'a.pyc'), 'w').close()
        arguments = (root, ['greeting'], {'greeting/a.py': ''}, True)
        compare = activate_env._make_comparison()
        self.addCleanup(setattr, os, 'remove', os.remove)

        def refuse(path):
            raise OSError(number, path)

        os.remove = refuse
        number = errno.ENOENT
        self.assertEqual(compare(*arguments), 'greeting/a.py is missing')
        number = errno.EACCES
        self.assertRaises(OSError, compare, *arguments)

    def test_the_lock_is_given_back(self):
        self.activate()
        for _ in range(2):
            self.assertFalse(self.compare()['busy'])


if __name__ == '__main__':
    unittest.main()
