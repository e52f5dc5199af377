import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Result } from './result.ts';
import { renderMarkdown } from './render-markdown.ts';
import { renderSvg } from './render-svg.ts';
import { isMet, summarise } from './summarise.ts';
import { goalTable, layOut, resultTable } from './table.ts';

const DIRECTORY = fileURLToPath(new URL('../../../docs/benchmarks', import.meta.url));

export interface ReportOptions {
  /** One JSON document on stdout instead of tables. */
  readonly json: boolean;
  /** Writes `docs/benchmarks/NAME.md` and `NAME.svg`, too. */
  readonly write: boolean;
}

/** Prints a result on stdout and, if asked, writes it where the repository keeps results. */
export async function reportResult(result: Result, { json, write }: ReportOptions): Promise<void> {
  const { name, title, rows, reference, goals = [] } = result;
  const summaries = summarise(rows, reference);
  if (json) {
    const judged = goals.map((goal) => ({ ...goal, met: isMet(goal) }));
    console.log(JSON.stringify({ ...result, rows: summaries, goals: judged }, undefined, 2));
  } else {
    const tables = [resultTable(summaries), ...(goals.length === 0 ? [] : [goalTable(goals)])];
    console.log([title, ...tables.map(layOut)].join('\n\n'));
  }
  if (!write) return;
  mkdirSync(DIRECTORY, { recursive: true });
  writeFileSync(join(DIRECTORY, `${name}.md`), await renderMarkdown(result));
  writeFileSync(join(DIRECTORY, `${name}.svg`), `${await renderSvg(result)}\n`);
  console.error(`written: docs/benchmarks/${name}.md, docs/benchmarks/${name}.svg`);
}
