import { parse, type Spec, View } from 'vega';
import type { Result } from './result.ts';
import { summarise, type Summary } from './summarise.ts';
import { formatSeconds } from './table.ts';

const BAR_PIXELS = 26;
const WIDTH_PIXELS = 620;
const TEXT = '#1f2328';
const LINES = '#d1d9e0';

/**
 * Horizontal bars of medians, each run as a dot, one colour for each peer. It brings a light ground of its own, so it can be read on
 * a dark page, too. Equal results give equal bytes.
 * @throws Error as `summarise`
 */
export function renderSvg(result: Result): Promise<string> {
  const summaries = summarise(result.rows, result.reference);
  return new View(parse(plotOf(result.title, summaries)), { renderer: 'none' }).toSVG();
}

function plotOf(title: string, summaries: readonly Summary[]): Spec {
  const rows = summaries.map((row) => {
    const label = row.setting === undefined ? row.peer : `${row.peer} (${row.setting})`;
    const longest = Math.max(row.median, ...row.seconds);
    return { label, peer: row.peer, median: row.median, longest, text: `${formatSeconds(row.median)} s` };
  });
  const runs = summaries.flatMap(({ seconds }, index) =>
    seconds.map((one) => ({ label: rows[index]?.label, seconds: one })),
  );
  const longest = Math.max(...rows.map((row) => row.longest));
  return {
    width: WIDTH_PIXELS,
    height: BAR_PIXELS * rows.length,
    padding: 16,
    background: 'white',
    title: { text: title, anchor: 'start', frame: 'bounds', fontSize: 15, color: TEXT, offset: 12 },
    config: { axis: { labelColor: TEXT, titleColor: TEXT, labelFontSize: 12, titleFontSize: 12, gridColor: LINES } },
    data: [
      { name: 'rows', values: rows },
      { name: 'runs', values: runs },
    ],
    scales: [
      { name: 'row', type: 'band', domain: { data: 'rows', field: 'label' }, range: 'height', padding: 0.25 },
      // the text beside the longest bar needs room
      { name: 'seconds', domain: [0, longest * 1.12], range: 'width', zero: true },
      { name: 'colour', type: 'ordinal', domain: { data: 'rows', field: 'peer' }, range: { scheme: 'tableau10' } },
    ],
    axes: [
      { scale: 'seconds', orient: 'bottom', title: 'seconds, medians as bars, every run as a dot', grid: true },
      { scale: 'row', orient: 'left', labelLimit: 400, ticks: false, labelPadding: 8 },
    ],
    marks: [
      {
        type: 'rect',
        from: { data: 'rows' },
        encode: {
          enter: {
            y: { scale: 'row', field: 'label' },
            height: { scale: 'row', band: 1 },
            x: { scale: 'seconds', value: 0 },
            x2: { scale: 'seconds', field: 'median' },
            fill: { scale: 'colour', field: 'peer' },
          },
        },
      },
      {
        type: 'symbol',
        from: { data: 'runs' },
        encode: {
          enter: {
            y: { scale: 'row', field: 'label', band: 0.5 },
            x: { scale: 'seconds', field: 'seconds' },
            size: { value: 28 },
            fill: { value: 'white' },
            stroke: { value: TEXT },
          },
        },
      },
      {
        type: 'text',
        from: { data: 'rows' },
        encode: {
          enter: {
            y: { scale: 'row', field: 'label', band: 0.5 },
            x: { scale: 'seconds', field: 'longest', offset: 8 },
            baseline: { value: 'middle' },
            fontSize: { value: 12 },
            fill: { value: TEXT },
            text: { field: 'text' },
          },
        },
      },
    ],
  };
}
