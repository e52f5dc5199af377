import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { downloadOnce } from '../../test/support/download.ts';
import type { HdfsCluster, ShellResult } from '../../test/support/hadoop/cluster.ts';
import { benchCache, CLI, USER } from './environment.ts';
import { addressOf } from './hdfs.ts';

const JOB = fileURLToPath(new URL('../../fixtures/jobs/start_job.py', import.meta.url));
const HOME = `/user/${USER}`;
const ON_HDFS = { job: `${HOME}/start_job.py`, archive: `${HOME}/environment.tar.gz` };

/** What an application of data scientists imports first; with what they import, nearly all of the environment. */
const IMPORTS = ['numpy', 'pandas', 'scipy', 'sklearn', 'pyarrow'];

/** How a job gets its environment. */
export interface Way {
  /** Puts the environment of a build's directory on HDFS. @returns what a user types after `spark-submit` */
  readonly place: (hdfs: HdfsCluster, directory: string) => Promise<readonly string[]>;
}

const published = (layout: 'tree' | 'tar'): Way => ({
  place: async (hdfs, directory) => {
    const address = addressOf(hdfs, `${HOME}/${layout}`);
    const args = [CLI, 'publish', directory, address, '--user', USER, '--layout', layout, '--json'];
    const env = { HDFS_VENV_CACHE: benchCache() };
    const { stdout } = await execa(process.execPath, args, { env, timeout: 1_200_000 });
    const { bootstrap }: { readonly bootstrap: string } = JSON.parse(stdout);
    // Without an authority: the NameNode is the one that the job's configuration names.
    return [bootstrap, `hdfs://${HOME}/${layout}`, `hdfs://${ON_HDFS.job}`, '.', ...IMPORTS];
  },
});

/** Spark's own way: unpacked by Spark into a directory, which the job puts on its path. */
const archives: Way = {
  place: async (hdfs, directory) => {
    await put(hdfs, await archiveOf(directory), ON_HDFS.archive);
    const archive = `hdfs://${ON_HDFS.archive}#environment`;
    return ['--archives', archive, `hdfs://${ON_HDFS.job}`, 'environment', ...IMPORTS];
  },
};

/** What any job takes: it imports nothing. */
const none: Way = { place: () => Promise.resolve([`hdfs://${ON_HDFS.job}`, '.']) };

export const WAYS: Readonly<Record<string, Way>> = {
  none,
  tree: published('tree'),
  tar: published('tar'),
  archives,
};

/** What every way runs. */
export function placeJob(hdfs: HdfsCluster): Promise<void> {
  return put(hdfs, JOB, ON_HDFS.job);
}

/** The tree of a build as `tar` and `gzip -6` pack it, kept beside the build. */
async function archiveOf(directory: string): Promise<string> {
  const kept = await downloadOnce(join(dirname(directory), 'archive'), async (into) => {
    const tar = ['-I', 'gzip -6', '-cf', join(into, 'environment.tar.gz'), '-C', join(directory, 'venv'), '.'];
    await execa('tar', tar, { timeout: 600_000 });
  });
  return join(kept, 'environment.tar.gz');
}

async function put(hdfs: HdfsCluster, local: string, path: string): Promise<void> {
  const result: ShellResult = await hdfs.fsShell(['-put', local, path], { user: USER });
  if (result.exitCode !== 0) throw new Error(`hdfs dfs -put ${path}: exit code ${result.exitCode}\n${result.stderr}`);
}
