import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { cacheDirectory } from '../support/cache.ts';
import { runToCompletion } from '../support/daemon.ts';
import { scratchDirectory } from '../support/scratch.ts';
import { type NativePython, nativeEnvironment } from './native-python.ts';
import type { Outcome } from './outcome.ts';
import { type RequirementSet, writeRequirements } from './requirement-set.ts';

const reportSchema = z.object({ install: z.array(z.object({ download_info: z.object({ url: z.string() }) })) });

/** Milliseconds. The new resolver of pip 20.3 can go on for hours where a later one takes seconds. */
const PATIENCE = 600_000;

export interface NativeOptions {
  /** On Python 2.7 pip 20.3 still uses its old resolver, which takes the first version that it meets and never goes back. */
  readonly newResolver?: boolean;
}

/**
 * What the target's own pip chooses when it runs on the target's own Python: `install --dry-run --report` where pip has it
 * (22.2), else `download`.
 * @throws Error when the index cannot be reached, which says nothing about the set
 */
export async function resolveNatively(
  python: NativePython,
  set: RequirementSet,
  options: NativeOptions = {},
): Promise<Outcome> {
  const scratch = scratchDirectory('native');
  try {
    const requirements = writeRequirements(set, scratch.path);
    const report = join(scratch.path, 'report.json');
    const wheels = join(scratch.path, 'wheels');
    const hasReport = Number.parseFloat(python.pip) >= 22.2;
    const what = hasReport
      ? ['install', '--dry-run', '--ignore-installed', '--report', report]
      : ['download', '--dest', wheels];
    if (options.newResolver === true) what.push('--use-feature=2020-resolver');
    const cache = ['--cache-dir', cacheDirectory('differential', 'pip-cache')];
    const result = await runToCompletion({
      command: python.executable,
      args: ['-m', 'pip', ...what, ...cache, '--quiet', '--only-binary=:all:', '-r', requirements],
      env: nativeEnvironment(),
      cwd: scratch.path,
      timeout: PATIENCE,
    }).catch((error: unknown) => {
      if (/ran for more than/.test(String(error))) return undefined;
      throw error;
    });
    if (result === undefined) return { failure: `no answer after ${PATIENCE / 1000} s` };
    if (result.exitCode !== 0) return { failure: failureOf(result.stderr) };
    const chosen = hasReport ? readReport(report) : readdirSync(wheels);
    return { wheels: chosen.toSorted() };
  } finally {
    scratch.remove();
  }
}

function readReport(path: string): string[] {
  const { install } = reportSchema.parse(JSON.parse(readFileSync(path, 'utf8')));
  return install.map(({ download_info: { url } }) => decodeURIComponent(new URL(url).pathname.split('/').at(-1) ?? ''));
}

function failureOf(stderr: string): string {
  if (/Could not fetch URL|Failed to establish a new connection|Read timed out|Connection broken/.test(stderr)) {
    throw new Error(`The index cannot be reached:\n${stderr.slice(-2000)}`);
  }
  const lines = stderr.split('\n').filter((line) => line.startsWith('ERROR'));
  return (
    lines
      .map((line) =>
        line.replace(/ \(from versions: .*\)/, '').replaceAll(/\S+\/requirements\.txt/g, 'requirements.txt'),
      )
      .join('\n') || stderr.slice(-2000)
  );
}
