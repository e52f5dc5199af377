import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { type EntryPoint, isScript, parseEntryPoints } from '../../src/wheel/entry-points.ts';
import { hostPython } from '../support/python.ts';

const TEXT = `# words
; more words
[console_scripts]
risk = risk.cli:main
risk-report=risk.report:Report.run [pdf, excel]
  risk.old = risk.old

[gui_scripts]
risk-window = risk.window : main

[risk.plugins]
a:b = x.y:z = 1
`;

test('names, targets and groups; extras are left out', () => {
  const points = parseEntryPoints(TEXT);
  expect(points).toEqual([
    { group: 'console_scripts', name: 'risk', target: 'risk.cli:main' },
    { group: 'console_scripts', name: 'risk-report', target: 'risk.report:Report.run' },
    { group: 'console_scripts', name: 'risk.old', target: 'risk.old' },
    { group: 'gui_scripts', name: 'risk-window', target: 'risk.window:main' },
    { group: 'risk.plugins', name: 'a:b', target: 'x.y:z=1' },
  ]);
  expect(points.filter(isScript).map(({ name }) => name)).toEqual(['risk', 'risk-report', 'risk.old', 'risk-window']);
});

test('Python reads the same names in the same groups', () => {
  const script =
    'import json, sys; from importlib.metadata import EntryPoint; import configparser as c; ' +
    'p = c.ConfigParser(delimiters="="); p.optionxform = str; p.read_string(sys.stdin.read()); ' +
    'print(json.dumps([[s, n, ":".join(filter(None, (EntryPoint(n, v, s).module, EntryPoint(n, v, s).attr)))] ' +
    'for s in p.sections() if s.endswith("scripts") for n, v in p.items(s)]))';
  // configparser takes a line that begins with white space for the continuation of the one before; installers do not indent
  const text = TEXT.replaceAll(/^ +/gm, '');
  const output = execFileSync(hostPython(), ['-c', script], { input: text, encoding: 'utf8' });
  const ours = parseEntryPoints(text).filter(isScript);
  expect(ours.map(({ group, name, target }: EntryPoint) => [group, name, target])).toEqual(JSON.parse(output));
});

test('a line of a million spaces takes no time, and is nothing', () => {
  expect(parseEntryPoints(`[console_scripts]\na${' '.repeat(1_000_000)}b\n`)).toEqual([]);
});
