# -*- coding: utf-8 -*-
"""Names beyond ASCII; activate-env.test.ts runs this under an ASCII locale too. Rule 27 of test_activate_env.py."""

from __future__ import absolute_import, unicode_literals

import hashlib
import io
import os
import sys
import tempfile
import types
import unittest

from fake_hadoop import on_disk
from support import FILES, Case, activate_env

ENV = '/envs/höhe'
NAMED = dict(FILES, **{'greeting/größe 日本.txt': 'x', 'ü.txt': 'y'})


class Rule27(Case):
    prefix = 'fake-spärk-'

    def restart(self):
        super(Rule27, self).restart()
        self.digest = self.spark.publish(ENV, NAMED)

    def test_a_pinned_release_is_compared_and_imported(self):
        result = self.activate(ENV, digest=self.digest)
        self.assertEqual(sum('files hash to' in activate_env._text(line) for line in result.checked), 2)
        self.assertEqual(sys.path[0], on_disk(self.spark.root))
        self.assertEqual(result.path, on_disk(self.spark.root))
        self.assertIsInstance(sys.path[0], str)
        module = __import__('greeting')
        self.assertTrue(module.__file__.startswith(result.path))
        self.assertEqual(self.activate(ENV).warnings, [])

    def test_the_root_that_spark_put_there_as_text_is_replaced(self):
        sys.path.insert(1, self.spark.root)
        activate_env._put_first(on_disk(self.spark.root))
        self.assertEqual(sum(activate_env._text(entry) == self.spark.root for entry in sys.path), 1)
        self.assertEqual(sys.path[0], on_disk(self.spark.root))

    def test_in_local_mode(self):
        self.spark.context.master = 'local[2]'
        self.activate(ENV)
        self.activate(ENV)
        self.assertEqual(self.spark.context.environment['PYTHONPATH'], self.spark.root)

    def test_a_difference_is_named(self):
        tree = '%s/trees/%s-attempt/' % (ENV, self.digest[:12])
        self.spark.write(tree + 'greeting/größe 日本.txt', 'edited')
        error = self.assertFails(
            'ACTIVATE_CONTENT', 'greeting/größe 日本.txt hashes to', self.activate, ENV, digest=self.digest
        )
        self.assertIn('LC_ALL', ''.join(error.hints))

    def test_a_name_that_java_could_not_write_has_a_hint(self):
        def lose(*names):
            before, after = (os.path.join(self.spark.executors[0].root, on_disk(name)) for name in names)
            if os.path.exists(before):
                os.rename(before, after)

        for names, options, code, text in (
            (('ü.txt', '?.txt'), {}, 'ACTIVATE_EXECUTOR', 'ü.txt is missing'),
            (('ü.txt', '?.txt'), {'digest': self.digest}, 'ACTIVATE_CONTENT', 'ü.txt is missing'),
            (
                ('greeting/größe 日本.txt', 'greeting/gr??e ??.txt'),
                {'digest': self.digest},
                'ACTIVATE_CONTENT',
                'greeting/gr??e ??.txt is not a file of the release',
            ),
        ):
            self.restart()
            self.spark.executors[0].after_fetch = lambda names=names: lose(*names)
            error = self.assertFails(code, text, self.activate, ENV, **options)
            self.assertIn('spark.executorEnv.LC_ALL', error.hints[0])

    def test_an_ascii_difference_has_no_such_hint(self):
        tree = '%s/trees/%s-attempt/' % (ENV, self.digest[:12])
        self.spark.write(tree + 'single.py', 'edited')
        error = self.assertFails('ACTIVATE_CONTENT', 'single.py hashes to', self.activate, ENV, digest=self.digest)
        self.assertNotIn('LC_ALL', ''.join(error.hints))

    def test_what_an_executor_tells_of_itself(self):
        answers = {'executable': on_disk('/opt/pythön'), 'host': on_disk('rechner-ö')}
        self.spark.executors[0].answers = dict(answers, python='2.6.6')
        self.assertFails('ACTIVATE_PYTHON', 'rechner-ö runs Python 2.6.6 (/opt/pythön)', self.activate, ENV)
        self.spark.executors[0].answers = dict(answers, strangers=[('greeting', on_disk('/opt/grüße.py'))])
        warning = activate_env._text(self.activate(ENV).warnings[0])
        self.assertIn('has imported greeting from /opt/grüße.py', warning)

    def test_a_module_from_elsewhere(self):
        directory = on_disk(os.path.join(self.spark.base, 'anderswö'))
        os.mkdir(directory)
        io.open(os.path.join(directory, str('single.py')), 'w').close()
        sys.path.insert(0, directory)
        application = types.ModuleType(str('application'))
        application.single = __import__('single')
        sys.modules[str('application')] = application
        warning = activate_env._text(self.activate(ENV).warnings[0])
        self.assertIn('single was imported from %s/anderswö/single.py' % self.spark.base, warning)
        self.assertIn('does not use %s/single' % self.spark.root, warning)

    def test_a_script(self):
        self.spark.write('/apps/jöb.py', '')
        path = activate_env._local_script('/apps/jöb.py', self.spark.context)
        self.assertEqual(os.path.basename(path), on_disk('jöb.py'))
        self.addCleanup(os.chdir, os.getcwd())
        os.chdir(os.path.dirname(path))
        self.assertEqual(activate_env._local_script('jöb.py', self.spark.context), on_disk('jöb.py'))
        error = self.assertFails(
            'ACTIVATE_APPLICATION', '/nö.py', activate_env._local_script, 'nö.py', self.spark.context
        )
        self.assertIn('nö.py', activate_env._text(error.hints[0]))

    def test_a_directory_for_temporary_files(self):
        kept, tempfile.tempdir = tempfile.tempdir, on_disk(self.spark.base)
        self.addCleanup(setattr, tempfile, 'tempdir', kept)
        self.assertEqual(self.activate(ENV).release, 1)


class OtherLocale(Case):
    def test_a_jvm_and_a_python_that_speak_latin_1(self):
        root = os.path.join(self.spark.base, 'latin').encode('ascii')
        os.makedirs(os.path.join(root, b'd\xfc'))
        for name in (b'd\xfc/\xe9.txt', b'\xe0.txt'):
            io.open(os.path.join(root, name), 'w').close()
        kept, sys.getfilesystemencoding = sys.getfilesystemencoding, lambda: str('iso-8859-1')
        self.addCleanup(setattr, sys, 'getfilesystemencoding', kept)
        empty = hashlib.sha256().hexdigest()
        compare = activate_env._make_comparison()
        self.assertIsNone(compare(root, ['dü', 'à.txt'], {'dü/é.txt': empty, 'à.txt': empty}, True))


if __name__ == '__main__':
    unittest.main()
