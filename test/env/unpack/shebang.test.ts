import { expect, test } from 'vitest';
import { rewriteShebang } from '../../../src/env/unpack/shebang.ts';

test.each([
  ['#!python\nimport x\n', '#!/usr/bin/env python\nimport x\n'],
  ['#!pythonw -E\r\nimport x\n', '#!/usr/bin/env python\nimport x\n'],
  ['#!python', '#!/usr/bin/env python\n'],
  ['#!/usr/bin/python\n', '#!/usr/bin/python\n'],
  [' #!python\n', ' #!python\n'],
  ['', ''],
])('%j becomes %j', (before, after) => {
  expect(rewriteShebang(Buffer.from(before)).toString()).toBe(after);
});

test('what needs no change is handed back as it is', () => {
  const binary = Buffer.from([0x7f, 0x45, 0x4c, 0x46]);
  expect(rewriteShebang(binary)).toBe(binary);
});
