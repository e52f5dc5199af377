import { closeSync, openSync, readdirSync, readFileSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { execFileSync } from 'node:child_process';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type ElfReading, readElf } from '../../src/wheel/elf.ts';
import { makeElf } from '../support/elf-maker.ts';
import { hostPython } from '../support/python.ts';

const read = (file: Buffer): ElfReading => readElf((offset, length) => file.subarray(offset, offset + length));

const name = fc.stringMatching(/^[A-Za-z][\w.+-]{0,30}$/);

test('any library is read as it was written', () => {
  const version = fc.nat(60).map((minor) => `GLIBC_2.${minor}`);
  const options = fc.record({
    machine: fc.constantFrom(62, 183),
    needed: fc.array(name, { maxLength: 40 }),
    soname: fc.option(name, { nil: undefined }),
    directories: fc.array(name, { maxLength: 3 }),
    versions: fc.dictionary(name, fc.array(version, { minLength: 1, maxLength: 5 }), {
      maxKeys: 4,
      noNullPrototype: true,
    }),
  });
  fc.assert(
    fc.property(options, ({ machine, needed, soname, directories, versions }) => {
      const runpath = directories.length === 0 ? {} : { runpath: directories.join(':') };
      const minors = Object.values(versions)
        .flat()
        .map((one) => Number(one.slice('GLIBC_2.'.length)));
      expect(
        read(makeElf({ machine, needed, versions, ...(soname === undefined ? {} : { soname }), ...runpath })),
      ).toEqual({
        kind: 'elf',
        machine: machine === 62 ? 'x86_64' : 'aarch64',
        needed,
        soname,
        searchPath: directories,
        glibc: minors.length === 0 ? undefined : Math.max(...minors),
      });
    }),
  );
});

test.each<[string, readonly string[], number | undefined]>([
  ['three numbers', ['GLIBC_2.2.5', 'GLIBC_2.3.4'], 3],
  ['ten is more than nine', ['GLIBC_2.9', 'GLIBC_2.10'], 10],
  ['short relocations', ['GLIBC_2.17', 'GLIBC_ABI_DT_RELR'], 36],
  ['what is no version', ['GLIBC_PRIVATE', 'GLIBCXX_3.4.30', 'GCC_3.0'], undefined],
])('the newest glibc: %s', (_name, versions, glibc) => {
  expect(read(makeElf({ versions: { 'libc.so.6': versions } }))).toMatchObject({ kind: 'elf', glibc });
});

test('a version that may be missing does not count', () => {
  const versions = { 'libc.so.6': ['GLIBC_2.17', 'GLIBC_2.34'] };
  expect(read(makeElf({ versions, weak: ['GLIBC_2.34'] }))).toMatchObject({ glibc: 17 });
});

test('RUNPATH hides RPATH, as for the loader', () => {
  expect(read(makeElf({ rpath: '$ORIGIN/old' }))).toMatchObject({ searchPath: ['$ORIGIN/old'] });
  expect(read(makeElf({ rpath: '$ORIGIN/old', runpath: '$ORIGIN/new:/opt' }))).toMatchObject({
    searchPath: ['$ORIGIN/new', '/opt'],
  });
});

describe('machines that are no target', () => {
  test.each<[string, number, { readonly bits?: number; readonly isBig?: boolean }, string]>([
    ['x86', 3, { bits: 32 }, 'x86 (32-bit)'],
    ['arm', 40, { bits: 32 }, 'arm (32-bit)'],
    ['x86_64 with 32-bit pointers', 62, { bits: 32 }, 'x86_64 (32-bit)'],
    ['aarch64, big-endian', 183, { isBig: true }, 'aarch64 (big-endian)'],
    ['s390x', 22, { isBig: true }, 's390x'],
    ['ppc64', 21, { isBig: true }, 'ppc64'],
    ['ppc64le', 21, {}, 'ppc64le'],
    ['riscv', 243, {}, 'riscv'],
    ['one that nobody knows', 4711, {}, 'machine 4711'],
  ])('%s', (_name, machine, { bits = 64, isBig = false }, said) => {
    const file = makeElf();
    file[4] = bits === 64 ? 2 : 1;
    file[5] = isBig ? 2 : 1;
    if (isBig) file.writeUInt16BE(machine, 18);
    else file.writeUInt16LE(machine, 18);
    expect(read(file)).toEqual({ kind: 'other-machine', machine: said });
  });
});

describe('hostile files', () => {
  const good = makeElf({ needed: ['libgomp.so.1'], versions: { 'libc.so.6': ['GLIBC_2.17'] } });
  const offsets = { programHeaders: 32, headerBytes: 54, headerCount: 56, loadSize: 64 + 32, dynamicOffset: 120 + 8 };
  const changed = (change: (file: Buffer) => void): ElfReading => {
    const file = Buffer.from(good);
    change(file);
    return read(file);
  };

  test.each<[string, (file: Buffer) => void, RegExp]>([
    ['headers beyond the end', (f) => f.writeBigUInt64LE(1n << 40n, offsets.programHeaders), /ends before byte/],
    [
      'headers beyond all files',
      (f) => f.writeBigUInt64LE(1n << 63n, offsets.programHeaders),
      /name byte 9223372036854775808/,
    ],
    ['headers of an odd size', (f) => f.writeUInt16LE(1, offsets.headerBytes), /1 bytes each/],
    ['65535 headers', (f) => f.writeUInt16LE(65535, offsets.headerCount), /65535 program headers/],
    ['names in no segment', (f) => f.writeBigUInt64LE(0n, offsets.loadSize), /no segment holds address/],
    [
      'a dynamic section beyond the end',
      (f) => f.writeBigUInt64LE(1n << 40n, offsets.dynamicOffset),
      /ends before byte/,
    ],
    [
      'a dynamic section at the end of the file',
      (f) => f.writeBigUInt64LE(BigInt(f.length - 8), offsets.dynamicOffset),
      /ends before/,
    ],
  ])('%s', (_name, change, reason) => {
    expect(changed(change)).toEqual({ kind: 'not-readable', reason: expect.stringMatching(reason) });
  });

  test.each<[string, Record<string, readonly string[]>]>([
    ['versions', { 'libc.so.6': Array.from({ length: 5000 }, () => 'GLIBC_2.17') }],
    ['libraries', Object.fromEntries(Array.from({ length: 5000 }, (_, index) => [`lib${index}.so`, ['GLIBC_2.17']]))],
  ])('thousands of %s', (_name, versions) => {
    expect(read(makeElf({ versions }))).toEqual({ kind: 'not-readable', reason: expect.stringMatching(/do not end/) });
  });

  test('names spread over gigabytes are not followed', () => {
    const [dynamicAt, stringsAt, names] = [2 ** 20, 2 ** 21, 3000];
    const header = Buffer.from(good.subarray(0, 176));
    header.writeBigUInt64LE(1n << 40n, offsets.loadSize);
    header.writeBigUInt64LE(BigInt(dynamicAt), offsets.dynamicOffset);
    header.writeBigUInt64LE(1n << 20n, offsets.dynamicOffset + 24);
    const table = Buffer.alloc(16 * (names + 2));
    table.writeBigUInt64LE(5n, 0);
    table.writeBigUInt64LE(header.readBigUInt64LE(64 + 16) + BigInt(stringsAt), 8);
    for (let index = 1; index <= names; index++) {
      table.writeBigUInt64LE(1n, index * 16);
      table.writeBigUInt64LE(BigInt(index) * 2n ** 20n, index * 16 + 8);
    }
    let bytes = 0;
    const reading = readElf((offset, length) => {
      bytes += length;
      const page = Buffer.alloc(length);
      if (offset === 0) header.copy(page);
      if (offset >= dynamicAt && offset < dynamicAt + table.length) table.copy(page, 0, offset - dynamicAt);
      return page;
    });
    expect(reading).toEqual({ kind: 'not-readable', reason: expect.stringMatching(/too many pages/) });
    expect(bytes).toBeLessThanOrEqual(4 * 2 ** 20);
  });

  test('bytes that are no ELF file', () => {
    expect(read(Buffer.alloc(0))).toEqual({ kind: 'not-elf' });
    expect(read(Buffer.from('#!/bin/sh\n'))).toEqual({ kind: 'not-elf' });
    expect(read(Buffer.from('INPUT(/usr/lib/libc.so.6)\n'))).toEqual({ kind: 'not-elf' });
    expect(read(Buffer.from('\x7fELF')).kind).toBe('not-readable');
  });

  test('every way to cut it short is told from a whole file', () => {
    for (let length = 4; length < good.length - 16; length++) {
      expect(read(good.subarray(0, length)).kind).toBe('not-readable');
    }
  });

  test('random bytes behind a good beginning never throw', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 2000 }), fc.nat(200), (bytes, kept) => {
        expect(typeof read(Buffer.concat([good.subarray(0, kept), bytes])).kind).toBe('string');
      }),
    );
  });
});

describe.runIf(process.platform === 'linux')("this machine's own files", () => {
  const libraries = sharedLibraries();

  test('an extension module of Python needs libc, and no newer glibc than the one that runs', () => {
    const [, newest = ''] = /"glibcVersionRuntime":"2\.(\d+)/.exec(JSON.stringify(process.report.getReport())) ?? [];
    let withVersions = 0;
    for (const path of libraries) {
      const elf = readLibrary(path);
      expect(elf).toMatchObject({ kind: 'elf', machine: process.arch === 'arm64' ? 'aarch64' : 'x86_64' });
      if (elf.kind !== 'elf') continue;
      if (elf.glibc === undefined) continue;
      withVersions += 1;
      expect(elf.needed.some((one) => /^lib(?:c|m)\.so\.6$/.test(one))).toBe(true);
      expect(elf.glibc).toBeGreaterThanOrEqual(2);
      expect(elf.glibc).toBeLessThanOrEqual(Number(newest));
    }
    expect(withVersions).toBeGreaterThan(10);
  });

  test('what Node needs is what the loader has loaded for it', () => {
    const elf = readLibrary(process.execPath);
    const loaded = JSON.stringify(process.report.getReport());
    expect(elf).toMatchObject({ kind: 'elf', needed: expect.arrayContaining(['libc.so.6']) });
    for (const library of elf.kind === 'elf' ? elf.needed : []) expect(loaded).toContain(`/${library}"`);
  });

  test('changed bytes never throw', () => {
    const original = readFileSync(libraries[0] ?? '');
    const place = fc.oneof(fc.nat(1023), fc.nat(original.length - 1));
    const change = fc.tuple(place, fc.oneof(fc.constantFrom(0, 1, 255), fc.nat(255)));
    fc.assert(
      fc.property(
        fc.array(change, { minLength: 1, maxLength: 30 }),
        fc.option(fc.nat(original.length)),
        (changes, cut) => {
          const file = Buffer.from(original);
          for (const [at, byte] of changes) file[at] = byte;
          expect(typeof read(file.subarray(0, cut ?? file.length)).kind).toBe('string');
        },
      ),
      { numRuns: 2000 },
    );
  });
});

/** Modules of the standard library that are machine code; a Python may have some of them built in. */
function sharedLibraries(): string[] {
  if (process.platform !== 'linux') return [];
  const script = "import sysconfig; print(sysconfig.get_config_var('DESTSHARED'))";
  const directory = execFileSync(hostPython(), ['-c', script], { encoding: 'utf8' }).trim();
  return readdirSync(directory)
    .filter((one) => one.endsWith('.so'))
    .map((one) => join(directory, one));
}

function readLibrary(path: string): ElfReading {
  const descriptor = openSync(path, 'r');
  try {
    return readElf((offset, length) => {
      const buffer = Buffer.alloc(length);
      return buffer.subarray(0, readSync(descriptor, buffer, 0, length, offset));
    });
  } finally {
    closeSync(descriptor);
  }
}
