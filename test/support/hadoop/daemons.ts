import { closeSync, existsSync, fstatSync, openSync, readSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { type Daemon, startDaemon } from '../daemon.ts';
import type { Java } from '../java.ts';

/** What every JVM of one cluster shares. */
export interface HadoopRuntime {
  readonly java: Java;
  /** The directory of the jars. */
  readonly jars: string;
  /** Holds `webapps/`. */
  readonly web: string;
  /** Without Kerberos, who the process says it is. */
  readonly user: string;
  /** After those that keep a JVM small. */
  readonly javaOptions?: readonly string[];
  /** Where it finds programs; this process's PATH unless told. */
  readonly programs?: string;
}

const OPENED_PACKAGES = ['lang', 'io', 'net', 'nio', 'util', 'util.concurrent'].map((name) => `java.base/java.${name}`);

const JVM_OPTIONS = [
  '-Xmx256m',
  '-XX:+UseSerialGC',
  '-XX:TieredStopAtLevel=1',
  '-Djava.net.preferIPv4Stack=true',
  // Hadoop 2 reflects into classes that Java 17 closes.
  ...[...OPENED_PACKAGES, 'java.base/sun.nio.ch'].map((name) => `--add-opens=${name}=ALL-UNNAMED`),
];

/** The arguments of `java` for one Hadoop class with this configuration directory. */
export function javaArguments(
  runtime: HadoopRuntime,
  configuration: string,
  main: string,
  options: readonly string[] = [],
): string[] {
  const classPath = [configuration, runtime.web, join(runtime.jars, '*')].join(delimiter);
  return [...JVM_OPTIONS, ...(runtime.javaOptions ?? []), ...options, '-cp', classPath, main];
}

/** An environment without the settings of the user's own Hadoop. */
export function hadoopEnvironment(user: string, programs?: string): NodeJS.ProcessEnv {
  const { PATH, HOME, TMPDIR } = process.env;
  return { PATH: programs ?? PATH, HOME, TMPDIR, LANG: 'C.UTF-8', HADOOP_USER_NAME: user };
}

export function startHadoopDaemon(
  runtime: HadoopRuntime,
  configuration: string,
  main: string,
  log: string,
  options: readonly string[] = [],
): Daemon {
  return startDaemon({
    command: runtime.java.java,
    args: javaArguments(runtime, configuration, main, options),
    env: hadoopEnvironment(runtime.user, runtime.programs),
    log,
  });
}

/** The last 4,000 bytes of a log, for a message. */
export function tailOfLog(log: string): string {
  if (!existsSync(log)) return '';
  const file = openSync(log, 'r');
  try {
    const { size } = fstatSync(file);
    const buffer = Buffer.alloc(Math.min(size, 4000));
    readSync(file, buffer, 0, buffer.length, size - buffer.length);
    return buffer.toString('utf8');
  } finally {
    closeSync(file);
  }
}
