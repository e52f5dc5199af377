import { format } from 'oxfmt';
import type { Machine, Result } from './result.ts';
import { summarise } from './summarise.ts';
import { goalTable, resultTable, type Table } from './table.ts';

/** The page of a result, as `npm run format` leaves it. @throws Error as `summarise` */
export async function renderMarkdown(result: Result): Promise<string> {
  const { name, title, about, command, machine, rows, reference, goals = [] } = result;
  const summaries = summarise(rows, reference);
  const hasSettings = rows.some(({ setting }) => setting !== undefined);
  const sections = [
    `# ${escapeText(title)}`,
    `![Medians as bars, every run as a dot](${name}.svg)`,
    ...about,
    renderTable(resultTable(summaries)),
    ...(reference === undefined
      ? []
      : [
          `"ratio" is a median divided by that of ${escapeText(reference)}${hasSettings ? ' in the same setting' : ''}.`,
        ]),
    ...(goals.length === 0 ? [] : ['## Goals', renderTable(goalTable(goals))]),
    '## How it was measured',
    ['```', command, '```'].join('\n'),
    escapeText(describeMachine(machine)),
  ];
  return (await format(`${name}.md`, `${sections.join('\n\n')}\n`)).code;
}

function describeMachine({ processor, cores, memoryBytes, system, versions, date }: Machine): string {
  const programs = Object.entries(versions).map(([program, version]) => `${program} ${version}`);
  const memory = `${Math.round(memoryBytes / 2 ** 30)} GiB`;
  return `${date}, ${cores} cores (${processor}), ${memory}, ${system}; ${programs.join(', ')}.`;
}

function renderTable([headings = [], ...rows]: Table): string {
  const line = (cells: readonly string[]): string => `| ${cells.map(escapeText).join(' | ')} |`;
  return [line(headings), `|${' --- |'.repeat(headings.length)}`, ...rows.map(line)].join('\n');
}

/** Plain text in Markdown, on one line: nothing of it is markup. */
function escapeText(text: string): string {
  return text.replaceAll(/\s+/g, ' ').replaceAll(/[\\`*_[\]<>|#]|&(?=[\w#])/g, String.raw`\$&`);
}
