import { execaSync } from 'execa';
import { findJava, type Java } from '../../test/support/java.ts';
import { findPython } from '../../test/support/python.ts';

export interface Machine {
  /** `3.11` */
  readonly python: string;
  readonly interpreter: string;
  /** The Spark that runs on this Python. */
  readonly spark: string;
  readonly java: Java;
  /** For `--platform`. */
  readonly platform: string;
}

/** Which Pythons a Spark runs on, in the order in which this demo likes them. */
const SPARKS = [
  { spark: '3.5.9', pythons: ['3.11', '3.12', '3.10', '3.9', '3.8'] },
  { spark: '4.3.0', pythons: ['3.13'] },
];

/**
 * What the demo runs on, of what this machine has. Java may come from a wheel.
 * @throws Error that says what to install
 */
export async function lookAtMachine(): Promise<Machine> {
  const [choice] = SPARKS.flatMap(({ spark, pythons }) =>
    pythons.flatMap((python) => {
      const interpreter = findPython(python);
      return interpreter === undefined ? [] : [{ spark, python, interpreter }];
    }),
  );
  if (choice === undefined) {
    throw new Error(
      'Cannot find a Python that Spark runs on: install Python 3.11 (3.8 to 3.13 will do) so that python3.11 is on PATH',
    );
  }
  return { ...choice, java: await findJava(17), platform: platformOfThisMachine() };
}

function platformOfThisMachine(): string {
  const arm = process.arch === 'arm64';
  if (process.platform === 'darwin') return arm ? 'macosx_14_0_arm64' : 'macosx_14_0_x86_64';
  if (arm) return 'manylinux_2_28_aarch64';
  return isOlder(glibcVersion(), '2.28') ? 'rhel7' : 'rhel8';
}

function glibcVersion(): string {
  return execaSync('getconf', ['GNU_LIBC_VERSION'], { reject: false }).stdout?.split(' ')[1] ?? '2.17';
}

function isOlder(version: string, than: string): boolean {
  return version.localeCompare(than, 'en', { numeric: true }) < 0;
}
