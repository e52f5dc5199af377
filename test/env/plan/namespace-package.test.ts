import { expect, test } from 'vitest';
import { namespaceStyle, preferredStyle } from '../../../src/env/plan/namespace-package.ts';

test.each([
  ['', 'empty'],
  ['# -*- coding: utf-8 -*-\n# Copyright\n\n', 'empty'],
  ['"""Only words."""\n', 'empty'],
  ["__path__ = __import__('pkgutil').extend_path(__path__, __name__)", 'pkgutil'],
  [
    '"""Words."""\n# a comment\nfrom pkgutil import extend_path  # noqa\n\n__path__ = extend_path(__path__, __name__)\n',
    'pkgutil',
  ],
  ['import pkgutil\r\n__path__ = pkgutil.extend_path(__path__, __name__)\r\n', 'pkgutil'],
  ['__import__("pkg_resources").declare_namespace(__name__)\n', 'pkg_resources'],
  ['import pkg_resources\npkg_resources.declare_namespace(__name__)\n', 'pkg_resources'],
  [
    "try:\n    __import__('pkg_resources').declare_namespace(__name__)\nexcept ImportError:\n    __path__ = __import__('pkgutil').extend_path(__path__, __name__)\n",
    'either',
  ],
  [
    'try:\n    import pkg_resources\n    pkg_resources.declare_namespace(__name__)\nexcept ImportError:\n    import pkgutil\n    __path__ = pkgutil.extend_path(__path__, __name__)\n',
    'either',
  ],
  ["__path__ = __import__('pkgutil').extend_path(__path__, __name__)\n__version__ = '1'\n", 'none'],
  ['"""Words."""; import os\n', 'none'],
  ['from .core import *\n', 'none'],
  [
    "try:\n    import os\nexcept ImportError:\n    __path__ = __import__('pkgutil').extend_path(__path__, __name__)\n",
    'none',
  ],
])('%j is %s', (source, style) => {
  expect(namespaceStyle(source)).toBe(style);
});

test.each([
  ['pkgutil', 'pkg_resources', 'pkgutil'],
  ['empty', 'pkg_resources', 'pkg_resources'],
  ['either', 'pkgutil', 'pkgutil'],
  ['empty', 'empty', 'empty'],
  ['none', 'pkgutil', undefined],
  ['empty', 'none', undefined],
] as const)('of %s and %s, %s stays', (left, right, preferred) => {
  expect(preferredStyle(left, right)).toBe(preferred);
  expect(preferredStyle(right, left)).toBe(preferred);
});
