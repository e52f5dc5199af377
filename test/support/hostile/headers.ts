import { deflateRawSync } from 'node:zlib';
import { extraField, zip64Extra } from '../zip-maker.ts';
import { FILES, type HostileWheel, sized, withEntry, withMore } from './hostile-wheel.ts';

/** Flags in both headers. */
const flags = (bits: number): HostileWheel['wheel'] =>
  withEntry((entry) => ({ ...entry, local: { flags: bits }, central: { flags: bits } }));

const hidden = { name: 'risk/evil.py', data: Buffer.from('x') };

/** Local headers, the directory's headers and data descriptors that are not one and the same. */
const disagreements: readonly HostileWheel[] = [
  {
    code: 'WHEEL_ZIP_GAP',
    what: 'an entry that the directory does not have',
    wheel: { files: FILES, entries: ([first, ...rest]) => [first!, { ...hidden, only: 'local' }, ...rest] },
  },
  {
    code: 'WHEEL_ZIP_LOCAL_HEADER',
    what: 'an entry that only the directory has',
    wheel: withMore({ ...hidden, only: 'central' }),
  },
  ...[
    { what: 'another name', local: { name: Buffer.from('risk/other.txt') } },
    { what: 'another size', local: { size: 3 } },
    { what: 'another compressed size', local: { compressedSize: 3 } },
    { what: 'another CRC', local: { crc: 3 } },
    { what: 'another method', local: { method: 0 } },
    { what: 'another flag', local: { flags: 1 } },
    { what: 'a flag for UTF-8', local: { flags: 0x800 } },
    { what: 'a flag for a data descriptor', local: { flags: 8 } },
  ].map(({ what, local }) => ({
    code: 'WHEEL_ZIP_LOCAL_HEADER',
    what: `${what} in the local header`,
    wheel: withEntry((entry) => ({ ...entry, local })),
  })),
  {
    code: 'WHEEL_ZIP_DUPLICATE',
    what: 'one name twice',
    wheel: { files: FILES, entries: (entries) => [...entries, entries[0]!] },
  },
  {
    code: 'WHEEL_ZIP_DUPLICATE',
    what: 'one name twice, with other content',
    wheel: withMore({ name: 'risk/__init__.py', data: Buffer.from('evil = 1\n') }),
  },
  ...[{ crc: 1 }, { size: 1 }, { compressedSize: 1 }].map((descriptor) => ({
    code: 'WHEEL_ZIP_DESCRIPTOR',
    what: `a data descriptor with another ${Object.keys(descriptor)[0]}`,
    wheel: withEntry((entry) => ({ ...entry, descriptor })),
  })),
  {
    code: 'WHEEL_ZIP_DESCRIPTOR',
    what: 'a data descriptor that was announced and is missing',
    wheel: flags(8),
  },
  {
    code: 'WHEEL_ZIP_LOCAL_HEADER',
    what: 'a data descriptor, and a CRC in the local header that it does not have',
    wheel: withEntry((entry) => ({ ...entry, descriptor: {}, local: { crc: 3 } })),
  },
  {
    code: 'WHEEL_ZIP_EXTRA',
    what: 'extra fields that do not add up',
    wheel: withEntry((entry) => ({ ...entry, central: { extra: Buffer.from([1, 0, 9, 0, 1]) } })),
  },
  {
    code: 'WHEEL_ZIP_EXTRA',
    what: 'an extra field twice',
    wheel: withEntry((entry) => ({ ...entry, local: { extra: Buffer.from([9, 9, 0, 0, 9, 9, 0, 0]) } })),
  },
  ...(['local', 'central'] as const).map((header) => ({
    code: 'WHEEL_ZIP_SECOND_NAME',
    what: `another name in the Unicode Path field, ${header}`,
    wheel: withEntry((entry) => ({
      ...entry,
      [header]: { extra: extraField(0x7075, Buffer.from('\x01\0\0\0\0risk/other.py')) },
    })),
  })),
];

const SATURATED = 0xffffffff;

/** Local headers that leave sizes to a data descriptor, and say something all the same. */
const streamed: readonly HostileWheel[] = [
  ...[
    {
      what: 'other sizes in a ZIP64 field',
      local: { size: SATURATED, compressedSize: SATURATED, extra: zip64Extra([9, 9]) },
    },
    {
      what: 'another size in a ZIP64 field',
      local: { size: SATURATED, compressedSize: SATURATED, extra: zip64Extra([0, 9]) },
    },
    { what: 'other sizes in a ZIP64 field that is not asked for', local: { extra: zip64Extra([9, 9]) } },
    { what: 'one size of zero, one saturated', local: { compressedSize: SATURATED, extra: zip64Extra([0]) } },
    { what: 'one size saturated, one of zero', local: { size: SATURATED, extra: zip64Extra([0]) } },
    { what: 'a size', local: { size: 9 } },
  ].map(({ what, local }) => ({
    code: 'WHEEL_ZIP_LOCAL_HEADER',
    what: `a data descriptor, and before it ${what}`,
    wheel: withEntry((entry) => ({ ...entry, descriptor: {}, local })),
  })),
  {
    code: 'WHEEL_ZIP_ZIP64',
    what: 'a data descriptor, and before it saturated sizes without a ZIP64 field',
    wheel: withEntry((entry) => ({ ...entry, descriptor: {}, local: { size: SATURATED, compressedSize: SATURATED } })),
  },
  {
    code: 'WHEEL_ZIP_ZIP64',
    what: 'a data descriptor, and before it a ZIP64 field with one number',
    wheel: withEntry((entry) => ({ ...entry, descriptor: {}, local: { extra: zip64Extra([0]) } })),
  },
  ...[true, false].map((signature) => ({
    code: 'WHEEL_ZIP_DESCRIPTOR',
    what: `a data descriptor of ${signature ? 24 : 20} bytes, without a ZIP64 field`,
    wheel: withEntry((entry) => ({ ...entry, descriptor: { large: true, signature } })),
  })),
];

/** Ways of storing bytes that not every reader of wheels knows. */
const methods: readonly HostileWheel[] = [
  ...[
    [1, 'shrunk'],
    [9, 'Deflate64'],
    [12, 'bzip2'],
    [14, 'LZMA'],
    [93, 'Zstandard'],
    [95, 'XZ'],
    [97, 'WavPack'],
    [99, 'AES'],
  ].map(([method, name]) => ({
    code: 'WHEEL_ZIP_METHOD',
    what: `compression method ${method} (${name})`,
    wheel: withEntry((entry) => ({ ...entry, method: Number(method) })),
  })),
  { code: 'WHEEL_ZIP_FLAGS', what: 'patched data', wheel: flags(1 << 5) },
  ...[4, 7, 8, 9, 10, 12, 14, 15].map((bit) => ({
    code: 'WHEEL_ZIP_FLAGS',
    what: `the reserved flag ${bit}`,
    wheel: flags(1 << bit),
  })),
  { code: 'WHEEL_ZIP_ENCRYPTED', what: 'encryption', wheel: flags(1) },
  { code: 'WHEEL_ZIP_ENCRYPTED', what: 'strong encryption', wheel: flags(1 | (1 << 6)) },
  { code: 'WHEEL_ZIP_ENCRYPTED', what: 'the flag of strong encryption alone', wheel: flags(1 << 6) },
  { code: 'WHEEL_ZIP_ENCRYPTED', what: 'masked headers', wheel: flags(1 << 13) },
  ...(['local', 'central'] as const).map((header) => ({
    code: 'WHEEL_ZIP_VERSION',
    what: `a format of the future, ${header}`,
    wheel: withEntry((entry) => ({ ...entry, [header]: { version: 64 } })),
  })),
];

/** Headers and RECORD agree; only the bytes tell. */
const data: readonly HostileWheel[] = [
  {
    code: 'WHEEL_ZIP_CRC',
    what: 'another CRC in all headers',
    wheel: withEntry((entry) => ({ ...entry, local: { crc: 1 }, central: { crc: 1 } })),
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
    what: 'trailing bytes behind the deflate stream',
    wheel: withEntry((entry) => ({
      ...entry,
      compressed: Buffer.concat([deflateRawSync(entry.data), Buffer.from('behind')]),
    })),
  },
  {
    code: 'WHEEL_ZIP_ENTRY_TRAILING',
    what: 'a second deflate stream behind the first',
    wheel: withEntry((entry) => ({
      ...entry,
      compressed: Buffer.concat([deflateRawSync(entry.data), deflateRawSync(Buffer.from('evil'))]),
    })),
  },
  { code: 'WHEEL_ZIP_ENTRY_SIZE', what: 'more bytes than the headers say', wheel: sized(10) },
  { code: 'WHEEL_ZIP_ENTRY_SIZE', what: 'fewer bytes than the headers say', wheel: sized(2000) },
  { code: 'WHEEL_ZIP_ENTRY_SIZE', what: 'an empty file that is not', wheel: sized(0) },
].map((one) => ({ ...one, refusedWhen: 'read' as const }));

const sizes: readonly HostileWheel[] = [
  {
    code: 'WHEEL_ZIP_SIZE',
    what: 'a stored entry of another size',
    wheel: withEntry((entry) => ({ ...entry, method: 0, local: { size: 3 }, central: { size: 3 } })),
  },
  {
    code: 'WHEEL_NAME_CLASH',
    what: 'a directory with data',
    wheel: withMore({ name: 'risk/sub/', data: Buffer.from('x'), mode: 0o40755 }),
  },
  {
    code: 'WHEEL_NAME_CLASH',
    what: 'a directory with data that say they are none',
    wheel: withMore({
      name: 'risk/sub/',
      data: Buffer.alloc(0),
      compressed: deflateRawSync(Buffer.from('hidden data')),
      mode: 0o40755,
    }),
  },
  {
    code: 'WHEEL_NAME_CLASH',
    what: 'a directory with a CRC',
    wheel: withMore({
      name: 'risk/sub/',
      data: Buffer.alloc(0),
      method: 0,
      mode: 0o40755,
      local: { crc: 7 },
      central: { crc: 7 },
    }),
  },
];

export const headers: readonly HostileWheel[] = [...disagreements, ...streamed, ...methods, ...sizes, ...data];
