/**
 * How long `build` takes to decide that its lock fits and that every wheel is there: from its start to the line that says so, with all
 * wheels of pandas, numpy, scipy, scikit-learn and pyarrow in the cache, against `--version` as the time to start at all.
 *
 *   npm run bench:lock -- [--runs 5] [--json]
 */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { execa } from 'execa';
import { cacheDirectory } from '../../test/support/cache.ts';
import { scratchDirectory } from '../../test/support/scratch.ts';
import { CLI, REQUIREMENTS, TARGET } from './environment.ts';

const { values } = parseArgs({
  options: { runs: { type: 'string', default: '5' }, json: { type: 'boolean', default: false } },
});
const runs = Number(values.runs);
if (!Number.isInteger(runs) || runs < 1) throw new Error(`--runs must be a whole number from 1 on, not ${values.runs}`);

const env = { HDFS_VENV_CACHE: cacheDirectory('bench-lock') };
const work = scratchDirectory('bench-lock');
try {
  await execa(process.execPath, [CLI, 'lock', ...REQUIREMENTS, ...TARGET], { cwd: work.path, env });
  const [starts, decisions]: [number[], number[]] = [[], []];
  for (let run = 0; run < runs; run++) {
    starts.push(await secondsUntil(/^\d/, 'stdout', ['--version']));
    rmSync(join(work.path, 'out'), { recursive: true, force: true });
    decisions.push(await secondsUntil(/ fits: /, 'stderr', ['build', ...REQUIREMENTS, ...TARGET, '-o', 'out']));
  }
  const [start, decision] = [median(starts), median(decisions)];
  if (values.json) console.log(JSON.stringify({ starts, decisions, start, decision, own: decision - start }));
  else {
    console.log(`to start:            ${starts.map(format).join(' ')}, median ${format(start)}`);
    console.log(`until it is decided: ${decisions.map(format).join(' ')}, median ${format(decision)}`);
    console.log(`of its own:          ${format(decision - start)}`);
  }
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

function median(numbers: readonly number[]): number {
  const sorted = numbers.toSorted((left, right) => left - right);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

function format(seconds: number): string {
  return `${seconds.toFixed(2)} s`;
}
