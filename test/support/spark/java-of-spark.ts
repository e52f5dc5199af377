import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { findJava, type Java } from '../java.ts';
import { findJava8, type SkippedJava } from '../java8.ts';

/** Faster linear algebra. Spark 4 asks for it whenever it starts a JVM, and does without it. */
const VECTOR_MODULE = 'jdk.incubator.vector';

/** The Java that runs this Spark, or why there is none. */
export function javaOfSpark(version: string): Promise<Java | SkippedJava> {
  return version.startsWith('2.') ? findJava8() : findJava(17);
}

/**
 * A JAVA_HOME whose java starts Spark 4 also where it lacks the module: the Java of a wheel has only a choice of them.
 * @param directory where to make it, if one has to be made
 */
export async function javaHomeForSpark(version: string, java: Java, directory: string): Promise<string> {
  if (!version.startsWith('4.')) return java.home;
  const { stdout } = await execa(java.java, ['--list-modules']);
  if (stdout.includes(VECTOR_MODULE)) return java.home;
  const program = join(directory, 'bin', 'java');
  mkdirSync(join(directory, 'bin'), { recursive: true });
  writeFileSync(program, withoutArgument(`--add-modules=${VECTOR_MODULE}`, java.java));
  chmodSync(program, 0o755);
  return directory;
}

function withoutArgument(argument: string, program: string): string {
  return `#!/bin/sh
for argument do
  shift
  [ "$argument" = '${argument}' ] || set -- "$@" "$argument"
done
exec '${program}' "$@"
`;
}
