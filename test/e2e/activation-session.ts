import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { barePython } from './cluster-python.ts';

/** As much of numpy as `import pyspark` takes: a cluster's own one and the environment's differ in the version. */
export const makeNumpy = (version: string): string =>
  `__version__ = '${version}'\ndef maximum(): pass\ndef minimum(): pass\ndef sqrt(): pass\nclass generic: pass\nclass ndarray: pass\n`;

/** The Python 3.11 of a cluster that has such a numpy in version 1. */
export async function pythonWithMadeNumpy(directory: string): Promise<string> {
  const python = await barePython('3.11', directory);
  const numpy = join(directory, 'lib', 'python3.11', 'site-packages', 'numpy');
  mkdirSync(numpy);
  writeFileSync(join(numpy, '__init__.py'), makeNumpy('1'));
  return python;
}

/** What fixtures/jobs/activation_session.py told, by step. */
export type ToldSteps = Readonly<Record<string, Record<string, unknown>>>;

export function toldSteps(stdout: string): ToldSteps {
  const told = stdout.split('\n').filter((line) => line.startsWith('{'));
  return Object.fromEntries(
    told.map((line) => {
      const { step, ...outcome } = JSON.parse(line) as { step: string };
      return [step, outcome];
    }),
  );
}

/**
 * Two executors that had imported the cluster's numpy 1 got release 1 of `risk`, which has numpy 2, although release 2 is
 * there; its files hash to `digest` everywhere, and no other release or environment followed it in that session.
 */
export function expectReleaseOne(told: ToldSteps, digest: string): void {
  expect(told['before']).toEqual({ workers: [['1', false]] });
  expect(told['first']).toMatchObject({ release: 1, executors: 2, warnings: [] });
  expect(told['driver']).toEqual({ version: '2', pyspark: 'numpy', same: true });
  expect(told['after']).toEqual({ workers: [['2', true]] });
  expect(told['again']).toMatchObject({ release: 1, newer: 2 });
  expect(told['another release']).toMatchObject({ code: 'ACTIVATE_OTHER_RELEASE' });
  expect(told['another environment']).toMatchObject({ code: 'ACTIVATE_OTHER_ENVIRONMENT' });
  expect(told['pinned']).toMatchObject({ release: 1, executors: 2 });
  const checked = told['pinned']?.['checked'] as string[];
  expect(checked.filter((line) => line.endsWith(`files hash to ${digest}`))).toHaveLength(3);
}
