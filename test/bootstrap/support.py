"""What the tests of activate_env.py share: one published environment, and a process that is put back as it was."""

from __future__ import absolute_import, unicode_literals

import io
import os
import sys
import unittest

import fake_hadoop
import fake_spark

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', '..', 'bootstrap'))

import activate_env  # noqa: E402

ENV = '/envs/risk'
FILES = {
    'greeting/__init__.py': "def hello():\n    return 'hello'\n",
    'greeting/__main__.py': "import sys\nsys.told = (__name__, sys.argv)\n",
    'greeting/data.txt': '',
    'single.py': "import sys\nsys.told = (__name__, list(sys.argv))\ndef give(): return 3\n",
}


class Case(unittest.TestCase):
    """Publishes release 1 of ENV, and gives `activate`."""

    executors = 1
    prefix = 'fake-spark-'

    def setUp(self):
        self.kept = list(sys.path), dict(sys.modules), list(sys.argv), sys.stderr, activate_env.PINNED_DIGEST
        self.addCleanup(self.put_back)
        sys.stderr = io.StringIO() if str is not bytes else io.BytesIO()
        sys.dont_write_bytecode = True
        activate_env.PAUSE = 0
        activate_env._stderr = None
        self.spark = None
        self.restart()

    def put_back(self):
        self.spark.remove()
        path, modules, arguments, sys.stderr, activate_env.PINNED_DIGEST = self.kept
        sys.path[:], sys.argv[:] = path, arguments
        sys.modules.clear()
        sys.modules.update(modules)

    def restart(self):
        """A new application on a fresh store."""
        if self.spark is not None:
            self.spark.remove()
        self.spark = fake_spark.Spark(self.executors, self.prefix)
        activate_env._clock = lambda: self.spark.seconds
        self.digest = self.spark.publish(ENV, FILES)

    def activate(self, env=ENV, **options):
        return activate_env.activate(self.spark.context, env, **options)

    def stderr(self):
        written = sys.stderr.getvalue()
        return written.decode('utf-8') if isinstance(written, bytes) else written

    def assertFails(self, code, text, function, *arguments, **options):
        """Raises an ActivationError of this code that says `text`; returns it."""
        with self.assertRaises(activate_env.ActivationError) as caught:
            function(*arguments, **options)
        self.assertEqual(caught.exception.code, code)
        message = str(caught.exception)
        self.assertIn(text, message.decode('utf-8') if isinstance(message, bytes) else message)
        return caught.exception

    java_error = staticmethod(fake_hadoop.JavaError)
