import { execFileSync } from 'node:child_process';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { formatCsvRow, parseCsv } from '../../src/wheel/csv.ts';

const field = fc.string({ unit: fc.constantFrom('a', 'é', ',', '"', '\n', '\r', ' ', "'"), maxLength: 8 });
const rows = fc.array(fc.array(field, { minLength: 2, maxLength: 4 }), { maxLength: 6 });

test('what is written is read back', () => {
  fc.assert(
    fc.property(rows, (table) => {
      expect(parseCsv(table.map(formatCsvRow).join(''))).toEqual(table);
    }),
  );
});

test("what Python's csv module writes is read as it was", () => {
  const tables = fc.sample(rows, 50);
  const script =
    'import csv, io, json, sys\nout = []\nfor t in json.load(sys.stdin):\n s = io.StringIO(newline=""); csv.writer(s).writerows(t); out.append(s.getvalue())\njson.dump(out, sys.stdout)';
  const written: string[] = JSON.parse(
    execFileSync('python3', ['-c', script], { input: JSON.stringify(tables), encoding: 'utf8' }),
  );
  expect(written.map(parseCsv)).toEqual(tables);
});

test.each([
  [
    'a,b\r\n\r\nc,d',
    [
      ['a', 'b'],
      ['c', 'd'],
    ],
  ],
  ['a,', [['a', '']]],
  ['"a""b",c\n', [['a"b', 'c']]],
  ['', []],
])('%j', (text, table) => {
  expect(parseCsv(text)).toEqual(table);
});

test('a quotation without end is no table', () => {
  expect(parseCsv('a,"b')).toBeUndefined();
});
