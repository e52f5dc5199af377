/**
 * How time and memory of our own process grow with the number of files: environments of made wheels with 1,000 small files
 * each are built and published with both layouts to a real HDFS of two DataNodes.
 *
 *   npm run bench:scale -- [--runs 1] [--sizes 1000,10000,100000] [--layouts tar,tree] [--event-loop-threads 64]
 *                          [--directory DIR] [--json] [--write]
 *
 * All that is written stands below DIR (by default the system's temporary directory) and is deleted at the end of each round.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { execa } from 'execa';
import { benchCache, CLI, sizeOf, TARGET, USER } from './environment.ts';
import { addressOf, blocksOf, contentOf, removeAndSettle, startBenchHdfs } from './hdfs.ts';
import { madeWheels, type MadeWheels } from './made-wheels.ts';
import { inTurn } from './results/in-turn.ts';
import { commandLine, thisMachine } from './results/machine.ts';
import { parseRuns, pick, REPORT_OPTIONS } from './results/options.ts';
import { reportResult } from './results/report-result.ts';
import type { Row } from './results/result.ts';
import { runMeasured, type Usage } from './run-measured.ts';
import { millisecondsPerFile, scaleGoals } from './scale-goals.ts';
import { megabytes, usageColumns } from './usage-rows.ts';

const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '1' },
    sizes: { type: 'string', default: '1000,10000,100000' },
    layouts: { type: 'string', default: 'tar,tree' },
    'event-loop-threads': { type: 'string', default: '64' },
    directory: { type: 'string', default: tmpdir() },
    ...REPORT_OPTIONS,
  },
});
const runs = parseRuns(values.runs);
const layouts = pick('--layouts', values.layouts, { tar: 'tar', tree: 'tree' } as const).map(([name]) => name);
const threads = values['event-loop-threads'];
const sizes = await Promise.all(
  values.sizes.split(',').map(async (text) => [text, await madeWheels(Number(text))] as const),
);

const env = { HDFS_VENV_CACHE: benchCache() };
const base = mkdtempSync(join(values.directory, 'hdfs-venv-bench-scale-'));
const hdfs = await startBenchHdfs(threads);
try {
  // Servers that just started are slow; the smallest environment must not pay for that.
  await measureSize(await madeWheels(1000), 'warm-up');
  const measured = await inTurn(sizes, runs, (size, wheels, run) => measureSize(wheels, `${run}-${size}`));
  const sized = [...measured].map(([size, rounds]) => ({ files: Number(size), rounds }));
  const rows = sized.flatMap(({ files, rounds }) => rowsOf(files, rounds));
  await reportResult(
    {
      name: 'scale',
      title: 'Time and memory by the number of files',
      about: [
        `Environments of made wheels with 1,000 files each, Python modules of 150 to 600 bytes, built with a lock and all wheels in the cache, and published to an HDFS with a NameNode and two DataNodes (${threads === 'default' ? 'the default number of' : threads} event-loop threads), replication 2, on the same machine. Each is a process of its own, from its start to its end; "peak MB" is the most memory that it ever had. With the layout \`tar\` the archives are made at the build, when they were not made before.`,
      ],
      command: commandLine('bench:scale'),
      machine: thisMachine({ Hadoop: hdfs.version }),
      rows,
      goals: scaleGoals(sized),
    },
    values,
  );
} finally {
  await hdfs.stop();
  rmSync(base, { recursive: true, force: true });
}

/** What each command used, by its name: `build --layout tar`. */
async function measureSize(wheels: MadeWheels, name: string): Promise<ReadonlyMap<string, Usage>> {
  const usages = new Map<string, Usage>();
  const directory = join(base, name);
  const resolving = [...wheels.requirements, ...TARGET, '--no-index', '--find-links', wheels.directory];
  const measure = async (command: string, layout: string, args: readonly string[]): Promise<void> => {
    await execa('sync');
    const all = [process.execPath, CLI, command, ...args, '--layout', layout];
    const usage = await runMeasured({ command: all, cwd: base, env, timeout: 7_200_000 });
    const { seconds, peakBytes } = usage;
    console.error(`${name}, ${command} ${layout}: ${seconds.toFixed(1)} s, ${megabytes(peakBytes)} MB`);
    usages.set(`${command} --layout ${layout}`, usage);
  };
  await execa(process.execPath, [CLI, 'lock', ...resolving], { cwd: base, env });
  try {
    for (const layout of layouts) {
      const [output, destination] = [join(directory, layout), `/user/${USER}/${layout}-${name}`];
      if (layout === 'tar') rmSync(join(benchCache(), 'layers'), { recursive: true, force: true });
      await measure('build', layout, [...resolving, '--locked', '--output', output]);
      const blocks = await blocksOf(hdfs);
      await measure('publish', layout, [output, addressOf(hdfs, destination), '--user', USER]);
      await expectWhole(layout, destination, output, wheels);
      await removeAndSettle(hdfs, destination, blocks);
    }
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
  return usages;
}

async function expectWhole(layout: string, destination: string, built: string, wheels: MadeWheels): Promise<void> {
  const [path, files] =
    layout === 'tar'
      ? [`${destination}/layers`, wheels.requirements.length]
      : [`${destination}/trees`, sizeOf(join(built, 'venv')).files];
  const stored = await contentOf(hdfs, path);
  if (stored.files !== files) throw new Error(`${path} has ${stored.files} files, not ${files}`);
}

function rowsOf(files: number, rounds: readonly ReadonlyMap<string, Usage>[]): Row[] {
  const commands = [...(rounds[0]?.keys() ?? [])];
  return commands.map((peer) => {
    const usages = rounds.flatMap((round) => round.get(peer) ?? []);
    const seconds = usages.map((usage) => usage.seconds);
    return {
      peer,
      setting: `${files.toLocaleString('en')} files`,
      seconds,
      columns: { 'ms per file': millisecondsPerFile(seconds, files).toFixed(2), ...usageColumns(usages) },
    };
  });
}
