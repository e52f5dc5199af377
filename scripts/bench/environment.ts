import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { cacheDirectory } from '../../test/support/cache.ts';
import { downloadOnce } from '../../test/support/download.ts';

/** All eleven pinned, so that every run sends the same 6,888 files of 416 MB. */
export const REQUIREMENTS = [
  'numpy==1.26.4',
  'pandas==2.2.3',
  'pyarrow==18.1.0',
  'scikit-learn==1.5.2',
  'scipy==1.14.1',
  'joblib==1.4.2',
  'python-dateutil==2.9.0.post0',
  'pytz==2024.2',
  'six==1.16.0',
  'threadpoolctl==3.5.0',
  'tzdata==2024.2',
];
export const TARGET = ['--python', '3.11.7', '--platform', 'rhel8'];

const DIST = fileURLToPath(new URL('../../dist', import.meta.url));
export const CLI = join(DIST, 'cli', 'main.js');

/** Who sends, with a home directory on the cluster. */
export const USER = 'alice';

/** `HDFS_VENV_CACHE` of all benchmarks: wheels, and what our command line keeps besides; nobody else's. */
export function benchCache(): string {
  return cacheDirectory('bench-lock');
}

export interface EnvironmentOptions {
  /** `NAME==VERSION`; those of the example unless told. */
  readonly requirements?: readonly string[];
  /** `tree` unless told. */
  readonly layout?: 'tree' | 'tar';
}

/** Longer than any run: another one may use what a program that has changed since has built. */
const UNUSED_MILLISECONDS = 24 * 3_600_000;

/** An environment as the built command line makes it; kept until the program changes. @returns what `publish` takes as DIR */
export async function benchEnvironment(options: EnvironmentOptions = {}): Promise<string> {
  const { requirements = REQUIREMENTS, layout = 'tree' } = options;
  const base = cacheDirectory('bench');
  const key = createHash('sha256').update(JSON.stringify([requirements, layout, TARGET]));
  for (const file of filesOf(DIST)) key.update(file.path).update(readFileSync(join(DIST, file.path)));
  const directory = join(base, key.digest('hex').slice(0, 12));
  for (const name of readdirSync(base)) {
    const other = join(base, name);
    if (other !== directory && statSync(other).mtimeMs < Date.now() - UNUSED_MILLISECONDS)
      rmSync(other, { recursive: true });
  }
  return downloadOnce(directory, async (into) => {
    const output = join(into, 'build');
    mkdirSync(output);
    await execa(process.execPath, [CLI, 'build', ...requirements, ...TARGET, '--layout', layout, '--output', output], {
      cwd: into,
      env: { HDFS_VENV_CACHE: benchCache() },
      stdout: 'ignore',
      stderr: 'inherit',
      timeout: 1_200_000,
    });
  }).then((complete) => join(complete, 'build'));
}

export interface LocalFile {
  /** Relative to the directory, POSIX. */
  readonly path: string;
  /** Bytes. */
  readonly size: number;
}

/** The files under `directory`, sorted by path. */
export function filesOf(directory: string): LocalFile[] {
  return readdirSync(directory, { recursive: true, encoding: 'utf8' })
    .map((path) => ({ path, status: statSync(join(directory, path)) }))
    .filter(({ status }) => status.isFile())
    .map(({ path, status }) => ({ path: path.replaceAll('\\', '/'), size: status.size }))
    .toSorted((left, right) => (left.path < right.path ? -1 : 1));
}

/** How many files, and how many bytes they have together. */
export function sizeOf(directory: string): { readonly files: number; readonly bytes: number } {
  const files = filesOf(directory);
  return { files: files.length, bytes: files.reduce((sum, { size }) => sum + size, 0) };
}
