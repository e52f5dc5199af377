import { expect } from 'vitest';
import { z } from 'zod';
import type { SparkResult } from '../support/spark/spark-submit.ts';

const processSchema = z.object({
  pid: z.int(),
  /** The SparkFiles root, without symbolic links. */
  root: z.string(),
  python: z.string(),
  modules: z.record(z.string(), z.object({ version: z.string().nullable(), file: z.string() })),
});

const reportSchema = z.object({ driver: processSchema, workers: z.array(processSchema) });

/** What fixtures/jobs/report_origins.py prints. */
export type Report = z.infer<typeof reportSchema>;

/** The line `REPORT {…}` of a job. @throws Error with all that the job wrote when it has none or did not end well */
export function readLine(result: SparkResult): unknown {
  const line = /^REPORT (.*)$/m.exec(result.stdout)?.[1];
  if (line === undefined || result.exitCode !== 0) {
    throw new Error(
      `The job failed with exit code ${result.exitCode}\n${result.stdout}\n${result.stderr}\n${result.executorLogs}`,
    );
  }
  return JSON.parse(line);
}

export function readReport(result: SparkResult): Report {
  return reportSchema.parse(readLine(result));
}

/**
 * Driver and both executors are processes of their own, and each has every module from its SparkFiles root, in the given
 * version (null: it does not say).
 */
export function expectFromEnvironment(report: Report, versions: Readonly<Record<string, string | null>>): void {
  const processes = [report.driver, ...report.workers];
  expect(processes).toHaveLength(3);
  expect(new Set(processes.map(({ pid }) => pid)).size).toBe(3);
  expect(new Set(processes.map(({ root }) => root)).size).toBe(3);
  for (const { root, modules } of processes) {
    expect(Object.fromEntries(Object.entries(modules).map(([name, { version }]) => [name, version]))).toEqual(versions);
    for (const { file } of Object.values(modules))
      expect(file.startsWith(`${root}/`), `${file} is under ${root}`).toBe(true);
  }
}
