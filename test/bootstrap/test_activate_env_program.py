# -*- coding: utf-8 -*-
"""activate_env.py as a program. Rules 2, 13, 26 of test_activate_env.py."""

from __future__ import absolute_import, unicode_literals

import io
import os
import shutil
import sys
import tempfile
import unittest

from program import Program, native
from support import ENV, FILES, activate_env

SCRIPT = "# -*- coding: utf-8 -*-\nimport greeting, sys\nsys.told = (__name__, list(sys.argv), __file__, 'ü')\n"


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


if __name__ == '__main__':
    unittest.main()
