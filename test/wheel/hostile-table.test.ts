import { expect, test } from 'vitest';
import type { HostileWheel } from '../support/hostile/hostile-wheel.ts';
import { hostileWheels } from '../support/hostile/hostile-wheels.ts';

/**
 * What archives are known to lie about, each with a case of it by code and words. None may be dropped.
 *
 * Not among them, because real wheels have them and they are taken: files that everybody may write (published as 644 or
 * 755), names that differ in case only (a note; a refusal on disks that take them for one), `.pth` with `import` (without
 * effect in a job, and reported).
 */
const CASES: readonly (readonly [group: string, which: string, code: string, what: RegExp])[] = [
  ['framing', 'bytes before the archive', 'WHEEL_ZIP_DIRECTORY_PLACE', /^bytes before the archive$/],
  ['framing', 'bytes before it, counted', 'WHEEL_ZIP_LEADING_BYTES', /^bytes before the archive, with/],
  ['framing', 'bytes after the archive', 'WHEEL_ZIP_TRAILING_BYTES', /^bytes behind the archive$/],
  ['framing', 'zip in comment', 'WHEEL_ZIP_COMMENT', /^an archive in the comment/],
  ['framing', 'a comment', 'WHEEL_ZIP_COMMENT', /^an archive comment$/],
  ['framing', 'two end-of-directory records', 'WHEEL_ZIP_TRAILING_BYTES', /^two end records$/],
  ['framing', 'ZIP64: end records that disagree', 'WHEEL_ZIP_ZIP64', /^end records that disagree/],
  ['framing', 'ZIP64: fewer numbers', 'WHEEL_ZIP_ZIP64', /fewer numbers/],
  ['framing', 'ZIP64: more numbers', 'WHEEL_ZIP_ZIP64', /more numbers/],
  ['framing', 'ZIP64: in one header only', 'WHEEL_ZIP_LOCAL_HEADER', /^ZIP64 in the local header only/],
  ['framing', 'entries missing in the directory', 'WHEEL_ZIP_GAP', /the directory does not have/],
  ['framing', 'extra entries in the directory', 'WHEEL_ZIP_LOCAL_HEADER', /only the directory has/],
  ['framing', 'other sizes than the local headers', 'WHEEL_ZIP_LOCAL_HEADER', /^another size/],
  ['framing', 'duplicate names', 'WHEEL_ZIP_DUPLICATE', /^one name twice$/],
  ['framing', 'data descriptors that disagree', 'WHEEL_ZIP_DESCRIPTOR', /^a data descriptor with another crc$/],
  ['framing', 'methods other than stored and deflated', 'WHEEL_ZIP_METHOD', /LZMA/],
  ['framing', 'reserved flags', 'WHEEL_ZIP_FLAGS', /^the reserved flag 4$/],
  ['framing', 'streamed, with sizes of its own', 'WHEEL_ZIP_LOCAL_HEADER', /before it other sizes in a ZIP64 field$/],
  ['framing', 'encryption', 'WHEEL_ZIP_ENCRYPTED', /^encryption$/],
  ['framing', 'overlapping entries', 'WHEEL_ZIP_OVERLAP', /reaching into the next/],
  ['framing', 'CRC mismatch', 'WHEEL_ZIP_CRC', /another CRC/],
  ['framing', 'trailing data in an entry', 'WHEEL_ZIP_ENTRY_TRAILING', /^trailing bytes/],
  ['names', '../x', 'WHEEL_NAME_PARENT', /^"\.\.\/x"$/],
  ['names', 'a/../../x', 'WHEEL_NAME_PARENT', /^"risk\/\.\.\/\.\.\/x"$/],
  ['names', '/x', 'WHEEL_NAME_ABSOLUTE', /^"\/x"$/],
  ['names', 'C:\\x', 'WHEEL_NAME_ABSOLUTE', /^"C:\\\\x"$/],
  ['names', '\\\\srv\\x', 'WHEEL_NAME_ABSOLUTE', /^"\\\\\\\\server\\\\x"$/],
  ['names', 'a\\..\\x', 'WHEEL_NAME_BACKSLASH', /^"risk\\\\\.\.\\\\x"$/],
  ['names', 'NUL', 'WHEEL_NAME_CONTROL', /\\u0000/],
  ['names', 'newline', 'WHEEL_NAME_CONTROL', /\\n/],
  ['names', 'other control characters', 'WHEEL_NAME_CONTROL', /\\u001b/],
  ['names', 'right-to-left override', 'WHEEL_NAME_INVISIBLE', /\u202E/],
  ['names', 'fillers', 'WHEEL_NAME_INVISIBLE', /\u3164/],
  ['names', 'empty', 'WHEEL_NAME_EMPTY', /^""$/],
  ['names', '.', 'WHEEL_NAME_DOT', /^"\."$/],
  ['names', 'trailing dot', 'WHEEL_NAME_TRAILING', /^"risk\/x\."$/],
  ['names', 'trailing space', 'WHEEL_NAME_TRAILING', /^"risk\/x "$/],
  ['names', '256 UTF-8 bytes', 'WHEEL_NAME_LONG', /ä/],
  ['names', 'very deep', 'WHEEL_NAME_DEEP', /d\/d\/d/],
  ['names', ';', 'WHEEL_NAME_SEPARATOR', /a;b/],
  ['names', ':', 'WHEEL_NAME_SEPARATOR', /a:b/],
  ['names', 'not valid UTF-8', 'WHEEL_NAME_ENCODING', /^not valid UTF-8/],
  ['names', 'NFC/NFD pair', 'WHEEL_NAME_TWINS', /composed and decomposed/],
  ['names', 'a file that is also a directory', 'WHEEL_NAME_CLASH', /^a file that is also a directory$/],
  ['names', '__proto__', 'WHEEL_NAME_PROTOTYPE', /__proto__/],
  ['names', 'a prefix look-alike', 'WHEEL_NAME_PARENT', /env-evil/],
  ['links, modes', 'absolute symlink', 'WHEEL_MODE_SYMLINK', /^an absolute symbolic link$/],
  ['links, modes', 'relative symlink', 'WHEEL_MODE_SYMLINK', /^a relative symbolic link$/],
  ['links, modes', 'symlink loop', 'WHEEL_MODE_SYMLINK', /^a loop of two/],
  ['links, modes', 'a file through a symlink', 'WHEEL_NAME_CLASH', /^a file through a symbolic link$/],
  ['links, modes', 'FIFO', 'WHEEL_MODE_SPECIAL', /^a FIFO$/],
  ['links, modes', 'device bits', 'WHEEL_MODE_SPECIAL', /^a block device$/],
  ['links, modes', 'setuid', 'WHEEL_MODE_SETUID', /^set-user-ID$/],
  ['links, modes', 'a directory by attribute', 'WHEEL_MODE_SPECIAL', /^a directory by attribute/],
  ['bombs', '4 GiB declared for 120 bytes', 'WHEEL_ZIP_SIZE', /^4 GiB declared for 120 bytes$/],
  ['bombs', '10 MiB → 10 GiB, many', 'WHEEL_LIMIT_RATIO', /^10 MiB that become 10 GiB in a thousand/],
  ['bombs', '10 MiB → 10 GiB, one', 'WHEEL_LIMIT_FILE_BYTES', /^10 MiB that become 10 GiB in one/],
  ['bombs', 'while streaming', 'WHEEL_ZIP_ENTRY_SIZE', /headers that say 10 MiB$/],
  ['bombs', 'overlapping entries', 'WHEEL_ZIP_OVERLAP', /quote the headers/],
  ['bombs', 'a million empty files', 'WHEEL_LIMIT_ENTRIES', /^a million empty files/],
  ['bombs', 'millions of lines', 'WHEEL_LIMIT_DIST_INFO', /^four million continued lines/],
  ['bombs', 'a field of megabytes', 'WHEEL_METADATA_LONG', /^a requirement of a million characters$/],
  ['bombs', 'padding that takes minutes', 'WHEEL_RECORD_FORMAT', /two hundred thousand signs of padding/],
  ['wheel metadata', 'RECORD missing', 'WHEEL_RECORD_MISSING', /^RECORD missing$/],
  ['wheel metadata', 'row missing', 'WHEEL_RECORD_ROW_MISSING', /^row missing$/],
  ['wheel metadata', 'file absent', 'WHEEL_RECORD_FILE_ABSENT', /absent$/],
  ['wheel metadata', 'wrong hash', 'WHEEL_RECORD_HASH', /^wrong hash$/],
  ['wheel metadata', 'wrong size', 'WHEEL_RECORD_SIZE', /^wrong size$/],
  ['wheel metadata', 'md5', 'WHEEL_RECORD_WEAK_HASH', /^md5$/],
  ['wheel metadata', 'duplicate row', 'WHEEL_RECORD_DUPLICATE', /^duplicate row$/],
  ['wheel metadata', './', 'WHEEL_RECORD_PATH', /"\.\/risk/],
  ['wheel metadata', 'absolute', 'WHEEL_RECORD_PATH', /"\/risk/],
  ['wheel metadata', '..', 'WHEEL_RECORD_PATH', /"\.\.\/risk/],
  ['wheel metadata', 'two dist-info', 'WHEEL_DIST_INFO_SEVERAL', /^two dist-info$/],
  ['wheel metadata', 'name unlike the file name', 'WHEEL_METADATA_NAME', /^name unlike/],
  ['wheel metadata', 'version unlike the file name', 'WHEEL_METADATA_VERSION', /^version unlike/],
  ['wheel metadata', 'Wheel-Version 2', 'WHEEL_VERSION', /^Wheel-Version 2$/],
  ['wheel metadata', 'unknown `.data` key', 'WHEEL_DATA_KEY', /^unknown \.data key$/],
  ['wheel metadata', '`.data/data/../../x`', 'WHEEL_NAME_PARENT', /^\.data\/data\/\.\.\/\.\.\/x$/],
  ['wheel metadata', 'entry point `../../bin/x`', 'WHEEL_ENTRY_POINT', /"\.\.\/\.\.\/bin\/x"/],
  ['wheel metadata', 'entry point `python`', 'WHEEL_ENTRY_POINT', /"python"/],
  ['wheel metadata', 'two wheels, one path, other content', 'ENV_CONFLICT', /^two wheels, one path, other content$/],
  ['wheel metadata', '`sitecustomize.py`', 'ENV_START_UP_FILE', /^sitecustomize\.py$/],
  ['wheel metadata', '`usercustomize.py`', 'ENV_START_UP_FILE', /^usercustomize\.py$/],
  ['wheel metadata', 'a module of the standard library', 'ENV_STANDARD_LIBRARY', /^a module that hides/],
  ['wheel metadata', "our own metadata's names", 'ENV_RESERVED_NAME', /activate_env\.py/],
];

const all = [...hostileWheels()];

test.each(CASES)('%s: %s is %s', (_group, _which, code, what) => {
  const found = all.filter((one: HostileWheel) => one.code === code && what.test(one.what));
  expect(found).not.toHaveLength(0);
});

test('every case has words of its own', () => {
  const words = all.map(({ code, what }) => `${code}: ${what}`);
  expect(words.filter((one, index) => words.indexOf(one) !== index)).toEqual([]);
});
