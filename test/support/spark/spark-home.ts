import { mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { execa } from 'execa';
import { cacheDirectory } from '../cache.ts';
import { downloadOnce } from '../download.ts';
import { hostPython, pipInstalled } from '../python.ts';

const running = new Map<string, Promise<string>>();

/**
 * The SPARK_HOME of a Spark release (`3.5.9`), made once from PyPI's source distribution of pyspark, which carries the
 * whole of Spark: `deps/*` are the folders of an ordinary SPARK_HOME, `lib/*.zip` its Python side. Several callers at the
 * same time are fine.
 */
export function sparkHome(version: string): Promise<string> {
  let home = running.get(version);
  if (home === undefined) {
    home = downloadOnce(join(cacheDirectory('spark'), version), (into) => makeSparkHome(version, into));
    running.set(version, home);
  }
  return home;
}

async function makeSparkHome(version: string, home: string): Promise<void> {
  const work = join(home, '.work');
  mkdirSync(work);
  const unpacked = join(work, `pyspark-${version}`);
  const members = [`pyspark-${version}/deps`, `pyspark-${version}/lib`];
  await execa('tar', ['-xzf', await downloadSdist(version, work), '-C', work, ...members]);
  const folders = join(unpacked, 'deps');
  for (const name of readdirSync(folders)) renameSync(join(folders, name), join(home, name));
  mkdirSync(join(home, 'python'));
  renameSync(join(unpacked, 'lib'), join(home, 'python', 'lib'));
  rmSync(work, { recursive: true });
}

/**
 * pip looks at the metadata of what it downloads, and for a source distribution that runs its setup.py. Spark's need a
 * setuptools that still takes `description-file`, and `wheel`; given those, pip makes no build environment.
 */
async function downloadSdist(version: string, into: string): Promise<string> {
  const tools = [await pipInstalled('setuptools', '75.3.2'), await pipInstalled('wheel', '0.45.1')];
  const asSource = ['--no-deps', '--no-binary', ':all:', '--no-build-isolation', '--ignore-requires-python'];
  const quietly = ['--quiet', '--disable-pip-version-check', '--no-cache-dir'];
  await execa(hostPython(), ['-m', 'pip', 'download', ...quietly, ...asSource, '--dest', into, `pyspark==${version}`], {
    env: { PYTHONPATH: tools.join(delimiter) },
    timeout: 900_000,
  });
  const file = readdirSync(into).find((name) => name.endsWith('.tar.gz'));
  if (file === undefined) throw new Error(`Cannot get Spark ${version}: pip downloaded no pyspark-${version}.tar.gz`);
  return join(into, file);
}
