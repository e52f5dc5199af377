/**
 * How long it takes to make archives of the wheels of pandas, numpy, scipy, scikit-learn and pyarrow, beside `tar` and
 * `gzip -6` of the tree that they unpack to.
 *
 *   npm run bench:layers -- [--runs 5] [--directory DIR] [--json] [--write]
 *
 * Ours is the step that `publish --layout tar` does once the wheels were checked, in a process of its own, with nothing in its
 * cache. All write below DIR (by default the system's temporary directory), in turn; what they read is in the page cache.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { execa } from 'execa';
import { benchCache, benchEnvironment, CLI, REQUIREMENTS, TARGET } from './environment.ts';
import { inTurn } from './results/in-turn.ts';
import { commandLine, thisMachine } from './results/machine.ts';
import { parseRuns, REPORT_OPTIONS } from './results/options.ts';
import { reportResult } from './results/report-result.ts';
import type { Result } from './results/result.ts';
import { medianOf } from './results/summarise.ts';
import { runMeasured } from './run-measured.ts';
import { usageRows } from './usage-rows.ts';

const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '5' },
    directory: { type: 'string', default: tmpdir() },
    ...REPORT_OPTIONS,
  },
});
const runs = parseRuns(values.runs);
const [OURS, THEIRS] = ['hdfs-venv', 'tar, gzip -6'];
const script = fileURLToPath(new URL('make-layers.mjs', import.meta.url));

const tree = join(await benchEnvironment(), 'venv');
const base = mkdtempSync(join(values.directory, 'hdfs-venv-bench-layers-'));
try {
  const built = join(base, 'built');
  const env = { HDFS_VENV_CACHE: benchCache() };
  await execa(process.execPath, [CLI, 'build', ...REQUIREMENTS, ...TARGET, '--layout', 'tar', '-o', built], {
    env,
    cwd: base,
  });
  const peers: readonly [string, (directory: string) => readonly string[]][] = [
    [THEIRS, (directory) => ['tar', '-C', tree, '-I', 'gzip -6', '-cf', join(directory, 'tree.tar.gz'), '.']],
    [OURS, (directory) => [process.execPath, script, built, directory]],
  ];
  const measured = await inTurn(peers, runs, async (name, command, run) => {
    const directory = mkdtempSync(join(base, `${run}-`));
    await execa('sync');
    const usage = await runMeasured({ command: command(directory) });
    console.error(`run ${run}, ${name}: ${usage.seconds.toFixed(2)} s`);
    return usage;
  });
  const rows = usageRows(measured);
  const result: Result = {
    name: 'layers',
    title: 'How long it takes to make archives of an environment',
    about: [
      'pandas, numpy, scipy, scikit-learn, pyarrow and what they need: one archive for each wheel, whose compressed bytes are those of the wheel (what `build --layout tar` does after it has checked them, in a process of its own, with nothing in its cache), beside one archive of the unpacked tree.',
    ],
    command: commandLine('bench:layers'),
    machine: thisMachine(),
    rows,
    reference: OURS,
    goals: [
      {
        what: `${THEIRS} takes as many times as long`,
        measured: medianOf(rows, THEIRS) / medianOf(rows, OURS),
        unit: '×',
        aim: { atLeast: 15 },
      },
    ],
  };
  await reportResult(result, values);
} finally {
  rmSync(base, { recursive: true, force: true });
}
