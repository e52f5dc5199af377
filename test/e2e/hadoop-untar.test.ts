import { mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readTree } from '../support/environment-maker.ts';
import { scratchDirectory } from '../support/scratch.ts';
import { findPython } from '../support/python.ts';
import { javaOfSpark } from '../support/spark/java-of-spark.ts';
import { sparkSubmit } from '../support/spark/spark-submit.ts';
import { writeWheel } from '../support/wheel-maker.ts';
import { barePython } from './cluster-python.ts';
import { hdfsVenvSucceeds } from './hdfs-venv.ts';

const JOB = join(import.meta.dirname, '../../fixtures/jobs/hadoop_untar.py');
const FILES = {
  'risk/__init__.py': '',
  'risk/data.txt': 'some data, repeated '.repeat(5000),
  'risk/block.bin': Buffer.alloc(512, 'x'),
  'risk/\u00FC (\u00E9) +#%.txt': '\u00FC',
  [`risk/${'directory/'.repeat(20)}module_with_a_long_name.py`]: 'x = 1\n',
  ...Object.fromEntries(Array.from({ length: 500 }, (_, index) => [`risk/many/${index}.py`, `x = ${index}\n`])),
};

async function whySkipped(version: string, pythonVersion: string): Promise<string[]> {
  const java = await javaOfSpark(version);
  const python = findPython(pythonVersion) === undefined ? [`no Python ${pythonVersion}`] : [];
  return 'skip' in java ? [...python, java.skip] : python;
}

/** The Hadoop inside of these is 3.3.4 and 2.7.3. */
const SPARKS = [
  { version: '3.5.9', pythonVersion: '3.11', missing: await whySkipped('3.5.9', '3.11') },
  { version: '2.4.8', pythonVersion: '3.7', missing: await whySkipped('2.4.8', '3.7') },
];
for (const { version, missing } of SPARKS)
  if (missing.length > 0) console.warn(`skipped: Hadoop's untar in Java, of Spark ${version}: ${missing.join('; ')}`);

describe("Hadoop's untar in Java", () => {
  const scratch = scratchDirectory('untar');
  let tree: string;
  let archives: string[];

  beforeAll(async () => {
    const wheel = writeWheel(join(scratch.path, 'wheels'), { name: 'risk', version: '1.0', files: FILES });
    const target = [wheel, '--python', '3.7.16', '--platform', 'rhel7'];
    const [unpacked, packed] = [join(scratch.path, 'tree'), join(scratch.path, 'tar')];
    await hdfsVenvSucceeds('build', ...target, '--layout', 'tree', '-o', unpacked);
    await hdfsVenvSucceeds('build', ...target, '--layout', 'tar', '-o', packed);
    const environment = join(scratch.path, 'environment');
    await hdfsVenvSucceeds('publish', packed, pathToFileURL(environment).href, '--layout', 'tar');
    tree = join(unpacked, 'venv');
    archives = readdirSync(join(environment, 'layers')).map((name) => join(environment, 'layers', name));
  });
  afterAll(() => {
    scratch.remove();
  });

  it.for(SPARKS)(
    'of Spark $version finds every file, behind one gzip member after the other',
    async ({ version, pythonVersion, missing }, { skip }) => {
      skip(missing.length > 0, missing.join('; '));
      const root = join(scratch.path, `root-${version}`);
      const python = await barePython(pythonVersion, join(scratch.path, `bare-${version}`));
      mkdirSync(root);
      const result = await sparkSubmit({ version, python, master: 'local[2]', args: [JOB, root, ...archives] });
      expect(result.exitCode, result.stderr).toBe(0);
      // it heeds no modes
      const texts = (directory: string): [string, string][] =>
        Object.entries(readTree(directory)).map(([path, { text }]) => [path, text]);
      expect(texts(root)).toEqual(texts(tree));
    },
  );
});
