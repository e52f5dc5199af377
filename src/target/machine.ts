import { HdfsVenvError } from '../errors/hdfs-venv-error.ts';

const MACHINES = ['x86_64', 'aarch64'] as const;

/** As `uname -m` and platform tags call it. */
export type Machine = (typeof MACHINES)[number];

/** What container images, Debian and macOS call them. */
const OTHER_NAMES: ReadonlyMap<string, Machine> = new Map([
  ['amd64', 'x86_64'],
  ['x64', 'x86_64'],
  ['x86-64', 'x86_64'],
  ['arm64', 'aarch64'],
  ['armv8', 'aarch64'],
]);

export function findMachine(value: string): Machine | undefined {
  return MACHINES.find((one) => one === value);
}

/** The name that belongs to `amd64`, `ARM64`, `X86_64`. */
export function guessMachine(value: string): Machine | undefined {
  const lower = value.toLowerCase();
  return findMachine(lower) ?? OTHER_NAMES.get(lower);
}

/**
 * Reads the value of `--arch`.
 *
 * @throws HdfsVenvError `TARGET_ARCH` (usage) when Cloudera's clusters have no such machines
 */
export function parseMachine(given: string): Machine {
  const machine = findMachine(given);
  if (machine !== undefined) return machine;
  const guess = guessMachine(given);
  throw new HdfsVenvError({
    code: 'TARGET_ARCH',
    exit: 'usage',
    message: `Cannot use ${JSON.stringify(given)} as the target's architecture: expected ${MACHINES.join(' or ')}`,
    hints: [guess === undefined ? '`uname -m` on a node prints it.' : `Did you mean --arch ${guess}?`],
  });
}
