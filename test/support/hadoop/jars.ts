import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { cacheDirectory } from '../cache.ts';
import { runToCompletion } from '../daemon.ts';
import { downloadOnce } from '../download.ts';
import { findJava } from '../java.ts';

const HDFS = fileURLToPath(new URL('pom.xml', import.meta.url));
const YARN = fileURLToPath(new URL('yarn-pom.xml', import.meta.url));

/**
 * The directory with the jars of HDFS of this version (43 to 70 MB), fetched once with Maven through its own settings.
 * @throws Error without `mvn`, or when a jar cannot be fetched; the end of Maven's output is in the message.
 */
export function hadoopJars(version: string): Promise<string> {
  return downloadOnce(placeOf(HDFS, version), async (into) => {
    const profile = /^2\.[67]\./.test(version) ? 'one-hdfs-jar' : 'hdfs-client';
    await copyDependencies(version, into, HDFS, '--activate-profiles', profile);
    // The Jersey of 2.8 to 2.10 reads classes with asm 3; asm 5, which comes along, hides it.
    if (/^2\.(8|9|10)\./.test(version)) removeJars(into, /^asm-5/);
  });
}

/** The same for YARN (80 MB), a Hadoop 3. */
export function yarnJars(version: string): Promise<string> {
  return downloadOnce(placeOf(YARN, version), (into) => copyDependencies(version, into, YARN));
}

/** Another pom.xml is another set of jars. */
function placeOf(pom: string, version: string): string {
  const digest = createHash('sha256').update(readFileSync(pom)).digest('hex').slice(0, 8);
  return join(cacheDirectory('hadoop'), `${version}-${digest}`);
}

async function copyDependencies(
  version: string,
  into: string,
  pom: string,
  ...profile: readonly string[]
): Promise<void> {
  const options = ['--batch-mode', '--quiet', '--file', pom, ...profile, `-Dhadoop.version=${version}`];
  const goal = [
    'org.apache.maven.plugins:maven-dependency-plugin:3.6.1:copy-dependencies',
    `-DoutputDirectory=${into}`,
    '-DincludeScope=runtime',
  ];
  const maven = {
    command: 'mvn',
    args: [...options, ...goal],
    // Maven needs a Java too, which need not be on PATH.
    env: { ...process.env, JAVA_HOME: (await findJava(17)).home },
    timeout: 900_000,
  };
  const run = await runToCompletion(maven).catch((error: unknown) => {
    const needed = 'Apache Maven 3.6.3 or newer; Debian: apt-get install maven';
    throw new Error(`Cannot fetch Hadoop ${version} with mvn (${needed}): ${String(error)}`, { cause: error });
  });
  if (run.exitCode !== 0) {
    const end = `${run.stdout}${run.stderr}`.slice(-2000);
    throw new Error(`Cannot fetch Hadoop ${version} with mvn:\n${end}`);
  }
}

function removeJars(directory: string, name: RegExp): void {
  for (const file of readdirSync(directory)) if (name.test(file)) rmSync(join(directory, file));
}
