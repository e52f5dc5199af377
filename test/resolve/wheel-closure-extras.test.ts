import { describe, expect, it } from 'vitest';
import { PIPS, useClosure } from './closure-place.ts';

const { close } = useClosure();

describe.each(PIPS)('the closure over extras, with the packaging of pip %s', (pip) => {
  it('follows an extra that is asked for only later', () => {
    const report = close(pip, [
      { name: 'app', version: '1.0', requires: ['lib', 'other'] },
      { name: 'lib', version: '1.0', requires: ['gone; extra == "x"'], metadata: { 'Provides-Extra': 'x' } },
      { name: 'other', version: '1.0', requires: ['lib[x]'] },
    ]);
    expect(report.missing).toStrictEqual([
      { requirement: 'gone', chain: ['app 1.0', 'other 1.0', 'lib 1.0'], found: null },
    ]);
  });

  it('follows extras of extras, of the wheel itself, and in circles', () => {
    const report = close(
      pip,
      [
        {
          name: 'app',
          version: '1.0',
          requires: [
            'app[Data_Science,web]; extra == "all"',
            'lib[a]; extra == "data.science"',
            'gone; extra == "web"',
          ],
          metadata: { 'Provides-Extra': ['all', 'data-science', 'web'] },
        },
        {
          name: 'lib',
          version: '1.0',
          requires: ['lib[b]; extra == "a"', 'app[all]; extra == "b"', 'deep; extra == "b" and python_version < "3.8"'],
          metadata: { 'Provides-Extra': ['a', 'b'] },
        },
      ],
      'app[ALL]',
    );
    expect(report.missing).toStrictEqual([
      { requirement: 'gone', chain: ['app 1.0'], found: null },
      { requirement: 'deep', chain: ['app 1.0', 'lib 1.0'], found: null },
    ]);
    expect(report.unknownExtras).toStrictEqual([]);
  });

  it('asks for each requirement once, however many extras are asked for', () => {
    const report = close(
      pip,
      [
        {
          name: 'app',
          version: '1.0',
          requires: ['lib; python_version < "3.8"', 'lib>=1; extra == "x"'],
          metadata: { 'Provides-Extra': ['x', 'y'] },
        },
        { name: 'lib', version: '1.0' },
      ],
      'app[x,y]',
    );
    expect(report.asked.map(({ requirement }) => requirement)).toStrictEqual(['lib', 'lib>=1']);
  });

  it('passes over extras that a wheel does not have, as pip does, and tells of them', () => {
    const report = close(
      pip,
      [
        { name: 'app', version: '1.0', requires: ['lib[fast]'] },
        { name: 'lib', version: '1.5', requires: ['gone; extra == "fast"'] },
      ],
      'app[slow]',
    );
    expect(report.missing).toStrictEqual([]);
    expect(report.unknownExtras).toStrictEqual([
      { name: 'app', version: '1.0', extra: 'slow', by: null },
      { name: 'lib', version: '1.5', extra: 'fast', by: 'app 1.0' },
    ]);
  });
});
