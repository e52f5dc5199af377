import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { deflateRawSync } from 'node:zlib';
import * as fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ArchiveFile } from '../../src/wheel/archive-file.ts';
import { readEntry, WHOLE_BYTES } from '../../src/wheel/entry-content.ts';
import { openWheel, type Wheel } from '../../src/wheel/open-wheel.ts';
import { STRICT } from '../../src/wheel/rules.ts';
import { type Oracle, startOracle } from '../corpus/oracle.ts';
import { treeOfFiles } from '../support/arbitraries.ts';
import { hostPython } from '../support/python.ts';
import { scratchDirectory } from '../support/scratch.ts';
import { recordHash, type WheelOptions, writeWheel } from '../support/wheel-maker.ts';
import { type ZipEntry, zip64Extra } from '../support/zip-maker.ts';

const scratch = scratchDirectory('accepted-wheels');
const directory = scratch.path;
afterAll(() => scratch.remove());

const FILES = { 'risk/__init__.py': '', 'risk/data.txt': 'some data, repeated '.repeat(50), 'risk/ü.txt': 'ü' };

function open(options: Partial<WheelOptions>): Wheel {
  return openWheel(writeWheel(directory, { name: 'risk', version: '1.0', files: FILES, ...options }));
}

/** Names and sha256 of all files, as we read them. */
async function contentsOf(wheel: Wheel): Promise<Record<string, string>> {
  const file = new ArchiveFile(wheel.path);
  const contents: Record<string, string> = {};
  try {
    for (const entry of wheel.entries) {
      const hash = createHash('sha256');
      const { sha256 } = await readEntry(file, entry, (chunk) => hash.update(chunk));
      contents[entry.path] = hash.digest('hex');
      expect(sha256).toBe(contents[entry.path]);
    }
  } finally {
    file.close();
  }
  return contents;
}

let oracle: Oracle;
beforeAll(async () => {
  oracle = await startOracle();
}, 300_000);
afterAll(() => oracle.close());

const every = (change: (entry: ZipEntry) => Partial<ZipEntry>): Partial<WheelOptions> => ({
  entries: (entries) => entries.map((entry) => ({ ...entry, ...change(entry) })),
});

/** As Python's `csv` module writes it; RECORD vouches for every file but itself. */
function withWindowsLineEnds(entry: ZipEntry): ZipEntry {
  if (!String(entry.name).endsWith('/RECORD')) return entry;
  return { ...entry, data: Buffer.from(entry.data.toString().replaceAll('\n', '\r\n')) };
}

/** What real wheels hold, besides the plain case. */
const REAL: [string, Partial<WheelOptions>][] = [
  ['plain', {}],
  ['stored entries', every(() => ({ method: 0 }))],
  ['data descriptors', every(() => ({ descriptor: {} }))],
  ['data descriptors without signature', every(() => ({ descriptor: { signature: false } }))],
  ['ZIP64 entries', every(() => ({ zip64: true }))],
  ['ZIP64 entries with data descriptors', every(() => ({ zip64: true, descriptor: {} }))],
  ['ZIP64 end records', { zip: { zip64End: true } }],
  [
    'data descriptors behind a ZIP64 field of zeros that is not asked for',
    every(() => ({ descriptor: { large: true }, local: { extra: zip64Extra([0, 0]) } })),
  ],
  [
    'data descriptors behind a ZIP64 field with the right sizes',
    every(({ data }) => ({
      method: 0,
      descriptor: { large: true },
      local: { size: 0xffffffff, compressedSize: 0xffffffff, extra: zip64Extra([data.length, data.length]) },
    })),
  ],
  ['attributes of DOS', every(() => ({ attributes: 0x20 }))],
  ['made on DOS, without Unix modes', every(() => ({ createSystem: 0, mode: 0 }))],
  ['a date before 1980', every(() => ({ dosTime: 0 }))],
  ['files that everybody may write', every(() => ({ mode: 0o100777 }))],
  [
    'room for ZIP64 in local headers that was not needed',
    every((entry) => ({ local: { extra: zip64Extra([entry.data.length, 0]) } })),
  ],
  [
    'ZIP64 in local headers only',
    every(() => ({
      descriptor: {},
      local: { size: 0xffffffff, compressedSize: 0xffffffff, extra: zip64Extra([0, 0]) },
    })),
  ],
  ['RECORD with line ends of Windows', { distInfo: {}, entries: (entries) => entries.map(withWindowsLineEnds) }],
  [
    'a name that says nothing of what is below it',
    { files: { 'risk/\u{10FFFD}\uE000': 'private', 'risk/con': '1', 'risk/aux.txt': '2', 'A.py': '3', 'a.py': '4' } },
  ],
  ['a WHEEL that does not say where its root belongs', { distInfo: { WHEEL: 'Wheel-Version: 1.0\n' } }],
  ['comments of entries', every(() => ({ comment: 'made by hand' }))],
  [
    'directory entries',
    {
      entries: (entries) => [{ name: 'risk/', data: Buffer.alloc(0), mode: 0o40755, attributes: 0x10 }, ...entries],
    },
  ],
  [
    'an empty directory that Windows could not name',
    { entries: (entries) => [{ name: 'risk./', data: Buffer.alloc(0), mode: 0o40755 }, ...entries] },
  ],
  [
    'RECORD with stronger hashes',
    {
      record: (rows) =>
        rows.map(([path, hash, size]) => [
          path,
          path === 'risk/data.txt' ? recordHash(Buffer.from(FILES[path]), 'sha512') : hash,
          size,
        ]),
    },
  ],
  [
    'RECORD with padded hashes',
    { record: (rows) => rows.map(([path, hash, size]) => [path, hash === '' ? '' : `${hash}=`, size]) },
  ],
  ['RECORD without sizes', { record: (rows) => rows.map(([path, hash]) => [path, hash, '']) }],
  [
    'signatures that RECORD does not name',
    { distInfo: { 'RECORD.jws': '{}' }, record: (rows) => rows.filter(([path]) => !path.endsWith('.jws')) },
  ],
  ['signatures that RECORD vouches for', { distInfo: { 'RECORD.jws': '{}', 'RECORD.p7s': 'x' } }],
  [
    'signatures that RECORD only names',
    {
      distInfo: { 'RECORD.jws': '{}' },
      record: (rows) => rows.map(([path, hash, size]) => (path.endsWith('.jws') ? [path, '', ''] : [path, hash, size])),
    },
  ],
  ['names that only look odd', { files: { 'risk/a#b%c+d@e (x).txt': '1', 'risk/GMT+0': '2', 'risk/"q",r': '3' } }],
  [
    'several spellings of one version',
    { version: '1.0.post1', distInfo: { METADATA: 'Name: Risk\nVersion: 1.0-1\n' } },
  ],
];

test.each(REAL)('%s: read as Python reads it', async (_, options) => {
  const wheel = open(options);
  const contents = await contentsOf(wheel);
  expect(contents).toEqual(await oracle.archive(wheel.path));
  expect(Object.keys(contents)).toEqual(expect.arrayContaining(Object.keys(options.files ?? FILES)));
});

const STREAM = `
import sys, zipfile
class Pipe:
    def write(self, data): return sys.stdout.buffer.write(data)
    def flush(self): sys.stdout.buffer.flush()
source = zipfile.ZipFile(sys.argv[1])
with zipfile.ZipFile(Pipe(), 'w', int(sys.argv[2])) as target:
    for info in source.infolist():
        with target.open(info.filename, 'w', force_zip64=sys.argv[3] == 'large') as entry:
            entry.write(source.read(info))
`;

test.each(['0', '8'].flatMap((method) => ['small', 'large'].map((size) => [method, size] as const)))(
  "what Python's zipfile writes into a pipe, method %s, %s",
  async (method, size) => {
    const path = writeWheel(directory, { name: 'risk', version: '1.0', files: FILES });
    const options = { maxBuffer: 2 ** 20 };
    writeFileSync(path, execFileSync(hostPython(), ['-c', STREAM, path, method, size], options));
    const wheel = openWheel(path);
    expect(await contentsOf(wheel)).toEqual(await oracle.archive(path));
  },
);

test('entries above the size that is held in memory are streamed, deflated and stored', async () => {
  const large = Buffer.alloc(WHOLE_BYTES + 12_345, 'large file ');
  for (const method of [0, 8]) {
    const wheel = open({ files: { 'risk/large.bin': large }, ...every(() => ({ method })) });
    expect((await contentsOf(wheel))['risk/large.bin']).toBe(createHash('sha256').update(large).digest('hex'));
  }
});

test.each([
  [
    'WHEEL_ZIP_ENTRY_SIZE',
    'inflates to more',
    { local: { size: WHOLE_BYTES + 1 }, central: { size: WHOLE_BYTES + 1 } },
  ],
  ['WHEEL_ZIP_ENTRY_TRAILING', 'has bytes behind its data', 'behind'],
  ['WHEEL_ZIP_DATA', 'is cut short', 'cut'],
] as const)('%s: a streamed entry that %s', async (code, _, change) => {
  const data = Buffer.alloc(WHOLE_BYTES + 100_000, 'large file ');
  const wheel = open({
    files: { 'risk/large.bin': data },
    record: (rows) => rows.map(([path, hash]) => [path, hash, '']),
    entries: (entries) =>
      entries.map((entry) => {
        if (entry.name !== 'risk/large.bin') return entry;
        if (typeof change !== 'string') return { ...entry, ...change };
        const body = deflateRawSync(entry.data);
        return {
          ...entry,
          compressed: change === 'cut' ? body.subarray(0, -3) : Buffer.concat([body, Buffer.from('x')]),
        };
      }),
  });
  await expect(contentsOf(wheel)).rejects.toMatchObject({ code });
});

test('any tree of files comes out as it went in', async () => {
  await fc.assert(
    fc.asyncProperty(treeOfFiles(), async (files) => {
      const wheel = open({ files });
      const contents = await contentsOf(wheel);
      const expected = Object.entries(files).map(([path, data]) => [
        path,
        createHash('sha256').update(data).digest('hex'),
      ]);
      expect(contents).toMatchObject(Object.fromEntries(expected));
      expect(wheel.entries).toHaveLength(expected.length + 3);
    }),
    { numRuns: 50 },
  );
});

test('what METADATA says is at hand', () => {
  const { metadata, name, version } = open({
    requires: ['pandas>=1.3 ; python_version >= "3.8"', 'numpy'],
    metadata: { 'Requires-Python': '>=3.7', 'Provides-Extra': ['all', 'test'], 'License-Expression': 'MIT' },
  });
  expect({ name, version }).toEqual({ name: 'risk', version: '1.0' });
  expect(metadata).toEqual({
    name: 'risk',
    version: '1.0',
    requiresDist: ['pandas>=1.3 ; python_version >= "3.8"', 'numpy'],
    requiresPython: '>=3.7',
    providesExtra: ['all', 'test'],
    licence: 'MIT',
  });
});

test.each([
  ['WHEEL_LIMIT_ENTRIES', { entries: 3 }, '--limit entries='],
  ['WHEEL_LIMIT_FILE_BYTES', { fileBytes: 100 }, '--limit file-bytes='],
  ['WHEEL_LIMIT_TOTAL_BYTES', { totalBytes: 1000 }, '--limit total-bytes='],
  ['WHEEL_LIMIT_RATIO', { ratio: 1, ratioFromBytes: 0 }, '--limit ratio='],
])('%s says how to raise it', (code, limits, flag) => {
  const all = { entries: 100, fileBytes: 2 ** 20, totalBytes: 2 ** 20, ratio: 1000, ratioFromBytes: 2 ** 20 };
  const path = writeWheel(directory, { name: 'risk', version: '1.0', files: { ...FILES, zeros: Buffer.alloc(9000) } });
  expect(() => openWheel(path, { ...STRICT, limits: all })).not.toThrow();
  expect(() => openWheel(path, { ...STRICT, limits: { ...all, ...limits } })).toThrow(
    expect.objectContaining({ code, exit: 'integrity', hints: [expect.stringContaining(flag)] }),
  );
});
