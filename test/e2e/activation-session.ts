import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
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

/** What fixtures/jobs/activation_session.py tells, by step. */
export function toldSteps(stdout: string): Record<string, Record<string, unknown>> {
  const told = stdout.split('\n').filter((line) => line.startsWith('{'));
  return Object.fromEntries(
    told.map((line) => {
      const { step, ...outcome } = JSON.parse(line) as { step: string };
      return [step, outcome];
    }),
  );
}
