# -*- coding: utf-8 -*-
"""The driver's imports once the environment is active. Rules 9, 21 of test_activate_env.py."""

from __future__ import absolute_import, unicode_literals

import os
import sys
import types
import unittest

from support import ENV, Case


class Rule09(Case):
    def test_the_root_comes_before_the_directory_of_the_script(self):
        sys.path.insert(1, self.spark.root)
        self.activate()
        self.assertEqual(sys.path[0], self.spark.root)
        self.assertEqual(sys.path.count(self.spark.root), 1)

    def test_a_module_that_could_not_be_found_before_is_found(self):
        sys.path.insert(0, self.spark.root)
        self.assertRaises(ImportError, __import__, 'greeting')
        # as on a disk whose clock is too coarse for the import system to see the change
        before, add = os.stat(self.spark.root).st_mtime, self.spark.add

        def add_at_once(uri, recursive):
            add(uri, recursive)
            os.utime(self.spark.root, (before, before))

        self.spark.add = add_at_once
        self.activate()
        module = __import__('greeting')
        self.assertEqual(os.path.dirname(os.path.dirname(module.__file__)), self.spark.root)


class Rule21(Case):
    def import_elsewhere(self, name):
        module = types.ModuleType(str(name))
        module.__file__ = str('/usr/lib/%s/__init__.py' % name)
        sys.modules[str(name)] = module
        return module

    def test_what_only_pyspark_holds_is_replaced(self):
        old = self.import_elsewhere('greeting')
        old.hello = types.FunctionType(self.import_elsewhere.__code__, {'__name__': str('greeting')}, str('hello'))
        holder = types.ModuleType(str('pyspark.types'))
        holder.np, holder.hello, holder.kept = old, old.hello, 1
        sys.modules[str('pyspark.types')] = holder
        result = self.activate()
        self.assertEqual(result.warnings, [])
        self.assertIs(holder.np, sys.modules['greeting'])
        self.assertEqual(holder.hello(), 'hello')
        self.assertTrue(holder.np.__file__.startswith(self.spark.root))

    def test_what_the_application_holds_stays_with_a_warning(self):
        old = self.import_elsewhere('greeting')
        application = types.ModuleType(str('application'))
        application.greeting = old
        sys.modules[str('application')] = application
        result = self.activate()
        self.assertIs(sys.modules['greeting'], old)
        for text in ('greeting was imported from /usr/lib/greeting/__init__.py', 'by application', self.spark.root):
            self.assertIn(text, result.warnings[0])

    def test_pyspark_and_py4j_are_never_replaced(self):
        self.spark.publish(ENV, {'py4j/__init__.py': ''}, number=2)
        old = self.import_elsewhere('py4j')
        self.assertIn('py4j was imported from', self.activate().warnings[0])
        self.assertIs(sys.modules['py4j'], old)

    def test_what_such_a_module_uses_stays_too(self):
        used = self.import_elsewhere('single')
        old = self.import_elsewhere('greeting')
        old.single = used
        application = types.ModuleType(str('application'))
        application.greeting = old
        sys.modules[str('application')] = application
        self.assertEqual(len(self.activate().warnings), 2)
        self.assertIs(sys.modules['single'], used)

    def test_a_module_of_the_environment_is_no_stranger(self):
        self.activate()
        module = __import__('greeting')
        self.activate()
        self.assertIs(sys.modules['greeting'], module)


if __name__ == '__main__':
    unittest.main()
