import { FILES, type HostileWheel, named, withMore } from './hostile-wheel.ts';

const BY_CODE: Readonly<Record<string, readonly string[]>> = {
  WHEEL_NAME_PARENT: [
    '../x',
    'risk/../../x',
    'risk/..',
    '..',
    '../env-evil/x',
    'risk-1.0.data/data/../../env-evil/x',
    'risk-1.0.data/scripts/../../../x',
  ],
  WHEEL_NAME_ABSOLUTE: ['/x', '//server/x', 'C:\\x', 'c:x', 'C:/x', '\\\\server\\x', '\\x'],
  WHEEL_NAME_BACKSLASH: ['risk\\..\\x', 'risk\\x', '..\\x'],
  WHEEL_NAME_CONTROL: [
    'risk/a\0b',
    'risk/x.py\0.txt',
    'risk/a\nb',
    'risk/a\r',
    'risk/a\tb',
    'risk/a\x1b[2Jb',
    'risk/a\x7fb',
    'risk/a\u0085b',
    'risk/a\u2028b',
    'risk/a\u2029b',
  ],
  WHEEL_NAME_INVISIBLE: [
    'risk/\u202Eyp.exe',
    'risk/\u2066x',
    'risk/a\u200Bb',
    'risk/a\u200Db',
    'risk/a\u00ADb',
    'risk/a\uFEFFb',
    '\uFEFFrisk/x',
    '\uFEFF',
    'risk/\u3164',
    'risk/a\u115Fb',
    'risk/a\u1160b',
    'risk/a\uFFA0b',
    'risk/a\u2800b',
    'risk/a\uFE0Fb',
    'risk/a\u034Fb',
    'risk/a\u{E0041}b',
    'risk/a\u00A0b',
    'risk/a\u3000b',
  ],
  WHEEL_NAME_DOT: ['risk//x', './risk/x', 'risk/./x', '.', 'risk/.'],
  WHEEL_NAME_EMPTY: [''],
  WHEEL_NAME_SEPARATOR: ['risk/a:b', 'risk/a;b', 'risk/x.py:stream'],
  WHEEL_NAME_TRAILING: ['risk/x.', 'risk/x ', 'risk./x', 'risk /x', 'risk/...'],
  WHEEL_NAME_LONG: [
    `risk/${'a'.repeat(256)}`,
    `risk/${'ä'.repeat(128)}`,
    `risk/${'abcdefghi/'.repeat(110)}x`,
    'a'.repeat(65_000),
  ],
  WHEEL_NAME_DEEP: [`${'d/'.repeat(64)}x`],
  WHEEL_NAME_PROTOTYPE: ['risk/__proto__/x', '__proto__'],
};

const single: readonly HostileWheel[] = Object.entries(BY_CODE).flatMap(([code, list]) =>
  list.map((name) => ({ code, what: JSON.stringify(name).slice(0, 60), wheel: named(name) })),
);

const encodings: readonly HostileWheel[] = [
  ...[
    [0x72, 0xff, 0xfe],
    [0xc0, 0xaf],
    [0xed, 0xa0, 0x80],
    [0x72, 0xc3],
  ].map((bytes) => ({
    code: 'WHEEL_NAME_ENCODING',
    what: `not valid UTF-8: ${Buffer.from(bytes).toString('hex')}`,
    wheel: withMore({ name: Buffer.from(bytes), data: Buffer.from('x') }),
  })),
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
];

const pairs: readonly HostileWheel[] = [
  {
    code: 'WHEEL_NAME_TWINS',
    what: 'one name composed and decomposed',
    wheel: { files: { 'risk/\u00e9': '1', 'risk/e\u0301': '2' } },
  },
  { code: 'WHEEL_NAME_CLASH', what: 'a file that is also a directory', wheel: { files: { risk: '1', 'risk/x': '2' } } },
  {
    code: 'WHEEL_NAME_CLASH',
    what: 'a file and a directory of one name, composed and decomposed',
    wheel: { files: { '\u00e9': '1', 'e\u0301/x': '2' } },
  },
  {
    code: 'WHEEL_NAME_CLASH',
    what: 'a file that is also a directory entry',
    wheel: {
      files: { ...FILES, more: '1' },
      entries: (entries) => [...entries, { name: 'more/', data: Buffer.alloc(0), mode: 0o40755 }],
    },
  },
];

export const names: readonly HostileWheel[] = [...single, ...encodings, ...pairs];
