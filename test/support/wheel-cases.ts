import { deflateRawSync } from 'node:zlib';
import { recordHash, type WheelOptions } from './wheel-maker.ts';
import type { ZipEntry } from './zip-maker.ts';

/** A wheel that must be refused; it is valid but for the one thing that its code names. */
export interface HostileWheel {
  readonly code: string;
  readonly what: string;
  readonly wheel: Partial<WheelOptions>;
  /** Changes the finished archive. */
  readonly bytes?: (wheel: Buffer) => Buffer;
}

const FILES = { 'risk/__init__.py': 'x = 1\n', 'risk/data.txt': 'some data, repeated '.repeat(50) };
const TARGET = 'risk/data.txt';

/** Changes one entry of an otherwise valid wheel. */
function withEntry(change: (entry: ZipEntry) => ZipEntry): Partial<WheelOptions> {
  return {
    files: FILES,
    entries: (entries) => entries.map((entry) => (entry.name === TARGET ? change(entry) : entry)),
  };
}

/** A file of this name, listed in RECORD like any other. */
function named(name: string): Partial<WheelOptions> {
  return { files: { ...FILES, [name]: 'named\n' } };
}

function unixMode(mode: number): Partial<WheelOptions> {
  return withEntry((entry) => ({ ...entry, mode }));
}

function recordRow(change: (row: [string, string, string]) => [string, string, string][]): Partial<WheelOptions> {
  return { files: FILES, record: (rows) => rows.flatMap((row) => (row[0] === TARGET ? change(row) : [row])) };
}

const extraOf = (id: number, body: Buffer): Buffer => {
  const header = Buffer.alloc(4);
  header.writeUInt16LE(id, 0);
  header.writeUInt16LE(body.length, 2);
  return Buffer.concat([header, body]);
};

const framing: HostileWheel[] = [
  { code: 'WHEEL_NOT_A_ZIP', what: 'an error page', wheel: {}, bytes: () => Buffer.from('<html>503</html>') },
  { code: 'WHEEL_NOT_A_ZIP', what: 'an empty file', wheel: {}, bytes: () => Buffer.alloc(0) },
  { code: 'WHEEL_NOT_A_ZIP', what: 'cut short', wheel: {}, bytes: (wheel) => wheel.subarray(0, wheel.length - 30) },
  {
    code: 'WHEEL_ZIP_DIRECTORY_PLACE',
    what: 'bytes before the archive',
    wheel: { files: FILES },
    bytes: (wheel) => Buffer.concat([Buffer.from('#!/bin/sh\n'), wheel]),
  },
  {
    code: 'WHEEL_ZIP_LEADING_BYTES',
    what: 'a first entry that the directory does not know',
    wheel: { files: FILES, entries: ([first, ...rest]) => [{ ...first!, only: 'local' }, ...rest] },
  },
  {
    code: 'WHEEL_ZIP_TRAILING_BYTES',
    what: 'bytes behind the archive',
    wheel: { files: FILES },
    bytes: (wheel) => Buffer.concat([wheel, Buffer.from('trailing')]),
  },
  { code: 'WHEEL_ZIP_COMMENT', what: 'an archive comment', wheel: { zip: { comment: Buffer.from('hello') } } },
  {
    code: 'WHEEL_ZIP_TRAILING_BYTES',
    what: 'another archive in the comment',
    wheel: {},
    bytes: (wheel) => {
      const outer = Buffer.concat([wheel, wheel]);
      outer.writeUInt16LE(wheel.length, wheel.length - 2);
      return outer.subarray(0, outer.length - 1);
    },
  },
  {
    code: 'WHEEL_ZIP_DIRECTORY_PLACE',
    what: 'two end records',
    wheel: { files: FILES },
    bytes: (wheel) => Buffer.concat([wheel, wheel.subarray(-22)]),
  },
  { code: 'WHEEL_ZIP_COUNT', what: 'fewer entries than the end record says', wheel: { zip: { end: { entries: 99 } } } },
  {
    code: 'WHEEL_ZIP_DISKS',
    what: 'an end record of another disk',
    wheel: {},
    bytes: (wheel) => Buffer.from(wheel).fill(1, wheel.length - 18, wheel.length - 17),
  },
  {
    code: 'WHEEL_ZIP_DISKS',
    what: 'an entry of another disk',
    wheel: {},
    bytes: (wheel) => {
      const copy = Buffer.from(wheel);
      copy.writeUInt16LE(1, wheel.readUInt32LE(wheel.length - 6) + 34);
      return copy;
    },
  },
  {
    code: 'WHEEL_ZIP_ZIP64',
    what: 'end records that disagree on the number of entries',
    wheel: { zip: { zip64End: true } },
    bytes: (wheel) => {
      const copy = Buffer.from(wheel);
      copy.writeUInt16LE(7, wheel.length - 22 + 8);
      copy.writeUInt16LE(7, wheel.length - 22 + 10);
      return copy;
    },
  },
  {
    code: 'WHEEL_ZIP_ZIP64',
    what: 'a locator that points elsewhere',
    wheel: { zip: { zip64End: true } },
    bytes: (wheel) => Buffer.from(wheel).fill(0, wheel.length - 22 - 12, wheel.length - 22 - 4),
  },
  {
    code: 'WHEEL_ZIP_ZIP64',
    what: 'a saturated size without a ZIP64 field',
    wheel: withEntry((entry) => ({ ...entry, zip64: true, central: { extra: Buffer.alloc(0) } })),
  },
  {
    code: 'WHEEL_ZIP_DIRECTORY',
    what: 'a directory that is not one',
    wheel: { files: FILES },
    bytes: (wheel) => {
      const copy = Buffer.from(wheel);
      copy.writeUInt32LE(0, wheel.readUInt32LE(wheel.length - 6));
      return copy;
    },
  },
  {
    code: 'WHEEL_ZIP_GAP',
    what: 'an entry that only a streaming reader sees',
    wheel: {
      files: FILES,
      entries: ([first, ...rest]) => [first!, { name: 'risk/evil.py', data: Buffer.from('x'), only: 'local' }, ...rest],
    },
  },
  {
    code: 'WHEEL_ZIP_LOCAL_HEADER',
    what: 'an entry that only the directory has',
    wheel: {
      files: FILES,
      entries: (entries) => [...entries, { name: 'risk/evil.py', data: Buffer.from('x'), only: 'central' }],
    },
  },
  {
    code: 'WHEEL_ZIP_OVERLAP',
    what: 'two entries with the same data',
    wheel: withEntry((entry) => ({ ...entry, only: 'central', central: { offset: 0 } })),
  },
  {
    code: 'WHEEL_ZIP_OVERLAP',
    what: 'an entry that reaches into the next',
    wheel: withEntry((entry) => ({ ...entry, local: { compressedSize: 400 }, central: { compressedSize: 400 } })),
  },
  {
    code: 'WHEEL_ZIP_LOCAL_HEADER',
    what: 'another name',
    wheel: withEntry((entry) => ({ ...entry, local: { name: Buffer.from('risk/other.txt') } })),
  },
  {
    code: 'WHEEL_ZIP_LOCAL_HEADER',
    what: 'another size',
    wheel: withEntry((entry) => ({ ...entry, local: { size: 3 } })),
  },
  {
    code: 'WHEEL_ZIP_LOCAL_HEADER',
    what: 'another compressed size',
    wheel: withEntry((entry) => ({ ...entry, local: { compressedSize: 3 } })),
  },
  {
    code: 'WHEEL_ZIP_LOCAL_HEADER',
    what: 'another CRC',
    wheel: withEntry((entry) => ({ ...entry, local: { crc: 3 } })),
  },
  {
    code: 'WHEEL_ZIP_LOCAL_HEADER',
    what: 'another method',
    wheel: withEntry((entry) => ({ ...entry, local: { method: 0 } })),
  },
  {
    code: 'WHEEL_ZIP_LOCAL_HEADER',
    what: 'other flags',
    wheel: withEntry((entry) => ({ ...entry, local: { flags: 1 } })),
  },
  {
    code: 'WHEEL_ZIP_DUPLICATE',
    what: 'one name twice',
    wheel: { files: FILES, entries: (entries) => [...entries, entries[0]!] },
  },
  {
    code: 'WHEEL_ZIP_DESCRIPTOR',
    what: 'a wrong CRC',
    wheel: withEntry((entry) => ({ ...entry, descriptor: { crc: 1 } })),
  },
  {
    code: 'WHEEL_ZIP_DESCRIPTOR',
    what: 'a wrong size',
    wheel: withEntry((entry) => ({ ...entry, descriptor: { size: 1 } })),
  },
  {
    code: 'WHEEL_ZIP_DESCRIPTOR',
    what: 'one that was announced and is missing',
    wheel: withEntry((entry) => ({ ...entry, local: { flags: 8 }, central: { flags: 8 } })),
  },
  { code: 'WHEEL_ZIP_METHOD', what: 'bzip2', wheel: withEntry((entry) => ({ ...entry, method: 12 })) },
  { code: 'WHEEL_ZIP_METHOD', what: 'LZMA', wheel: withEntry((entry) => ({ ...entry, method: 14 })) },
  {
    code: 'WHEEL_ZIP_ENCRYPTED',
    what: 'encrypted',
    wheel: withEntry((entry) => ({ ...entry, local: { flags: 1 }, central: { flags: 1 } })),
  },
  {
    code: 'WHEEL_ZIP_EXTRA',
    what: 'extra fields that do not add up',
    wheel: withEntry((entry) => ({ ...entry, central: { extra: Buffer.from([1, 0, 9, 0, 1]) } })),
  },
  {
    code: 'WHEEL_ZIP_SECOND_NAME',
    what: 'another name in the Unicode Path field',
    wheel: withEntry((entry) => ({
      ...entry,
      central: { extra: extraOf(0x7075, Buffer.from('\x01\0\0\0\0risk/other.py')) },
    })),
  },
  {
    code: 'WHEEL_ZIP_SIZE',
    what: '4 GiB declared for a few bytes',
    wheel: withEntry((entry) => ({ ...entry, local: { size: 0xfffffffe }, central: { size: 0xfffffffe } })),
  },
  {
    code: 'WHEEL_ZIP_SIZE',
    what: 'a stored entry of another size',
    wheel: withEntry((entry) => ({ ...entry, method: 0, local: { size: 3 }, central: { size: 3 } })),
  },
  {
    code: 'WHEEL_NAME_CLASH',
    what: 'a directory with data',
    wheel: {
      files: FILES,
      entries: (entries) => [...entries, { name: 'risk/sub/', data: Buffer.from('x'), mode: 0o40755 }],
    },
  },
];

const names: HostileWheel[] = [
  ...['../x', 'risk/../../x', 'risk/..'].map((name) => ({ code: 'WHEEL_NAME_PARENT', name })),
  ...['/x', 'C:\\x', 'c:x', '\\\\server\\x'].map((name) => ({ code: 'WHEEL_NAME_ABSOLUTE', name })),
  { code: 'WHEEL_NAME_BACKSLASH', name: 'risk\\..\\x' },
  ...['risk/a\0b', 'risk/a\nb', 'risk/a\x1b[2Jb', 'risk/a\u0085b', 'risk/a\u2028b'].map((name) => ({
    code: 'WHEEL_NAME_CONTROL',
    name,
  })),
  ...['risk/\u202Eyp.exe', 'risk/a\u200Bb', '\uFEFFrisk/x'].map((name) => ({ code: 'WHEEL_NAME_INVISIBLE', name })),
  ...['risk//x', './risk/x', 'risk/./x', '.'].map((name) => ({ code: 'WHEEL_NAME_DOT', name })),
  { code: 'WHEEL_NAME_EMPTY', name: '' },
  ...['risk/a:b', 'risk/a;b'].map((name) => ({ code: 'WHEEL_NAME_SEPARATOR', name })),
  ...['risk/x.', 'risk/x ', 'risk./x'].map((name) => ({ code: 'WHEEL_NAME_TRAILING', name })),
  { code: 'WHEEL_NAME_LONG', name: `risk/${'ä'.repeat(128)}` },
  { code: 'WHEEL_NAME_LONG', name: `risk/${'abcdefghi/'.repeat(110)}x` },
  { code: 'WHEEL_NAME_DEEP', name: `${'d/'.repeat(64)}x` },
  { code: 'WHEEL_NAME_PROTOTYPE', name: 'risk/__proto__/x' },
].map(({ code, name }) => ({ code, what: JSON.stringify(name).slice(0, 40), wheel: named(name) }));

const moreNames: HostileWheel[] = [
  {
    code: 'WHEEL_NAME_ENCODING',
    what: 'not valid UTF-8',
    wheel: {
      files: FILES,
      entries: (entries) => [...entries, { name: Buffer.from([0x72, 0xff, 0xfe]), data: Buffer.from('x') }],
    },
  },
  {
    code: 'WHEEL_NAME_ENCODING',
    what: 'UTF-8 that is not marked',
    wheel: {
      ...named('risk/ä'),
      entries: (entries) =>
        entries.map((entry) =>
          entry.name === 'risk/ä' ? { ...entry, local: { flags: 0 }, central: { flags: 0 } } : entry,
        ),
    },
  },
  {
    code: 'WHEEL_NAME_TWINS',
    what: 'one name composed and decomposed',
    wheel: { files: { 'risk/\u00e9': '1', 'risk/e\u0301': '2' } },
  },
  { code: 'WHEEL_NAME_CLASH', what: 'a file that is also a directory', wheel: { files: { risk: '1', 'risk/x': '2' } } },
  {
    code: 'WHEEL_NAME_CLASH',
    what: 'a file and a directory entry',
    wheel: {
      files: { risk: '1' },
      entries: (entries) => [...entries, { name: 'risk/', data: Buffer.alloc(0), mode: 0o40755 }],
    },
  },
];

const modes: HostileWheel[] = [
  { code: 'WHEEL_MODE_SYMLINK', what: 'a symbolic link', wheel: unixMode(0o120777) },
  { code: 'WHEEL_MODE_SPECIAL', what: 'a FIFO', wheel: unixMode(0o010644) },
  { code: 'WHEEL_MODE_SPECIAL', what: 'a block device', wheel: unixMode(0o060644) },
  { code: 'WHEEL_MODE_SPECIAL', what: 'a character device', wheel: unixMode(0o020644) },
  { code: 'WHEEL_MODE_SPECIAL', what: 'a socket', wheel: unixMode(0o140644) },
  { code: 'WHEEL_MODE_SPECIAL', what: 'a directory by mode, a file by name', wheel: unixMode(0o040755) },
  { code: 'WHEEL_MODE_SETUID', what: 'set-user-ID', wheel: unixMode(0o104755) },
  { code: 'WHEEL_MODE_SETUID', what: 'set-group-ID', wheel: unixMode(0o102755) },
];

const metadata: HostileWheel[] = [
  {
    code: 'WHEEL_RECORD_MISSING',
    what: 'no RECORD',
    wheel: { files: FILES, entries: (entries) => entries.slice(0, -1) },
  },
  { code: 'WHEEL_RECORD_ROW_MISSING', what: 'a file that RECORD does not name', wheel: recordRow(() => []) },
  {
    code: 'WHEEL_RECORD_FILE_ABSENT',
    what: 'a row without a file',
    wheel: recordRow((row) => [row, ['risk/absent.py', row[1], row[2]]]),
  },
  { code: 'WHEEL_RECORD_SIZE', what: 'another size', wheel: recordRow(([path, hash]) => [[path, hash, '3']]) },
  { code: 'WHEEL_RECORD_DUPLICATE', what: 'a row twice', wheel: recordRow((row) => [row, row]) },
  { code: 'WHEEL_RECORD_NO_HASH', what: 'no hash', wheel: recordRow(([path, , size]) => [[path, '', size]]) },
  ...['md5', 'sha1'].map((algorithm) => ({
    code: 'WHEEL_RECORD_WEAK_HASH',
    what: algorithm,
    wheel: recordRow(([path, , size]) => [[path, recordHash(Buffer.from('x'), algorithm), size]]),
  })),
  {
    code: 'WHEEL_RECORD_WEAK_HASH',
    what: 'a property of every object',
    wheel: recordRow(([path, , size]) => [[path, 'constructor=x', size]]),
  },
  ...['./risk/data.txt', '/risk/data.txt', '../risk/data.txt', 'risk//data.txt'].map((path) => ({
    code: 'WHEEL_RECORD_PATH',
    what: path,
    wheel: recordRow(([, hash, size]) => [[path, hash, size]]),
  })),
  {
    code: 'WHEEL_RECORD_FORMAT',
    what: 'a size that is no number',
    wheel: recordRow(([path, hash]) => [[path, hash, '-1']]),
  },
  {
    code: 'WHEEL_RECORD_FORMAT',
    what: 'a digest of the wrong length',
    wheel: recordRow(([path, , size]) => [[path, 'sha256=abc', size]]),
  },
  { code: 'WHEEL_RECORD_FORMAT', what: 'a quotation without end', wheel: { distInfo: { RECORD: '"risk,' } } },
  {
    code: 'WHEEL_RECORD_HASH',
    what: 'METADATA that is not what RECORD says',
    wheel: {
      files: FILES,
      record: (rows) =>
        rows.map(([path, hash, size]) => [
          path,
          path.endsWith('/METADATA') ? recordHash(Buffer.from('x')) : hash,
          size,
        ]),
    },
  },
  {
    code: 'WHEEL_DIST_INFO_MISSING',
    what: 'no dist-info',
    wheel: { files: FILES, entries: (entries) => entries.slice(0, 2) },
  },
  { code: 'WHEEL_DIST_INFO_SEVERAL', what: 'two dist-info directories', wheel: named('other-2.0.dist-info/METADATA') },
  {
    code: 'WHEEL_DIST_INFO_FILE',
    what: 'no METADATA',
    wheel: {
      entries: (entries) => entries.filter(({ name }) => !String(name).endsWith('METADATA')),
      record: (rows) => rows.filter(([path]) => !path.endsWith('METADATA')),
    },
  },
  {
    code: 'WHEEL_METADATA_NAME',
    what: 'another name',
    wheel: { distInfo: { METADATA: 'Metadata-Version: 2.1\nName: evil\nVersion: 1.0\n' } },
  },
  { code: 'WHEEL_METADATA_NAME', what: 'no name', wheel: { distInfo: { METADATA: '' } } },
  {
    code: 'WHEEL_METADATA_VERSION',
    what: 'another version',
    wheel: { distInfo: { METADATA: 'Metadata-Version: 2.1\nName: risk\nVersion: 1.1\n' } },
  },
  { code: 'WHEEL_VERSION', what: 'Wheel-Version 2', wheel: { distInfo: { WHEEL: 'Wheel-Version: 2.0\n' } } },
  { code: 'WHEEL_VERSION', what: 'no Wheel-Version', wheel: { distInfo: { WHEEL: '' } } },
  { code: 'WHEEL_DATA_KEY', what: 'an unknown kind of data', wheel: named('risk-1.0.data/sneaky/x') },
  { code: 'WHEEL_DATA_NAME', what: "another distribution's data", wheel: named('other-1.0.data/scripts/x') },
  { code: 'WHEEL_NAME_PARENT', what: 'data that leaves the tree', wheel: named('risk-1.0.data/data/../../x') },
  ...['../../bin/x', 'python', 'python3.11', 'a\u202Eb'].map((name) => ({
    code: 'WHEEL_ENTRY_POINT',
    what: name,
    wheel: { distInfo: { 'entry_points.txt': `[console_scripts]\nfine = risk:main\n${name} = risk:main\n` } },
  })),
];

/** Refused when the wheel is opened: nothing was inflated but three files of dist-info. */
export const REFUSED_WHEN_OPENED: readonly HostileWheel[] = [...framing, ...names, ...moreNames, ...modes, ...metadata];

/** Headers and RECORD agree; only the bytes tell. Refused when the file is read. */
export const REFUSED_WHEN_READ: readonly HostileWheel[] = [
  {
    code: 'WHEEL_ZIP_CRC',
    what: 'another CRC',
    wheel: withEntry((entry) => ({ ...entry, local: { crc: 1 }, central: { crc: 1 } })),
  },
  {
    code: 'WHEEL_RECORD_HASH',
    what: 'another hash',
    wheel: recordRow(([path, , size]) => [[path, recordHash(Buffer.from('x')), size]]),
  },
  {
    code: 'WHEEL_RECORD_HASH',
    what: 'another sha512',
    wheel: recordRow(([path, , size]) => [[path, recordHash(Buffer.from('x'), 'sha512'), size]]),
  },
  {
    code: 'WHEEL_ZIP_DATA',
    what: 'no deflate stream',
    wheel: withEntry((entry) => ({ ...entry, compressed: Buffer.alloc(100, 0xff) })),
  },
  {
    code: 'WHEEL_ZIP_DATA',
    what: 'a deflate stream cut short',
    wheel: withEntry((entry) => ({ ...entry, compressed: deflateRawSync(entry.data).subarray(0, -4) })),
  },
  {
    code: 'WHEEL_ZIP_ENTRY_TRAILING',
    what: 'bytes behind the deflate stream',
    wheel: withEntry((entry) => ({
      ...entry,
      compressed: Buffer.concat([deflateRawSync(entry.data), Buffer.from('behind')]),
    })),
  },
  { code: 'WHEEL_ZIP_ENTRY_SIZE', what: 'more than the headers say', wheel: sized(10) },
  { code: 'WHEEL_ZIP_ENTRY_SIZE', what: 'less than the headers say', wheel: sized(2000) },
  { code: 'WHEEL_ZIP_ENTRY_SIZE', what: 'an empty file that is not', wheel: sized(0) },
];

/** All headers and RECORD say this size. */
function sized(size: number): Partial<WheelOptions> {
  return {
    ...withEntry((entry) => ({ ...entry, local: { size }, central: { size } })),
    record: (rows) => rows.map(([path, hash, right]) => [path, hash, path === TARGET ? String(size) : right]),
  };
}
