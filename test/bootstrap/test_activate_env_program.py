# -*- coding: utf-8 -*-
"""activate_env.py as a program, and its command line. Rules 2, 13, 26, 30 of test_activate_env.py."""

from __future__ import absolute_import, unicode_literals

import io
import os
import shutil
import subprocess
import sys
import tempfile
import types
import unittest

from fake_spark import on_disk
from support import ENV, FILES, Case, activate_env


def native(text):
    """What sys.argv holds."""
    return text.encode('utf-8') if str is bytes else text


SCRIPT = "# -*- coding: utf-8 -*-\nimport greeting, sys\nsys.told = (__name__, list(sys.argv), __file__, 'ü')\n"


class Program(Case):
    def setUp(self):
        super(Program, self).setUp()
        sys.argv[:] = ['activate_env.py', 'before']
        self.started = []
        self.app_name = None
        self.install_pyspark()

    def install_pyspark(self):
        """A pyspark that has SparkContext and SparkConf, and on purpose no SparkSession (rule 13)."""
        test = self

        class SparkConf(object):
            def __init__(self):
                self.name = test.app_name

            def get(self, key, default):
                assert key == 'spark.app.name'
                return default if self.name is None else self.name

            def setAppName(self, name):
                self.name = name

        class SparkContext(object):
            @classmethod
            def _ensure_initialized(cls):
                test.started.append('gateway')

            @classmethod
            def getOrCreate(cls, conf):
                test.started.append(conf.name)
                return test.spark.context

        package = types.ModuleType(str('pyspark'))
        package.SparkConf, package.SparkContext = SparkConf, SparkContext
        sys.modules[str('pyspark')] = package

    def run_program(self, *arguments):
        activate_env.main([native(argument) for argument in arguments])
        return sys.told

    def assertExits(self, code, text, *arguments):
        with self.assertRaises(SystemExit) as caught:
            self.run_program(*arguments)
        self.assertEqual(caught.exception.code, code)
        self.assertIn(text, self.stderr())
        self.assertNotIn('Traceback', self.stderr())


class Rule02(Program):
    def test_module(self):
        for arguments in ((ENV, 'single', 'a', '--b'), (ENV, '-m', 'single', 'a', '--b')):
            self.restart()
            name, argv = self.run_program(*arguments)
            self.assertEqual(name, '__main__')
            self.assertEqual([os.path.basename(argv[0])] + argv[1:], ['single.py', 'a', '--b'])
            self.assertTrue(argv[0].startswith(self.spark.root))

    def test_an_environment_with_a_name_beyond_ascii(self):
        self.spark.publish('/envs/ü', FILES)
        self.assertEqual(self.run_program('/envs/ü', 'single')[0], '__main__')
        self.assertIn('release 1 of hdfs://nn/envs/ü is active; checked: driver, executor on host', self.stderr())

    def test_package_with_main(self):
        self.assertEqual(self.run_program(ENV, 'greeting', 'x')[0], '__main__')

    def test_package_without_main(self):
        self.spark.publish(ENV, {'bare/__init__.py': ''}, number=2)
        self.assertExits(2, 'it is a package without a module __main__', ENV, 'bare')

    def test_function_and_its_exit_code(self):
        with self.assertRaises(SystemExit) as caught:
            self.run_program(ENV, 'single:give', 'x')
        self.assertEqual(caught.exception.code, 3)
        self.assertEqual(sys.told[0], 'single')
        self.assertEqual([os.path.basename(sys.argv[0])] + sys.argv[1:], ['single.py', 'x'])

    def test_what_else_a_function_returns_is_no_exit_code(self):
        for value in ('None', 'True', '[1]'):
            self.restart()
            self.spark.publish(
                ENV, {'single.py': 'import sys\nsys.told = 1\ndef give(): return %s\n' % value}, number=2
            )
            sys.modules.pop('single', None)
            self.assertEqual(self.run_program(ENV, 'single:give'), 1)

    def test_method_of_a_class(self):
        self.spark.publish(
            ENV, {'single.py': 'import sys\nclass A:\n  @staticmethod\n  def b(): sys.told = 5\n'}, number=2
        )
        self.assertEqual(self.run_program(ENV, 'single:A.b'), 5)

    def test_no_such_function(self):
        self.assertExits(2, 'Cannot run single:nothing: there is no nothing', ENV, 'single:nothing')

    def test_no_such_module(self):
        for name in ('nothing', 'nothing.more', 'greeting.nothing'):
            self.restart()
            self.assertExits(2, 'Cannot run %s: there is no such module' % name, ENV, name)

    def test_script_on_hdfs(self):
        self.spark.write('/apps/my job.py', SCRIPT)
        for script in ('hdfs://nn/apps/my job.py', '/apps/my job.py'):
            self.restart()
            self.spark.write('/apps/my job.py', SCRIPT)
            name, argv, path, text = self.run_program(ENV, script, 'ü')
            self.assertEqual((name, argv[1:], text), ('__main__', [native('ü')], native('ü')))
            self.assertEqual(os.path.basename(path), 'my job.py')
            self.assertEqual(argv[0], path)
            shutil.rmtree(os.path.dirname(path))

    def test_the_copy_of_a_script_goes_with_the_process(self):
        self.spark.write('/apps/my job.py', SCRIPT)
        at_exit = []
        register = activate_env.atexit.register
        activate_env.atexit.register = lambda *call: at_exit.append(call)
        try:
            path = self.run_program(ENV, '/apps/my job.py')[2]
        finally:
            activate_env.atexit.register = register
        self.assertTrue(os.path.exists(path))
        for call in at_exit:
            call[0](*call[1:])
        self.assertFalse(os.path.exists(os.path.dirname(path)))

    def test_script_in_the_working_directory_with_its_neighbours(self):
        directory = tempfile.mkdtemp()
        self.addCleanup(shutil.rmtree, directory)
        for name, content in (
            ('job.py', SCRIPT + 'import neighbour\n'),
            ('neighbour.py', ''),
            ('greeting.py', 'wrong'),
        ):
            with io.open(os.path.join(directory, name), 'w', encoding='utf-8') as stream:
                stream.write(content)
        self.addCleanup(os.chdir, os.getcwd())
        os.chdir(directory)
        self.assertEqual(self.run_program(ENV, 'job.py')[:2], ('__main__', ['job.py']))

    def test_script_that_is_not_there(self):
        self.assertExits(2, 'Cannot run hdfs://nn/apps/job.py: there is no such file', ENV, '/apps/job.py')
        self.restart()
        self.assertExits(2, 'Cannot run hdfs://nn/user/alice/job.py', ENV, 'job.py')


class Rule13(Program):
    def test_makes_a_context_with_the_name_of_the_application(self):
        for before, after in ((None, 'single'), ('activate_env.py', 'single'), ('nightly', 'nightly')):
            self.restart()
            self.started, self.app_name = [], before
            self.run_program(ENV, 'single')
            self.assertEqual(self.started, ['gateway', after])


class Rule26(Program):
    def test_one_message_and_the_exit_code(self):
        self.assertExits(2, 'activate_env.py: Cannot activate hdfs://nn/nothing', '/nothing', 'single')
        self.assertIn('\nhint: ', self.stderr())

    def test_the_application_s_own_exceptions_pass(self):
        for statement, kind in (
            ('raise KeyError(1)', KeyError),
            ('import nothing_like_it', ImportError),
            ('1/0', ZeroDivisionError),
        ):
            for form in ('single', 'single:give', 'greeting.__main__'):
                self.restart()
                sys.modules.pop('single', None)
                self.spark.publish(
                    ENV, dict(FILES, **{'single.py': statement, 'greeting/__main__.py': statement}), number=2
                )
                self.assertRaises(kind, self.run_program, ENV, form)

    def test_an_import_that_fails_in_a_package_around_the_module_passes(self):
        self.spark.publish(ENV, {'broken/__init__.py': 'import nothing_like_it', 'broken/job.py': ''}, number=2)
        with self.assertRaises(ImportError) as caught:
            self.run_program(ENV, 'broken.job')
        self.assertIn('nothing_like_it', str(caught.exception))

    def test_the_application_s_own_exit_code_is_kept(self):
        self.spark.publish(ENV, {'single.py': 'import sys\nsys.exit(42)'}, number=2)
        with self.assertRaises(SystemExit) as caught:
            self.run_program(ENV, 'single')
        self.assertEqual(caught.exception.code, 42)


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
