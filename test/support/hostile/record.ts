import { recordHash, type RecordRow } from '../wheel-maker.ts';
import { FILES, type HostileWheel, recordRow } from './hostile-wheel.ts';

const OTHER = Buffer.from('x');

/** Changes RECORD as a whole. */
function recordText(change: (text: string) => string | Buffer): HostileWheel['wheel'] {
  return {
    files: FILES,
    entries: (entries) =>
      entries.map((entry) =>
        String(entry.name).endsWith('/RECORD') ? { ...entry, data: Buffer.from(change(entry.data.toString())) } : entry,
      ),
  };
}

/** Changes what RECORD says of itself. */
function ownRow(change: (path: string) => RecordRow): HostileWheel['wheel'] {
  return { files: FILES, record: (rows) => rows.map((row) => (row[0].endsWith('/RECORD') ? change(row[0]) : row)) };
}

/** A signature of RECORD, and what RECORD says of it. */
function signature(name: string, change: (row: RecordRow) => RecordRow): HostileWheel['wheel'] {
  return {
    files: FILES,
    distInfo: { [name]: 'signature' },
    record: (rows) => rows.map((row) => (row[0].endsWith(`/${name}`) ? change(row) : row)),
  };
}

const inWrongPlaces = [
  './risk/data.txt',
  '/risk/data.txt',
  '../risk/data.txt',
  'risk/../risk/data.txt',
  'risk//data.txt',
  'risk/data.txt/',
  'risk\\data.txt',
  '',
];

export const record: readonly HostileWheel[] = [
  {
    code: 'WHEEL_RECORD_MISSING',
    what: 'RECORD missing',
    wheel: { files: FILES, entries: (entries) => entries.slice(0, -1) },
  },
  { code: 'WHEEL_RECORD_ROW_MISSING', what: 'row missing', wheel: recordRow(() => []) },
  { code: 'WHEEL_RECORD_ROW_MISSING', what: 'an empty RECORD', wheel: recordText(() => '') },
  {
    code: 'WHEEL_RECORD_FILE_ABSENT',
    what: 'a row whose file is absent',
    wheel: recordRow((row) => [row, ['risk/absent.py', row[1], row[2]]]),
  },
  {
    code: 'WHEEL_RECORD_HASH',
    what: 'wrong hash',
    refusedWhen: 'read',
    wheel: recordRow(([path, , size]) => [[path, recordHash(OTHER), size]]),
  },
  ...['sha384', 'sha512'].map((algorithm) => ({
    code: 'WHEEL_RECORD_HASH',
    what: `wrong hash, ${algorithm}`,
    refusedWhen: 'read' as const,
    wheel: recordRow(([path, , size]) => [[path, recordHash(OTHER, algorithm), size]]),
  })),
  ...['METADATA', 'WHEEL'].map((name) => ({
    code: 'WHEEL_RECORD_HASH',
    what: `wrong hash of ${name}`,
    wheel: {
      files: FILES,
      record: (rows: [string, string, string][]) =>
        rows.map(([path, hash, size]): [string, string, string] => [
          path,
          path.endsWith(`/${name}`) ? recordHash(OTHER) : hash,
          size,
        ]),
    },
  })),
  {
    code: 'WHEEL_RECORD_HASH',
    what: 'a hash of RECORD itself',
    wheel: ownRow((path) => [path, recordHash(OTHER), '']),
  },
  { code: 'WHEEL_RECORD_SIZE', what: 'wrong size of RECORD itself', wheel: ownRow((path) => [path, '', '3']) },
  ...['RECORD.jws', 'RECORD.p7s'].flatMap((name): HostileWheel[] => [
    {
      code: 'WHEEL_RECORD_HASH',
      what: `wrong hash of ${name}`,
      refusedWhen: 'read',
      wheel: signature(name, ([path, , size]) => [path, recordHash(OTHER), size]),
    },
    {
      code: 'WHEEL_RECORD_SIZE',
      what: `wrong size of ${name}`,
      wheel: signature(name, ([path]) => [path, '', '3']),
    },
    {
      code: 'WHEEL_RECORD_FILE_ABSENT',
      what: `a row for ${name}, which is absent`,
      wheel: { files: FILES, record: (rows) => [...rows, [`risk-1.0.dist-info/${name}`, '', '']] },
    },
  ]),
  { code: 'WHEEL_RECORD_SIZE', what: 'wrong size', wheel: recordRow(([path, hash]) => [[path, hash, '3']]) },
  { code: 'WHEEL_RECORD_DUPLICATE', what: 'duplicate row', wheel: recordRow((row) => [row, row]) },
  {
    code: 'WHEEL_RECORD_DUPLICATE',
    what: 'duplicate row, with another hash',
    wheel: recordRow(([path, hash, size]) => [
      [path, hash, size],
      [path, recordHash(OTHER), size],
    ]),
  },
  { code: 'WHEEL_RECORD_NO_HASH', what: 'no hash', wheel: recordRow(([path, , size]) => [[path, '', size]]) },
  ...['md5', 'sha1', 'sha224'].map((algorithm) => ({
    code: 'WHEEL_RECORD_WEAK_HASH',
    what: algorithm,
    wheel: recordRow(([path, , size]) => [[path, recordHash(OTHER, algorithm), size]]),
  })),
  ...['constructor', '__proto__', 'SHA256', ''].map((algorithm) => ({
    code: 'WHEEL_RECORD_WEAK_HASH',
    what: `the unknown hash ${JSON.stringify(algorithm)}`,
    wheel: recordRow(([path, , size]) => [[path, `${algorithm}=x`, size]]),
  })),
  ...inWrongPlaces.map((path) => ({
    code: 'WHEEL_RECORD_PATH',
    what: `a row for ${JSON.stringify(path)}`,
    wheel: recordRow(([, hash, size]) => [[path, hash, size]]),
  })),
  {
    code: 'WHEEL_RECORD_PATH',
    what: 'a row for a directory',
    wheel: recordRow((row) => [row, ['risk/', '', '']]),
  },
  {
    code: 'WHEEL_RECORD_PATH',
    what: 'a row with a control character',
    wheel: recordRow((row) => [row, ['risk/\x1b[2J', row[1], row[2]]]),
  },
  ...['-1', '1e3', '0x10', ' 1000', '1.0', '9'.repeat(16)].map((size) => ({
    code: 'WHEEL_RECORD_FORMAT',
    what: `a size of ${JSON.stringify(size)}`,
    wheel: recordRow(([path, hash]) => [[path, hash, size]]),
  })),
  {
    code: 'WHEEL_RECORD_FORMAT',
    what: 'a digest of the wrong length',
    wheel: recordRow(([path, , size]) => [[path, 'sha256=abc', size]]),
  },
  {
    code: 'WHEEL_RECORD_FORMAT',
    what: 'a digest in hexadecimal digits',
    wheel: recordRow(([path, hash, size]) => [[path, `sha256=${Buffer.from(hash).toString('hex')}`, size]]),
  },
  ...[
    { what: 'a digest that is padded beyond measure', behind: '='.repeat(5) },
    { what: 'a digest with two hundred thousand signs of padding, and more', behind: `${'='.repeat(200_000)}!` },
  ].map(({ what, behind }) => ({
    code: 'WHEEL_RECORD_FORMAT',
    what,
    wheel: recordRow(([path, hash, size]) => [[path, `${hash}${behind}`, size]]),
  })),
  { code: 'WHEEL_RECORD_FORMAT', what: 'a quotation without end', wheel: { distInfo: { RECORD: '"risk,' } } },
  { code: 'WHEEL_RECORD_FORMAT', what: 'an empty line', wheel: recordText((text) => `\n${text}`) },
  { code: 'WHEEL_RECORD_FORMAT', what: 'four fields', wheel: recordText((text) => text.replaceAll(/$/gm, ',')) },
  { code: 'WHEEL_RECORD_FORMAT', what: 'a field alone', wheel: recordText((text) => `${text}risk/x\n`) },
  {
    code: 'WHEEL_RECORD_DUPLICATE',
    what: 'a hundred thousand rows too many',
    wheel: recordText((text) => `${text}${'a,sha256=47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU,0\n'.repeat(100_000)}`),
  },
  { code: 'WHEEL_DIST_INFO_TEXT', what: 'RECORD with a byte order mark', wheel: recordText((text) => `\uFEFF${text}`) },
  { code: 'WHEEL_DIST_INFO_TEXT', what: 'RECORD with a NUL', wheel: recordText((text) => `${text}\0`) },
  {
    code: 'WHEEL_DIST_INFO_TEXT',
    what: 'RECORD that is not UTF-8',
    wheel: recordText((text) => Buffer.concat([Buffer.from(text), Buffer.from([0xff, 0x2c, 0x2c, 0x0a])])),
  },
];
