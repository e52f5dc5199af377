import * as fc from 'fast-check';
import type { ZipEntry } from './zip-maker.ts';

/** Parts of which names are made that mean something to somebody. */
const SEGMENTS = [
  'risk',
  'a',
  'A',
  '.',
  '..',
  '',
  ' ',
  'a ',
  'a.',
  'bin',
  'python',
  'python3',
  'risk-1.0.data',
  'risk-1.0.dist-info',
  'Risk-1.0.dist-info',
  'risk-1.0.DIST-INFO',
  'other-1.0.dist-info',
  'other-1.0.data',
  'x.egg-info',
  'purelib',
  'platlib',
  'scripts',
  'headers',
  'data',
  'nonsense',
  'RECORD',
  'RECORD.jws',
  'WHEEL',
  'METADATA',
  'INSTALLER',
  'direct_url.json',
  'entry_points.txt',
  'top_level.txt',
  '__pycache__',
  'x.cpython-311.pyc',
  'x.pth',
  'a\\b',
  'c:',
  'é',
  'e\u0301',
  '\u3164',
  '€',
  'con',
  'x\0',
  '__proto__',
  'constructor',
  'toString',
];
const name = fc
  .array(fc.constantFrom(...SEGMENTS), { minLength: 1, maxLength: 4 })
  .map((segments) => segments.join('/'))
  // pip writes a file of this name; a directory in its place makes it fail
  .filter((one) => !one.includes('INSTALLER/'));
const mode = fc.constantFrom(0o100644, 0o100755, 0o100666, 0o100777, 0o104755, 0o120777, 0o010644, 0, 0o644, 0o40755);
/** An entry of an archive that makes trouble by its name, mode, method or system. */
export const oddEntry: fc.Arbitrary<ZipEntry & { name: string }> = fc.record({
  name,
  data: fc.constantFrom('', 'x', '#!/bin/sh\n', '\n').map((text) => Buffer.from(text)),
  mode,
  method: fc.constantFrom(0, 8),
  createSystem: fc.constantFrom(0, 3, 19),
});

const LINES: Readonly<Record<string, readonly string[]>> = {
  METADATA: [
    'Metadata-Version: 2.1',
    'Name: risk',
    'Version: 1.0',
    'Name: evil',
    'name: Risk',
    'Version: 1.0.0',
    'Requires-Dist: a',
    ' b',
    '\tc',
    '',
    'no header',
    ': d',
    'A b: c',
    'From x',
    'Name : risk',
    '\uFEFFName: risk',
    'Summary: \x1b[2J',
    'Name:risk',
    'Name: ri\0sk',
    'Name: risk\u00a0',
    'Name: risk\r',
    'Metadata-Version: 9.9',
    'Description: x\u2028Name: evil',
    'Requires-Python: >=99',
  ],
  WHEEL: [
    'Wheel-Version: 1.0',
    'Wheel-Version: 1.9',
    'Wheel-Version: 2.0',
    'Wheel-Version: 1',
    'Wheel-Version: 1.0.0',
    'Wheel-Version:1.0 ',
    'Root-Is-Purelib: true',
    'Root-Is-Purelib: maybe',
    'Tag: py3-none-any',
    '',
    ' folded',
    'no header',
    'Wheel-Version: 0.9',
    '\uFEFFx: y',
  ],
  'entry_points.txt': [
    '[console_scripts]',
    '[gui_scripts]',
    'a = risk:main',
    'a = risk',
    'a=risk:main [x]',
    '../a = risk:main',
    ';a = risk:b',
    '#a',
    'a',
    'python = risk:main',
    '[x',
    '= b',
    'a = ',
    ' a = b:c',
    'a = b c:d',
    'é = b:c',
    '[ console_scripts ]',
    'a/b = c:d',
    '\uFEFFa = b:c',
  ],
  RECORD: [
    'risk/__init__.py,,',
    ',,',
    'a',
    'a,b',
    '"a',
    '"risk/x"",,',
    '',
    '\uFEFF',
    'risk/__init__.py,,,',
    'x\0,,',
    'risk\\x,,',
  ],
};
const text = (file: string): fc.Arbitrary<string> =>
  fc
    .tuple(fc.array(fc.constantFrom(...LINES[file]!), { maxLength: 8 }), fc.constantFrom('\n', '\r\n', '\r'))
    .map(([lines, end]) => lines.map((line) => line + end).join(''));
const right = { METADATA: 'Metadata-Version: 2.1\nName: risk\nVersion: 1.0\n', WHEEL: 'Wheel-Version: 1.0\n' };
/** One file of dist-info, by its name: the lines that it needs, and odd ones before or behind them. */
export const oddDistInfo: fc.Arbitrary<Readonly<Record<string, string>>> = fc.oneof(
  fc.tuple(text('METADATA'), fc.boolean()).map(([more, first]) => ({
    METADATA: first ? right.METADATA + more : more + right.METADATA,
  })),
  fc
    .tuple(text('WHEEL'), fc.boolean())
    .map(([more, first]) => ({ WHEEL: first ? right.WHEEL + more : more + right.WHEEL })),
  text('entry_points.txt').map((points) => ({ 'entry_points.txt': points })),
);

/** Lines to put at the end of a RECORD. */
export const oddRows: fc.Arbitrary<string> = text('RECORD');
