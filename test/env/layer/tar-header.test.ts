import { execFileSync, spawnSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import { BLOCK_BYTES, tarHeader } from '../../../src/env/layer/tar-header.ts';
import { findPython } from '../../support/python.ts';

/** Eleven octal digits hold the first three. */
const SIZES = [0, 513, 8 ** 11 - 1, 8 ** 11, 8 ** 11 + 1, 2 ** 40 + 2 ** 31 + 7, Number.MAX_SAFE_INTEGER];

/** No file of that size is needed: what a program says of it stands in the header alone. */
const headerOf = (size: number): Buffer => tarHeader({ path: 'large.bin', size, mode: '755' });

describe.each(['2.7', '3.6', '3.13'])('tarfile of Python %s', (version) => {
  const python = findPython(version);
  const script = `
import binascii, sys, tarfile
for line in sys.stdin:
    header = binascii.unhexlify(line.strip())
    arguments = [header] if sys.version_info[0] == 2 else [header, "utf-8", "strict"]
    read = tarfile.TarInfo.frombuf(*arguments)
    print("%s %d %o" % (read.name, read.size, read.mode))
`;
  test.skipIf(python === undefined)('reads every size, of 8 GiB and more too', () => {
    const input = SIZES.map((size) => `${headerOf(size).toString('hex')}\n`).join('');
    const told = execFileSync(python ?? '', ['-c', script], { input, encoding: 'utf8' });
    expect(told.trim().split(/\r?\n/)).toEqual(SIZES.map((size) => `large.bin ${size} 755`));
  });
});

test.each(SIZES)('GNU tar reads %d bytes', (size) => {
  // which it does not find behind the header
  const { stdout } = spawnSync('tar', ['-tvf', '-'], { input: headerOf(size), encoding: 'utf8' });
  expect(stdout.split('\n')[0]).toMatch(new RegExp(`^-rwxr-xr-x \\d+/\\d+ +${size} \\S+ \\S+ large\\.bin$`));
});

test('the size is octal as long as it can be, which every program reads', () => {
  const fields = [8 ** 11 - 1, 8 ** 11].map((size) => headerOf(size).subarray(124, 136));
  expect(fields[0]?.toString('latin1')).toBe('77777777777\0');
  expect(fields[1]?.toString('hex')).toBe('800000000000000200000000');
  expect(headerOf(8 ** 11)).toHaveLength(BLOCK_BYTES);
});
