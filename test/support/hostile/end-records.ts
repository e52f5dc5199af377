import { directoryOf, FILES, type HostileWheel, patched, withEntry } from './hostile-wheel.ts';
import { extraField, zip64Extra } from '../zip-maker.ts';

const END_BYTES = 22;

/** How the archive begins and ends, and where its directory is. */
export const endRecords: readonly HostileWheel[] = [
  { code: 'WHEEL_NOT_A_ZIP', what: 'an error page', wheel: {}, bytes: () => Buffer.from('<html>503</html>') },
  { code: 'WHEEL_NOT_A_ZIP', what: 'an empty file', wheel: {}, bytes: () => Buffer.alloc(0) },
  { code: 'WHEEL_NOT_A_ZIP', what: 'cut short', wheel: {}, bytes: (wheel) => wheel.subarray(0, wheel.length - 30) },
  { code: 'WHEEL_DIST_INFO_MISSING', what: 'an end record alone', wheel: {}, bytes: () => endRecord() },
  {
    code: 'WHEEL_ZIP_DIRECTORY_PLACE',
    what: 'bytes before the archive',
    wheel: { files: FILES },
    bytes: (wheel) => Buffer.concat([Buffer.from('#!/bin/sh\n'), wheel]),
  },
  {
    code: 'WHEEL_ZIP_LEADING_BYTES',
    what: 'bytes before the archive, with offsets that know of them',
    wheel: { files: FILES, entries: ([first, ...rest]) => [{ ...first!, only: 'local' }, ...rest] },
  },
  {
    code: 'WHEEL_ZIP_TRAILING_BYTES',
    what: 'bytes behind the archive',
    wheel: { files: FILES },
    bytes: (wheel) => Buffer.concat([wheel, Buffer.from('trailing')]),
  },
  {
    code: 'WHEEL_ZIP_TRAILING_BYTES',
    what: 'zeros behind the archive',
    wheel: { files: FILES },
    bytes: (wheel) => Buffer.concat([wheel, Buffer.alloc(4096)]),
  },
  { code: 'WHEEL_ZIP_COMMENT', what: 'an archive comment', wheel: { zip: { comment: Buffer.from('hello') } } },
  {
    code: 'WHEEL_ZIP_TRAILING_BYTES',
    what: 'a whole archive in the comment, and more',
    wheel: { files: FILES },
    bytes: (wheel) => {
      const comment = Buffer.concat([wheel, Buffer.from('behind it')]);
      const outer = Buffer.from(wheel);
      outer.writeUInt16LE(comment.length, wheel.length - 2);
      return Buffer.concat([outer, comment]);
    },
  },
  {
    code: 'WHEEL_ZIP_COMMENT',
    what: 'an archive in the comment, ending like this one',
    wheel: { files: FILES },
    bytes: (wheel) => {
      const outer = Buffer.from(wheel);
      outer.writeUInt16LE(wheel.length, wheel.length - 2);
      return Buffer.concat([outer, wheel]);
    },
  },
  {
    code: 'WHEEL_ZIP_TRAILING_BYTES',
    what: 'an archive in a comment that is cut short',
    wheel: {},
    bytes: (wheel) => {
      const outer = Buffer.concat([wheel, wheel]);
      outer.writeUInt16LE(wheel.length, wheel.length - 2);
      return outer.subarray(0, outer.length - 1);
    },
  },
  {
    code: 'WHEEL_ZIP_TRAILING_BYTES',
    what: 'two end records',
    wheel: { files: FILES },
    bytes: (wheel) => Buffer.concat([wheel, wheel.subarray(-END_BYTES)]),
  },
  {
    code: 'WHEEL_ZIP_DIRECTORY_PLACE',
    what: 'two end records, the second of an empty archive',
    wheel: { files: FILES },
    bytes: (wheel) => Buffer.concat([wheel, endRecord()]),
  },
  {
    code: 'WHEEL_ZIP_GAP',
    what: 'two directories, one behind the other',
    wheel: { files: FILES },
    bytes: (wheel) => {
      const directory = wheel.subarray(directoryOf(wheel), wheel.length - END_BYTES);
      const end = Buffer.from(wheel.subarray(-END_BYTES));
      end.writeUInt32LE(wheel.length - END_BYTES, 16);
      return Buffer.concat([wheel.subarray(0, wheel.length - END_BYTES), directory, end]);
    },
  },
  {
    code: 'WHEEL_ZIP_COUNT',
    what: 'fewer entries than the end record says',
    wheel: { zip: { end: { entries: 99 } } },
  },
  { code: 'WHEEL_ZIP_COUNT', what: 'more entries than the end record says', wheel: { zip: { end: { entries: 1 } } } },
  {
    code: 'WHEEL_ZIP_DIRECTORY_PLACE',
    what: 'a directory shorter than it is',
    wheel: { zip: { end: { directorySize: 46 } } },
  },
  {
    code: 'WHEEL_ZIP_DISKS',
    what: 'an end record of another disk',
    wheel: {},
    bytes: patched((copy) => copy.writeUInt16LE(1, copy.length - 18)),
  },
  {
    code: 'WHEEL_ZIP_DISKS',
    what: 'entries on another disk',
    wheel: {},
    bytes: patched((copy) => copy.writeUInt16LE(9, copy.length - 14)),
  },
  {
    code: 'WHEEL_ZIP_DISKS',
    what: 'an entry of another disk',
    wheel: {},
    bytes: patched((copy) => copy.writeUInt16LE(1, directoryOf(copy) + 34)),
  },
  {
    code: 'WHEEL_ZIP_ZIP64',
    what: 'end records that disagree on the number of entries',
    wheel: { zip: { zip64End: true } },
    bytes: patched((copy) => copy.fill('\x07\0\x07\0', copy.length - END_BYTES + 8, copy.length - END_BYTES + 12)),
  },
  {
    code: 'WHEEL_ZIP_ZIP64',
    what: 'end records that disagree on the size of the directory',
    wheel: { zip: { zip64End: true } },
    bytes: patched((copy) => copy.writeUInt32LE(46, copy.length - END_BYTES + 12)),
  },
  ...[
    { what: 'entries', at: 32 },
    { what: 'bytes of directory', at: 40 },
    { what: 'bytes before the directory', at: 48 },
  ].map(({ what, at }) => ({
    code: 'WHEEL_ZIP_ZIP64',
    what: `2^63 ${what}`,
    wheel: { zip: { zip64End: true } },
    bytes: patched((copy) => {
      const record = copy.length - END_BYTES - 20 - 56;
      copy.writeBigUInt64LE(2n ** 63n, record + at);
      if (at === 32) copy.writeBigUInt64LE(2n ** 63n, record + 24);
    }),
  })),
  {
    code: 'WHEEL_ZIP_ZIP64',
    what: 'a locator that points elsewhere',
    wheel: { zip: { zip64End: true } },
    bytes: patched((copy) => copy.fill(0, copy.length - END_BYTES - 12, copy.length - END_BYTES - 4)),
  },
  {
    code: 'WHEEL_ZIP_ZIP64',
    what: 'a locator of several disks',
    wheel: { zip: { zip64End: true } },
    bytes: patched((copy) => copy.writeUInt32LE(2, copy.length - END_BYTES - 4)),
  },
  {
    code: 'WHEEL_ZIP_ZIP64',
    what: 'a ZIP64 end record that is longer than usual',
    wheel: { zip: { zip64End: true, zip64Extension: Buffer.alloc(8) } },
  },
  {
    code: 'WHEEL_ZIP_ZIP64',
    what: 'a ZIP64 end record that says another length',
    wheel: { zip: { zip64End: true } },
    bytes: patched((copy) => copy.writeBigUInt64LE(2n ** 63n, copy.length - END_BYTES - 20 - 52)),
  },
  {
    code: 'WHEEL_ZIP_DIRECTORY_PLACE',
    what: 'a ZIP64 end record without its locator',
    wheel: { zip: { zip64End: true } },
    bytes: (wheel) => Buffer.concat([wheel.subarray(0, -END_BYTES - 20), wheel.subarray(-END_BYTES)]),
  },
  {
    code: 'WHEEL_ZIP_ZIP64',
    what: 'a saturated size without a ZIP64 field',
    wheel: withEntry((entry) => ({ ...entry, zip64: true, central: { extra: Buffer.alloc(0) } })),
  },
  {
    code: 'WHEEL_ZIP_ZIP64',
    what: 'a ZIP64 field with fewer numbers than are saturated',
    wheel: withEntry((entry) => ({ ...entry, zip64: true, central: { extra: zip64Extra([1000, 40]) } })),
  },
  {
    code: 'WHEEL_ZIP_ZIP64',
    what: 'a ZIP64 field with more numbers than are saturated',
    wheel: withEntry((entry) => ({ ...entry, central: { extra: zip64Extra([7, 7, 7]) } })),
  },
  {
    code: 'WHEEL_ZIP_ZIP64',
    what: 'a ZIP64 field of an odd length',
    wheel: withEntry((entry) => ({ ...entry, central: { extra: extraField(1, Buffer.alloc(5)) } })),
  },
  {
    code: 'WHEEL_ZIP_ZIP64',
    what: 'a ZIP64 number beyond what is exact',
    wheel: withEntry((entry) => ({ ...entry, zip64: true, central: { extra: extraField(1, Buffer.alloc(24, 0xff)) } })),
  },
  {
    code: 'WHEEL_ZIP_ZIP64',
    what: 'a saturated size in the local header without a ZIP64 field',
    wheel: withEntry((entry) => ({ ...entry, local: { size: 0xffffffff, compressedSize: 0xffffffff } })),
  },
  {
    code: 'WHEEL_ZIP_LOCAL_HEADER',
    what: 'ZIP64 in the local header only, with another size',
    wheel: withEntry((entry) => ({
      ...entry,
      local: { size: 0xffffffff, compressedSize: 0xffffffff, extra: zip64Extra([9, 9]) },
    })),
  },
  {
    code: 'WHEEL_ZIP_DIRECTORY',
    what: 'a directory that is not one',
    wheel: { files: FILES },
    bytes: patched((copy) => copy.writeUInt32LE(0, directoryOf(copy))),
  },
  {
    code: 'WHEEL_ZIP_DIRECTORY',
    what: 'a digital signature in the directory',
    wheel: { files: FILES, zip: { endOfDirectory: Buffer.from('PK\x05\x05\x04\0sign', 'latin1') } },
  },
  {
    code: 'WHEEL_ZIP_GAP',
    what: 'an archive extra data record before the directory',
    wheel: { files: FILES, zip: { beforeDirectory: Buffer.from('PK\x06\x08\x04\0\0\0more', 'latin1') } },
  },
  {
    code: 'WHEEL_ZIP_DIRECTORY',
    what: 'a name that is longer than the directory',
    wheel: { files: FILES },
    bytes: patched((copy) => copy.writeUInt16LE(0xffff, directoryOf(copy) + 28)),
  },
];

/** Of an archive without entries. */
function endRecord(): Buffer {
  const end = Buffer.alloc(END_BYTES);
  end.writeUInt32LE(0x06054b50, 0);
  return end;
}
