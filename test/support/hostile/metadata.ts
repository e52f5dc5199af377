import { deflateRawSync } from 'node:zlib';
import { FILES, type HostileWheel, named, withMore } from './hostile-wheel.ts';

const RIGHT = 'Metadata-Version: 2.1\nName: risk\nVersion: 1.0\n';

const metadataOf = (text: string | Buffer): HostileWheel['wheel'] => ({ files: FILES, distInfo: { METADATA: text } });
const wheelOf = (text: string | Buffer): HostileWheel['wheel'] => ({ files: FILES, distInfo: { WHEEL: text } });

const distInfo: readonly HostileWheel[] = [
  {
    code: 'WHEEL_DIST_INFO_MISSING',
    what: 'no dist-info',
    wheel: { files: FILES, entries: (entries) => entries.slice(0, 2) },
  },
  { code: 'WHEEL_DIST_INFO_SEVERAL', what: 'two dist-info', wheel: named('other-2.0.dist-info/METADATA') },
  { code: 'WHEEL_DIST_INFO_SEVERAL', what: 'two dist-info, one a file', wheel: named('other-2.0.dist-info') },
  {
    code: 'WHEEL_DIST_INFO_SEVERAL',
    what: 'two dist-info, one in capitals',
    wheel: named('other-2.0.DIST-INFO/METADATA'),
  },
  {
    code: 'WHEEL_DIST_INFO_SEVERAL',
    what: 'two dist-info, one of them empty',
    wheel: withMore({
      name: 'other-2.0.dist-info/',
      data: Buffer.alloc(0),
      compressed: deflateRawSync(Buffer.alloc(0)),
      mode: 0o40755,
    }),
  },
  {
    code: 'WHEEL_DIST_INFO_FILE',
    what: 'no METADATA',
    wheel: {
      entries: (entries) => entries.filter(({ name }) => !String(name).endsWith('METADATA')),
      record: (rows) => rows.filter(([path]) => !path.endsWith('METADATA')),
    },
  },
  {
    code: 'WHEEL_DIST_INFO_FILE',
    what: 'no WHEEL',
    wheel: {
      entries: (entries) => entries.filter(({ name }) => !String(name).endsWith('WHEEL')),
      record: (rows) => rows.filter(([path]) => !path.endsWith('WHEEL')),
    },
  },
  ...[
    ['evil', '1.0'],
    ['risk', '1.1'],
  ].map(([name, version]) => ({
    code: 'WHEEL_DIST_INFO_NAME',
    what: `dist-info called ${name}-${version}`,
    wheel: {
      files: FILES,
      entries: (entries: { name: string | Buffer; data: Buffer }[]) =>
        entries.map((entry) => ({
          ...entry,
          name: String(entry.name).replace('risk-1.0', `${name}-${version}`),
          data: String(entry.name).endsWith('RECORD')
            ? Buffer.from(entry.data.toString().replaceAll('risk-1.0', `${name}-${version}`))
            : entry.data,
        })),
    },
  })),
];

const fields: readonly HostileWheel[] = [
  { code: 'WHEEL_METADATA_NAME', what: 'name unlike the file name', wheel: metadataOf('Name: evil\nVersion: 1.0\n') },
  { code: 'WHEEL_METADATA_NAME', what: 'no name', wheel: metadataOf('') },
  { code: 'WHEEL_METADATA_NAME', what: 'a name behind the headers', wheel: metadataOf(`\n${RIGHT}`) },
  {
    code: 'WHEEL_METADATA_NAME',
    what: 'a name behind a line that is no header',
    wheel: metadataOf(`no header\n${RIGHT}`),
  },
  {
    code: 'WHEEL_METADATA_VERSION',
    what: 'version unlike the file name',
    wheel: metadataOf('Name: risk\nVersion: 1.1\n'),
  },
  {
    code: 'WHEEL_METADATA_VERSION',
    what: 'a version of four million numbers',
    wheel: metadataOf(`Name: risk\nVersion: 1${'.0'.repeat(4_000_000)}\n`),
  },
  {
    code: 'WHEEL_VERSION',
    what: 'a Wheel-Version of many digits',
    wheel: wheelOf(`Wheel-Version: 1.${'0'.repeat(5000)}\n`),
  },
  { code: 'WHEEL_METADATA_REPEATED', what: 'two names', wheel: metadataOf(`${RIGHT}Name: evil\n`) },
  { code: 'WHEEL_METADATA_REPEATED', what: 'two versions', wheel: metadataOf(`${RIGHT}Version: 2.0\n`) },
  {
    code: 'WHEEL_METADATA_CONTROL',
    what: 'a terminal escape sequence in a requirement',
    wheel: metadataOf(`${RIGHT}Requires-Dist: \x1b]0;title\x07pandas\n`),
  },
  {
    code: 'WHEEL_METADATA_CONTROL',
    what: 'a requirement that turns the direction of writing',
    wheel: metadataOf(`${RIGHT}Requires-Dist: pan\u202Edas\n`),
  },
  ...[
    { what: 'a name of seven million characters', text: `Name: ri${'_'.repeat(7_000_000)}sk\nVersion: 1.0\n` },
    {
      what: 'a Requires-Python of seven million characters',
      text: `${RIGHT}Requires-Python: ${'>=3,'.repeat(2e6)}>=3\n`,
    },
    { what: 'a requirement of a million characters', text: `${RIGHT}Requires-Dist: ${'a'.repeat(1e6)}\n` },
    { what: 'ten thousand extras', text: RIGHT + 'Provides-Extra: an-extra\n'.repeat(10_000) },
  ].map(({ what, text }) => ({ code: 'WHEEL_METADATA_LONG', what, wheel: metadataOf(text) })),
  ...[
    { what: 'four million continued lines in METADATA', file: 'METADATA', text: RIGHT + ' \n'.repeat(4_000_000) },
    { what: 'four million lines that end in CR', file: 'METADATA', text: `${RIGHT}\n${' \r'.repeat(4_000_000)}` },
    { what: 'a million lines in WHEEL', file: 'WHEEL', text: `Wheel-Version: 1.0\n${'A: b\n'.repeat(1_000_000)}` },
    {
      what: 'a million entry points',
      file: 'entry_points.txt',
      text: `[console_scripts]\n${'a=b:c\n'.repeat(1_000_000)}`,
    },
  ].map(({ what, file, text }) => ({
    code: 'WHEEL_LIMIT_DIST_INFO',
    what,
    wheel: { files: FILES, distInfo: { [file]: text } },
  })),
  { code: 'WHEEL_DIST_INFO_TEXT', what: 'METADATA with a NUL', wheel: metadataOf(`${RIGHT}\nA\0B`) },
  { code: 'WHEEL_DIST_INFO_TEXT', what: 'METADATA with a byte order mark', wheel: metadataOf(`\uFEFF${RIGHT}`) },
  {
    code: 'WHEEL_DIST_INFO_TEXT',
    what: 'METADATA that is not UTF-8',
    wheel: metadataOf(Buffer.concat([Buffer.from(RIGHT), Buffer.from('Author: M\xfcller\n', 'latin1')])),
  },
  { code: 'WHEEL_VERSION', what: 'Wheel-Version 2', wheel: wheelOf('Wheel-Version: 2.0\n') },
  { code: 'WHEEL_VERSION', what: 'no Wheel-Version', wheel: wheelOf('') },
  { code: 'WHEEL_VERSION', what: 'a Wheel-Version that is no number', wheel: wheelOf('Wheel-Version: 1.x\n') },
  { code: 'WHEEL_VERSION', what: 'two Wheel-Versions', wheel: wheelOf('Wheel-Version: 1.0\nWheel-Version: 2.0\n') },
  { code: 'WHEEL_DIST_INFO_TEXT', what: 'WHEEL with a NUL', wheel: wheelOf('Wheel-Version: 1.0\n\0') },
];

const INTERPRETERS = ['python', 'python3', 'python3.11', 'Python.exe', 'python3.7m', 'pypy3'];

const dataAndScripts: readonly HostileWheel[] = [
  { code: 'WHEEL_DATA_KEY', what: 'unknown .data key', wheel: named('risk-1.0.data/sneaky/x') },
  {
    code: 'WHEEL_DATA_KEY',
    what: 'unknown .data key, a property of every object',
    wheel: named('risk-1.0.data/constructor/x'),
  },
  { code: 'WHEEL_DATA_KEY', what: 'a file right below .data', wheel: named('risk-1.0.data/file') },
  { code: 'WHEEL_DATA_KEY', what: 'a file called like a .data key', wheel: named('risk-1.0.data/scripts') },
  { code: 'WHEEL_DATA_KEY', what: 'a file in place of .data', wheel: named('risk-1.0.data') },
  { code: 'WHEEL_DATA_NAME', what: "another distribution's .data", wheel: named('other-1.0.data/scripts/x') },
  { code: 'WHEEL_DATA_NAME', what: 'a file that ends in .data', wheel: named('other.data') },
  ...['purelib', 'platlib', 'data'].flatMap((key) => [
    {
      code: 'WHEEL_DATA_DIST_INFO',
      what: `another distribution's dist-info through .data/${key}`,
      wheel: named(`risk-1.0.data/${key}/other-1.0.dist-info/METADATA`),
    },
    {
      code: 'WHEEL_DATA_DIST_INFO',
      what: `its own dist-info through .data/${key}`,
      wheel: named(`risk-1.0.data/${key}/risk-1.0.dist-info/METADATA`),
    },
  ]),
  {
    code: 'WHEEL_DATA_DIST_INFO',
    what: 'an egg-info through .data/purelib',
    wheel: named('risk-1.0.data/purelib/other-1.0.egg-info/PKG-INFO'),
  },
  { code: 'WHEEL_NAME_PARENT', what: '.data/data/../../x', wheel: named('risk-1.0.data/data/../../x') },
  ...['../../bin/x', 'python', 'python3', 'python3.11', 'a\u202Eb', 'a\\b', '..'].map((name) => ({
    code: 'WHEEL_ENTRY_POINT',
    what: `entry point ${JSON.stringify(name)}`,
    wheel: {
      files: FILES,
      distInfo: { 'entry_points.txt': `[console_scripts]\nfine = risk:main\n${name} = risk:main\n` },
    },
  })),
  ...['risk = risk', 'risk', 'risk = risk:main; import os', ';x = risk:main', '# \u2028[console_scripts]'].map(
    (line) => ({
      code: 'WHEEL_ENTRY_POINT_FORMAT',
      what: `the line ${JSON.stringify(line)} in entry_points.txt`,
      wheel: { files: FILES, distInfo: { 'entry_points.txt': `[console_scripts]\nfine = risk:main\n${line}\n` } },
    }),
  ),
  ...INTERPRETERS.map((name) => ({
    code: 'WHEEL_SCRIPT_NAME',
    what: `.data/scripts/${name}`,
    wheel: named(`risk-1.0.data/scripts/${name}`),
  })),
  ...['bin/python', 'risk-1.0.data/data/bin/python3', 'risk-1.0.data/purelib/bin/python'].map((name) => ({
    code: 'WHEEL_SCRIPT_NAME',
    what: name,
    wheel: named(name),
  })),
];

export const metadata: readonly HostileWheel[] = [...distInfo, ...fields, ...dataAndScripts];
