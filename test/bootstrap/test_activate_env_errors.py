"""The exit code is the one that the command line has for the same cause. Rule 29 of test_activate_env.py."""

from __future__ import absolute_import, unicode_literals

import unittest

from support import ENV, Case

IO = 'java.io.IOException'
ILLEGAL = 'java.lang.IllegalArgumentException'
OTHER, USAGE, INTEGRITY, NETWORK, PERMISSION = 1, 2, 4, 5, 6
CODES = {USAGE: 'ACTIVATE_ADDRESS', INTEGRITY: 'ACTIVATE_CONTENT', PERMISSION: 'ACTIVATE_DENIED'}

CAUSES = (
    ('org.apache.hadoop.fs.UnsupportedFileSystemException', 'No FileSystem for scheme "hfds"', USAGE),
    (IO, 'No FileSystem for scheme: hfds', USAGE),
    (IO, 'Incomplete HDFS URI, no host: hdfs:///envs', USAGE),
    (ILLEGAL, 'Can not create a Path from an empty string', USAGE),
    (ILLEGAL, 'java.net.URISyntaxException: Relative path in absolute URI: hdfs:envs', USAGE),
    ('java.lang.RuntimeException', 'java.lang.ClassNotFoundException: Class S3AFileSystem not found', USAGE),
    ('org.apache.hadoop.fs.ParentNotDirectoryException', '/envs/a (is not a directory)', USAGE),
    ('org.apache.hadoop.security.AccessControlException', '/envs/a (is not a directory)', USAGE),
    ('org.apache.hadoop.security.AccessControlException', 'Permission denied: user=alice', PERMISSION),
    ('java.io.FileNotFoundException', '/envs/risk (Permission denied)', PERMISSION),
    (IO, 'Failed on local exception: AccessControlException: Client cannot authenticate via:[KERBEROS]', PERMISSION),
    ('org.apache.hadoop.ipc.RemoteException', 'token (token for alice) is expired: InvalidToken', PERMISSION),
    (ILLEGAL, 'java.net.UnknownHostException: nameservice1', NETWORK),
    ('java.net.ConnectException', 'Call From a to b:8020 failed on connection exception', NETWORK),
    ('org.apache.hadoop.net.ConnectTimeoutException', 'Call From a to b:8020 failed on socket timeout', NETWORK),
    ('org.apache.hadoop.ipc.StandbyException', 'Operation category READ is not supported', NETWORK),
    ('org.apache.hadoop.hdfs.BlockMissingException', 'Could not obtain block: BP-1', NETWORK),
    (IO, 'Failed on local exception: java.io.IOException: Connection reset by peer', NETWORK),
    ('org.apache.hadoop.fs.ChecksumException', 'Checksum error: /envs/risk', INTEGRITY),
    (IO, 'No space left on device', OTHER),
    ('java.lang.NullPointerException', '', OTHER),
)


class Rule29(Case):
    def test_of_what_java_says_of_an_address(self):
        for name, message, exit_code in CAUSES:
            for method in ('getFileSystem', 'getFileStatus'):
                self.restart()
                self.spark.failures[method, ENV] = self.java_error(name, message)
                code = CODES.get(exit_code, 'ACTIVATE_FILE_SYSTEM')
                error = self.assertFails(code, '%s: %s' % (name, message), self.activate)
                self.assertEqual(error.exit_code, exit_code, (name, message))

    def test_of_what_java_says_of_adding(self):
        for name, message, exit_code in CAUSES:
            self.restart()
            error = self.java_error(name, message)
            self.spark.add = lambda uri, recursive, error=error: self.throw(error)
            failed = self.assertFails('ACTIVATE_ADD_FILE', message, self.activate)
            self.assertEqual(failed.exit_code, exit_code, (name, message))

    def test_of_a_file_that_vanished_before_it_was_added(self):
        error = self.java_error('java.io.FileNotFoundException', 'File does not exist')
        self.spark.add = lambda uri, recursive: self.throw(error)
        self.assertEqual(self.assertFails('ACTIVATE_ADD_FILE', '', self.activate).exit_code, INTEGRITY)

    def test_of_a_release_that_is_not_there(self):
        self.assertEqual(self.assertFails('ACTIVATE_NO_RELEASE', '', self.activate, '/nothing').exit_code, USAGE)
        self.assertEqual(self.assertFails('ACTIVATE_NO_RELEASE', '', self.activate, release=9).exit_code, USAGE)

    def test_of_a_newer_release(self):
        self.spark.publish(ENV, {'a.py': ''}, layout='image')
        self.assertEqual(self.assertFails('ACTIVATE_RELEASE_NEWER', '', self.activate).exit_code, INTEGRITY)

    def test_of_a_wrong_setting(self):
        self.spark.publish(ENV, {'a.py': ''}, target={'python': '3.99.1', 'abi': 'cp399'})
        self.assertEqual(self.assertFails('ACTIVATE_PYTHON', '', self.activate).exit_code, USAGE)

    def test_a_wrong_address_has_a_hint(self):
        self.spark.failures['getFileSystem', ENV] = self.java_error(IO, 'No FileSystem for scheme: hfds')
        self.assertIn(
            'hint: A path is hdfs://NAMESERVICE/DIRECTORY', str(self.assertFails('ACTIVATE_ADDRESS', '', self.activate))
        )

    @staticmethod
    def throw(error):
        raise error


if __name__ == '__main__':
    unittest.main()
