import { describe, expect, it } from 'vitest';
import { renderMarkdown } from '../../../scripts/bench/results/render-markdown.ts';
import { renderSvg } from '../../../scripts/bench/results/render-svg.ts';
import type { Result } from '../../../scripts/bench/results/result.ts';

const RESULT: Result = {
  name: 'example',
  title: 'How long <an example> takes',
  about: ['Sends **everything**.'],
  command: 'npm run bench:example -- --runs 3',
  machine: {
    processor: 'A processor',
    cores: 2,
    memoryBytes: 8 * 2 ** 30,
    system: 'linux x64',
    versions: { Node: '20.20.2', Hadoop: '3.4.3' },
    date: '2026-01-31',
  },
  reference: 'ours',
  rows: [
    { peer: 'ours', setting: 'default', seconds: [2, 1, 3], columns: { 'peak MB': '7' } },
    { peer: 'a|b <c> &amp; "d"', setting: 'default', seconds: [20, 22.25, 30] },
    { peer: 'ours', setting: '64', seconds: [1.5, 1.5, 1.5] },
  ],
  goals: [
    { what: 'ours', measured: 2, unit: 's', aim: { atMost: 1.5 } },
    { what: 'beside a|b', measured: 11.13, unit: '×', aim: { atLeast: 10 } },
    { what: 'beside nobody', measured: Number.NaN, unit: '×', aim: { atLeast: 10 } },
  ],
};

/** The tables of a page, each row as its cells. */
function tablesOf(page: string): string[][] {
  return page
    .split('\n')
    .filter((line) => line.startsWith('| ') && !line.startsWith('| ---'))
    .map((line) =>
      line
        .slice(1, -1)
        .split(/(?<!\\)\|/)
        .map((cell) => cell.trim()),
    );
}

describe('renderMarkdown', () => {
  it('has one row for each peer and setting, in their order, and one for each goal', async () => {
    expect(tablesOf(await renderMarkdown(RESULT))).toEqual([
      ['setting', 'peer', 'median s', 'ratio', 'every run, s', 'peak MB'],
      ['default', 'ours', '2.00', '1.00', '2.00 / 1.00 / 3.00', '7'],
      ['default', String.raw`a\|b \<c\> \&amp; "d"`, '22.3', '11.13', '20.0 / 22.3 / 30.0', ''],
      ['64', 'ours', '1.50', '1.00', '1.50 / 1.50 / 1.50', ''],
      ['goal', 'aim', 'measured', ''],
      ['ours', '≤ 1.5 s', '2.00 s', 'not met'],
      [String.raw`beside a\|b`, '≥ 10 ×', '11.1 ×', 'met'],
      ['beside nobody', '≥ 10 ×', '', 'not measured'],
    ]);
  });

  it('shows the plot, the command and the machine', async () => {
    const page = await renderMarkdown(RESULT);
    expect(page).toContain(String.raw`# How long \<an example\> takes`);
    expect(page).toContain('](example.svg)');
    expect(page).toContain('Sends **everything**.');
    expect(page).toContain('```\nnpm run bench:example -- --runs 3\n```');
    expect(page).toContain('2026-01-31, 2 cores (A processor), 8 GiB, linux x64; Node 20.20.2, Hadoop 3.4.3.');
  });

  it('has no settings, ratios and goals where there are none', async () => {
    const { goals: _goals, reference: _reference, ...result } = RESULT;
    const page = await renderMarkdown({ ...result, rows: [{ peer: 'ours', seconds: [1] }] });
    expect(tablesOf(page)).toEqual([
      ['peer', 'median s', 'every run, s'],
      ['ours', '1.00', '1.00'],
    ]);
    expect(page).not.toMatch(/Goals|ratio/);
  });
});

describe('renderSvg', () => {
  it('has a bar for each row, a dot for each run and the medians as text, all escaped', async () => {
    const svg = await renderSvg(RESULT);
    expect(marks(svg, 'rect')).toHaveLength(3);
    expect(marks(svg, 'symbol')).toHaveLength(9);
    expect(svg).toContain('>How long &lt;an example&gt; takes<');
    expect(svg).toContain('>a|b &lt;c&gt; &amp;amp; "d" (default)<');
    for (const text of ['2.00 s', '22.3 s', '1.50 s']) expect(svg).toContain(`>${text}<`);
  });

  it('draws bars in proportion to the medians', async () => {
    const widths = marks(await renderSvg(RESULT), 'rect').map((bar) => Number(/h([\d.]+)v/.exec(bar)?.[1]));
    expect(widths.map((width) => width / (widths[0] ?? 0))).toEqual([1, expect.closeTo(11.125), expect.closeTo(0.75)]);
  });

  it('gives equal bytes for equal results', async () => {
    expect(await renderSvg(RESULT)).toBe(await renderSvg(structuredClone(RESULT)));
  });
});

/** The paths of all marks of one kind. */
function marks(svg: string, kind: 'rect' | 'symbol'): string[] {
  const group = new RegExp(`<g class="mark-${kind} role-mark"[^>]*>(.*?)</g>`, 's').exec(svg)?.[1] ?? '';
  return group.match(/<path[^>]*>/g) ?? [];
}
