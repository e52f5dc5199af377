import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parsePipLog } from '../../../src/resolve/pip/pip-log.ts';

function readLog(name: string): string {
  return readFileSync(new URL(`logs/${name}.txt`, import.meta.url), 'utf8');
}

describe('parsePipLog', () => {
  it('reads a package that comes as source only', () => {
    const log = parsePipLog(readLog('blocked'));
    expect(log.searches.get('legacy-tool')).toStrictEqual({
      name: 'legacy-tool',
      locations: ['https://user:****@example.invalid/simple/legacy-tool/'],
      fitting: [],
      wheels: [],
      skipped: [
        { fileName: 'Legacy-Tool-0.9.tar.gz', version: '0.9', why: 'source', requiresPython: null },
        { fileName: 'legacy_tool-1.0.zip', version: '1.0', why: 'source', requiresPython: null },
      ],
    });
  });

  it('tells tags, Requires-Python and sources apart', () => {
    const log = parsePipLog(readLog('versions'));
    const search = log.searches.get('numbers');
    expect(search?.locations).toStrictEqual([]);
    expect(search?.fitting).toStrictEqual(['1.5+cpu', '1.10rc1', '1.9.1']);
    expect(search?.skipped).toStrictEqual([
      {
        fileName: 'numbers-2.0-cp39-cp39-manylinux_2_28_x86_64.whl',
        version: '2.0',
        why: 'tags',
        requiresPython: null,
      },
      { fileName: 'numbers-2.0-cp37-cp37m-win_amd64.whl', version: '2.0', why: 'tags', requiresPython: null },
      { fileName: 'numbers-1.9-py3-none-any.whl', version: '1.9', why: 'python', requiresPython: '>=3.9, <4' },
      { fileName: 'numbers-1.8.tar.gz', version: '1.8', why: 'source', requiresPython: null },
    ]);
  });

  it('reads what pip says of its failure', () => {
    const log = parsePipLog(readLog('conflict'));
    expect(log.errors).toStrictEqual([
      'Cannot install flask==3.0.0 and werkzeug<2 because these package versions have conflicting dependencies.',
      'ResolutionImpossible: for help visit https://pip.pypa.io/en/latest/topics/dependency-resolution/#dealing-with-dependency-conflicts',
    ]);
  });

  it('joins the lines of one error', () => {
    const time = '2026-11-21T12:00:00,000 ';
    const text = [`${time}ERROR: A`, `${time}    b`, `${time}        c`, `${time}next`, `${time}    d`].join('\n');
    expect(parsePipLog(text).errors).toStrictEqual(['A b c']);
  });

  it('is empty for an empty log', () => {
    expect(parsePipLog('')).toStrictEqual({ searches: new Map(), errors: [] });
  });
});
