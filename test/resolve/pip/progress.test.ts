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
    [
      `WARNING: Retrying (Retry(total=4, connect=None, read=None, redirect=None, status=None)) after connection broken by 'NewConnectionError("HTTPConnection(host='127.0.0.1', port=9): [Errno 111] Connection refused")': /simple/six/`,
      [{ type: 'notice', text: 'no answer for /simple/six/ yet, trying again, then 4 more times' }],
    ],
  ])('%s', (line, events) => {
    const seen: ResolveEvent[] = [];
    progressOfLine(line, (event) => seen.push(event));
    expect(seen).toStrictEqual(events);
  });
});
