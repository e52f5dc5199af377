import { arch, cpus, platform, totalmem } from 'node:os';
import { isAbsolute } from 'node:path';
import type { Machine } from './result.ts';

/** This machine, today; the rest of `versions` as in `{ Hadoop: '3.4.3' }`. Neither its name nor a path of it. */
export function thisMachine(versions: Readonly<Record<string, string>> = {}): Machine {
  return {
    processor: cpus()[0]?.model.trim() ?? 'unknown',
    cores: cpus().length,
    memoryBytes: totalmem(),
    system: `${platform()} ${arch()}`,
    versions: { Node: process.versions.node, ...versions },
    date: new Date().toISOString().slice(0, 10),
  };
}

/** `npm run bench:publish -- --runs 5`: how this process was started, without paths of this machine and where results go. */
export function commandLine(script: string, args: readonly string[] = process.argv.slice(2)): string {
  const shown = args
    .filter((argument) => argument !== '--write' && argument !== '--json')
    .map((argument) => argument.replace(/^(--[\w-]+=)?(.*)$/s, (_, flag = '', value) => `${flag}${shownValue(value)}`));
  return ['npm run', script, ...(shown.length === 0 ? [] : ['--', ...shown])].join(' ');
}

function shownValue(value: string): string {
  if (isAbsolute(value)) return 'DIR';
  return /[\s;]/.test(value) ? JSON.stringify(value) : value;
}
