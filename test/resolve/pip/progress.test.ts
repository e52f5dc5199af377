import { describe, expect, it } from 'vitest';
import type { ResolveEvent } from '../../../src/resolve/events.ts';
import { progressOfLine } from '../../../src/resolve/pip/progress.ts';

describe('progressOfLine', () => {
  it.each<[string, ResolveEvent[]]>([
    [
      '  Downloading six-1.16.0-py2.py3-none-any.whl (11 kB)',
      [{ type: 'downloading', text: 'six-1.16.0-py2.py3-none-any.whl (11 kB)' }],
    ],
    [
      'Downloading https://example.invalid/a/six-1.16.0-py2.py3-none-any.whl (11 kB)',
      [{ type: 'downloading', text: 'six-1.16.0-py2.py3-none-any.whl (11 kB)' }],
    ],
    ['  Using cached six-1.16.0-py2.py3-none-any.whl', [{ type: 'cached', text: 'six-1.16.0-py2.py3-none-any.whl' }]],
    [
      'File was already downloaded /home/a b/six-1.16.0-py2.py3-none-any.whl',
      [{ type: 'cached', text: 'six-1.16.0-py2.py3-none-any.whl' }],
    ],
    ['  Downloading six-1.16.0-py2.py3-none-any.whl.metadata (1.8 kB)', []],
    ['Collecting six', []],
  ])('%s', (line, events) => {
    const seen: ResolveEvent[] = [];
    progressOfLine(line, (event) => seen.push(event));
    expect(seen).toStrictEqual(events);
  });
});
