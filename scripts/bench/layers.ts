/**
 * How long it takes to make archives of the wheels of pandas, numpy, scipy, scikit-learn and pyarrow, beside `tar` and
 * `gzip -6` of the tree that they unpack to.
 *
 *   npm run bench:layers -- [--runs 5] [--directory DIR] [--json]
 *
 * Ours is the step that `publish --layout tar` does once the wheels were checked, in a process of its own, with nothing in its
 * cache. All write below DIR (by default the system's temporary directory), in turn; what they read is in the page cache.
 */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { execa } from 'execa';
import { cacheDirectory } from '../../test/support/cache.ts';
import { renderUsages, summariseUsages } from './build-report.ts';
import { benchEnvironment, CLI, REQUIREMENTS, TARGET } from './environment.ts';
import { runMeasured, type Usage } from './run-measured.ts';

const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '5' },
    directory: { type: 'string', default: tmpdir() },
    json: { type: 'boolean', default: false },
  },
});
const runs = Number(values.runs);
if (!Number.isInteger(runs) || runs < 1) throw new Error(`--runs must be a whole number from 1 on, not ${values.runs}`);
const script = fileURLToPath(new URL('make-layers.mjs', import.meta.url));

const tree = join(await benchEnvironment(), 'venv');
const base = mkdtempSync(join(values.directory, 'hdfs-venv-bench-layers-'));
try {
  const built = join(base, 'built');
  const env = { HDFS_VENV_CACHE: cacheDirectory('bench-lock') };
  await execa(process.execPath, [CLI, 'build', ...REQUIREMENTS, ...TARGET, '--layout', 'tar', '-o', built], {
    env,
    cwd: base,
  });
  const peers: Readonly<Record<string, (directory: string) => readonly string[]>> = {
    'tar, gzip -6': (directory) => ['tar', '-C', tree, '-I', 'gzip -6', '-cf', join(directory, 'tree.tar.gz'), '.'],
    'hdfs-venv layers': (directory) => [process.execPath, script, built, directory],
  };
  const measured = new Map<string, Usage[]>(Object.keys(peers).map((name) => [name, []]));
  for (let run = 1; run <= runs; run += 1) {
    for (const [name, command] of run % 2 === 1 ? Object.entries(peers) : Object.entries(peers).toReversed()) {
      const directory = join(base, `${run}-${name.replaceAll(/\W/g, '')}`);
      mkdirSync(directory);
      await execa('sync');
      const usage = await runMeasured({ command: command(directory) });
      console.error(`run ${run}, ${name}: ${usage.seconds.toFixed(2)} s`);
      measured.get(name)?.push(usage);
    }
  }
  const summaries = summariseUsages(measured);
  console.log(values.json ? JSON.stringify(summaries, undefined, 2) : renderUsages(summaries));
} finally {
  rmSync(base, { recursive: true, force: true });
}
