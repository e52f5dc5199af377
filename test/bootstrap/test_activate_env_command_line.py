# -*- coding: utf-8 -*-
"""The command line of activate_env.py. Rule 30 of test_activate_env.py."""

from __future__ import absolute_import, unicode_literals

import subprocess
import sys
import unittest

from fake_hadoop import on_disk
from program import Program, native
from support import ENV, activate_env


class CommandLine(Program):
    def command(self, *words):
        return activate_env.Command([native(word) for word in words])

    def test_options_before_and_after_env(self):
        for words in (('--release', '7', ENV, 'm'), (ENV, '--release', '7', 'm'), (ENV, '--release=7', 'm')):
            command = self.command(*words)
            self.assertEqual((command.env, command.module, command.options), (ENV, 'm', {'release': 7}))

    def test_every_option(self):
        words = ['--digest', 'd' * 64] + '--check all --check-timeout 1.5 --allow-shared-writable'.split()
        expected = {'digest': 'd' * 64, 'check': 'all', 'check_timeout': 1.5, 'allow_shared_writable': True}
        self.assertEqual(self.command(*(words + [ENV, 'm'])).options, expected)

    def test_what_follows_the_application_is_its_own(self):
        command = self.command(ENV, 'm:f', '--release', '7', '-m', 'x')
        self.assertEqual((command.module, command.function), ('m', 'f'))
        self.assertEqual(command.arguments, ['--release', '7', '-m', 'x'])

    def test_scripts(self):
        for script in ('job.py', '/apps/job.py', 'hdfs:///apps/job', 'hdfs://nn/apps/a b.py', 'dir/job'):
            self.assertEqual(self.command(ENV, script).script, script)

    def test_help_is_the_description(self):
        out, sys.stdout = sys.stdout, sys.stderr
        try:
            with self.assertRaises(SystemExit) as caught:
                self.command('--help')
        finally:
            sys.stdout = out
        self.assertEqual(caught.exception.code, 0)
        self.assertIn('MODULE:FUNCTION', self.stderr())

    def test_hostile_words_are_never_code(self):
        for word in ("__import__('os')", 'm;x', 'm\nx', 'm f', "m:f()", 'm:f;g', 'm:f\n'):
            self.assertFails('ACTIVATE_USAGE', 'is neither', self.command, ENV, word)


class Rule30(Program):
    def test_what_is_not_understood(self):
        for words, text in (
            ((), 'ENV is missing'),
            ((ENV,), 'the application after ENV is missing'),
            ((ENV, '-m'), 'MODULE is missing'),
            (('--nothing', ENV, 'm'), 'there is no option --nothing'),
            (('-x', ENV, 'm'), 'there is no option -x'),
            ((ENV, '--release'), '--release needs a value'),
            (('--check', 'some', ENV, 'm'), "Cannot check 'some'"),
            (('--release', 'latest', ENV, 'm'), 'Cannot activate release latest: a release is a number'),
            (('--release=', ENV, 'm'), 'a release is a number'),
            (('--digest', 'A' * 64, ENV, 'm'), '64 hexadecimal digits are needed'),
            (('', 'm'), 'ENV is empty'),
            (('--check-timeout', 'soon', ENV, 'm'), 'a number of seconds, not soon'),
            ((ENV, 'no-module'), 'no-module is neither MODULE'),
            ((ENV, 'm:'), 'm: is neither MODULE'),
            ((ENV, '-m', 'm:f'), 'm:f is neither MODULE'),
            ((ENV, '--allow-shared-writable=no', 'm'), 'there is no option --allow-shared-writable'),
        ):
            self.assertExits(2, text, *words)
            self.assertEqual(self.started, [])

    def test_a_digest_that_contradicts_a_rendered_file(self):
        activate_env.PINNED_DIGEST = 'a' * 64
        self.assertExits(2, 'is pinned to ' + 'a' * 64, '--digest', 'b' * 64, ENV, 'm')
        self.assertEqual(self.started, [])

    def test_without_pyspark(self):
        sys.modules[str('pyspark')] = None
        self.assertExits(2, 'Cannot import pyspark with', ENV, 'single')
        self.assertIn('%s (Python %d.%d' % ((sys.executable,) + sys.version_info[:2]), self.stderr())
        self.assertIn('hint: Start this file by spark-submit', self.stderr())

    def test_without_java(self):
        def fail():
            raise RuntimeError('Java gateway process exited before sending its port number\nmore')

        sys.modules['pyspark'].SparkContext._ensure_initialized = staticmethod(fail)
        self.assertExits(
            1, 'Cannot start Spark: Java gateway process exited before sending its port number (', ENV, 'm'
        )
        self.assertIn('JAVA_HOME is ', self.stderr())

    def test_as_a_process_without_pyspark(self):
        program = activate_env.__file__.replace('.pyc', '.py')
        for arguments, code, text in (
            ((), 2, 'Cannot understand the command line: ENV is missing (ACTIVATE_USAGE)\nhint: activate_env.py [opt'),
            ((ENV, 'm', 'ü'), 2, 'Cannot import pyspark with '),
            (('/envs/ü', 'ü.x'), 2, 'ü.x is neither MODULE'),
            (('--help',), 0, ''),
        ):
            words = [sys.executable, '-E', '-S', '-B', program] + [on_disk(argument) for argument in arguments]
            process = subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
            stdout, stderr = (stream.decode('utf-8') for stream in process.communicate())
            self.assertEqual(process.returncode, code, stderr)
            self.assertIn(text, stderr)
            self.assertNotIn('Traceback', stderr)
            self.assertEqual('MODULE:FUNCTION' in stdout, code == 0, stdout)


if __name__ == '__main__':
    unittest.main()
