import { readFileSync } from 'node:fs';
import type { PipOutcome } from '../../../src/resolve/pip/pip-process.ts';
import type { Cause, PipReport } from '../../../src/resolve/pip/pip-report.ts';

const NOTHING: PipReport = {
  status: 1,
  ignoredSettings: [],
  roots: [],
  constraints: [],
  chosen: [],
  causes: [],
  indexFailures: [],
  unreadWheels: [],
  refused: [],
  contradictions: [],
  wheels: [],
  asked: [],
  unknownExtras: [],
  unreadable: [],
  built: [],
  buildFailure: null,
  provided: [],
  missing: [],
};

/** A run of pip that failed with this log. */
export function outcome(log: string, report: Partial<PipReport> = {}): PipOutcome {
  return { report: { ...NOTHING, ...report }, log, stderr: '' };
}

/** A log that pip has written, shortened. */
export function readLog(name: string): string {
  return readFileSync(new URL(`../pip/logs/${name}.txt`, import.meta.url), 'utf8');
}

/** pip's log with these lines. */
export function logOf(...lines: string[]): string {
  return lines.map((line) => `2026-11-21T12:00:00,000 ${line}`).join('\n');
}

/** A requirement that pip gave up on. */
export function cause(name: string, requirement: string, more: Partial<Cause> = {}): Cause {
  return { kind: 'requirement', name, requirement, link: null, chain: [], by: null, versions: [], yanked: [], ...more };
}
