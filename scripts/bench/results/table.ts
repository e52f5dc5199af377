import { isMet, type Summary } from './summarise.ts';
import type { Goal } from './result.ts';

/** The first row holds the headings. */
export type Table = readonly (readonly string[])[];

/** One line for each row; settings only where there are any, and what rows have of their own where any has it. */
export function resultTable(summaries: readonly Summary[]): Table {
  const hasSettings = summaries.some(({ setting }) => setting !== undefined);
  const hasRatios = summaries.some(({ ratio }) => !Number.isNaN(ratio));
  const more = [...new Set(summaries.flatMap(({ columns = {} }) => Object.keys(columns)))];
  const headings = [
    ...(hasSettings ? ['setting'] : []),
    'peer',
    'median s',
    ...(hasRatios ? ['ratio'] : []),
    'every run, s',
    ...more,
  ];
  const rows = summaries.map((row) => [
    ...(hasSettings ? [row.setting ?? ''] : []),
    row.peer,
    formatSeconds(row.median),
    ...(hasRatios ? [Number.isNaN(row.ratio) ? '' : row.ratio.toFixed(2)] : []),
    row.seconds.map(formatSeconds).join(' / '),
    ...more.map((heading) => row.columns?.[heading] ?? ''),
  ]);
  return [headings, ...rows];
}

export function goalTable(goals: readonly Goal[]): Table {
  const rows = goals.map((goal) => {
    const { what, measured, unit, aim } = goal;
    const [sign, bound] = 'atMost' in aim ? ['≤', aim.atMost] : ['≥', aim.atLeast];
    const verdict = { true: 'met', false: 'not met', undefined: 'not measured' }[String(isMet(goal))] ?? '';
    return [what, `${sign} ${bound} ${unit}`, Number.isNaN(measured) ? '' : `${round(measured)} ${unit}`, verdict];
  });
  return [['goal', 'aim', 'measured', ''], ...rows];
}

/** Columns of text, each as wide as its widest cell. */
export function layOut(table: Table): string {
  const widths = (table[0] ?? []).map((_, column) => Math.max(...table.map((row) => row[column]?.length ?? 0)));
  const line = (row: readonly string[]): string => row.map((cell, at) => cell.padEnd(widths[at] ?? 0)).join('  ');
  return table.map((row) => line(row).trimEnd()).join('\n');
}

/** What is short is told more exactly. */
export function formatSeconds(seconds: number): string {
  return seconds.toFixed(seconds < 10 ? 2 : 1);
}

function round(value: number): string {
  return value.toFixed(value < 10 ? 2 : value < 100 ? 1 : 0);
}
