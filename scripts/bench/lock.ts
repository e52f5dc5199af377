/**
 * How long `build` takes to decide that its lock fits and that every wheel is there: from its start to the line that says so, with all
 * wheels of pandas, numpy, scipy, scikit-learn and pyarrow in the cache, against `--version` as the time to start at all.
 *
 *   npm run bench:lock -- [--runs 5] [--json] [--write]
 */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { execa } from 'execa';
import { scratchDirectory } from '../../test/support/scratch.ts';
import { benchCache, CLI, REQUIREMENTS, TARGET } from './environment.ts';
import { inTurn } from './results/in-turn.ts';
import { commandLine, thisMachine } from './results/machine.ts';
import { parseRuns, REPORT_OPTIONS } from './results/options.ts';
import { reportResult } from './results/report-result.ts';
import type { Result } from './results/result.ts';
import { medianOf } from './results/summarise.ts';

const { values } = parseArgs({ options: { runs: { type: 'string', default: '5' }, ...REPORT_OPTIONS } });
const runs = parseRuns(values.runs);
const [START, DECISION] = ['hdfs-venv --version', 'hdfs-venv build, until it is decided'];

const env = { HDFS_VENV_CACHE: benchCache() };
const work = scratchDirectory('bench-lock');
try {
  await execa(process.execPath, [CLI, 'lock', ...REQUIREMENTS, ...TARGET], { cwd: work.path, env });
  const peers: readonly [string, () => Promise<number>][] = [
    [START, () => secondsUntil(/^\d/, 'stdout', ['--version'])],
    [DECISION, () => secondsUntil(/ fits: /, 'stderr', ['build', ...REQUIREMENTS, ...TARGET, '-o', 'out'])],
  ];
  const measured = await inTurn(peers, runs, (_, measure) => {
    rmSync(join(work.path, 'out'), { recursive: true, force: true });
    return measure();
  });
  const rows = [...measured].map(([peer, seconds]) => ({ peer, seconds }));
  const result: Result = {
    name: 'lock',
    title: 'How long a build takes to decide that its lock fits',
    about: [
      'From the start of the command to the line that says that the lock fits and that every wheel is in the cache, for the wheels of pandas, numpy, scipy, scikit-learn, pyarrow and what they need. `--version` is the time to start at all.',
    ],
    command: commandLine('bench:lock'),
    machine: thisMachine(),
    rows,
    reference: START,
    goals: [
      {
        what: 'the decision beyond the start',
        measured: medianOf(rows, DECISION) - medianOf(rows, START),
        unit: 's',
        aim: { atMost: 0.3 },
      },
    ],
  };
  await reportResult(result, values);
} finally {
  work.remove();
}

/** Starts the command line, waits for a line, and stops it. */
async function secondsUntil(line: RegExp, stream: 'stdout' | 'stderr', args: readonly string[]): Promise<number> {
  const began = performance.now();
  const child = execa(process.execPath, [CLI, ...args], { cwd: work.path, env, reject: false });
  for await (const text of child.iterable({ from: stream })) {
    if (!line.test(text)) continue;
    const seconds = (performance.now() - began) / 1000;
    child.kill();
    await child;
    return seconds;
  }
  throw new Error(`No such line from hdfs-venv ${args.join(' ')}: ${(await child).stderr}`);
}
