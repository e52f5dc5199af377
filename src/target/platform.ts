import { HdfsVenvError } from '../errors/hdfs-venv-error.ts';

const MACHINES = ['x86_64', 'aarch64'] as const;
export type Machine = (typeof MACHINES)[number];

/** The second half of glibc's version: 17 stands for 2.17. */
interface Profile {
  readonly glibc: number;
  /** The kernel that the distribution came out with, for the marker `platform_release`. */
  readonly kernel: string;
}

const RHEL6: Profile = { glibc: 12, kernel: '2.6.32' };
const RHEL7: Profile = { glibc: 17, kernel: '3.10.0' };
const RHEL8: Profile = { glibc: 28, kernel: '4.18.0' };
const RHEL9: Profile = { glibc: 34, kernel: '5.14.0' };

/**
 * What a name of `--platform` stands for. A wheel built for an older glibc runs on a newer one, never the other way
 * round, so a Cloudera release gets the oldest system that its clusters commonly run on:
 * CDH 5 is still found on RHEL 6 as well as 7; CDH 6 and CDP 7.1 were installed on RHEL 7 almost everywhere (CDH 6 on
 * RHEL 6 exists: `rhel6` then). Whoever knows the nodes' system names that one and gets newer wheels.
 */
const PROFILES: ReadonlyMap<string, Profile> = new Map([
  ['rhel6', RHEL6],
  ['rhel7', RHEL7],
  ['rhel8', RHEL8],
  ['rhel9', RHEL9],
  ['cdh5', RHEL6],
  ['cdh6', RHEL7],
  ['cdp7', RHEL7],
]);

/** Of all systems that `--platform` knows by name; each may be followed by `-aarch64`. */
export const PROFILE_NAMES: readonly string[] = [...PROFILES.keys()];

/** Names that were in use before PEP 600 put glibc's version into the tag. */
const LEGACY_NAMES: ReadonlyMap<number, string> = new Map([
  [17, 'manylinux2014'],
  [12, 'manylinux2010'],
  [5, 'manylinux1'],
]);

/** The oldest glibc that a policy exists for: nothing older was ever built for aarch64 than 2.17. */
const OLDEST_GLIBC: Readonly<Record<Machine, number>> = { x86_64: 5, aarch64: 17 };

/** Kernel of the oldest profile with at least this glibc. */
const KERNELS: readonly Profile[] = [RHEL9, RHEL8, RHEL7, RHEL6];

export interface Platform {
  /** `rhel7`, `rhel7-aarch64`; null when tags were given. */
  readonly profile: string | null;
  /** Platform tags, most specific first. */
  readonly tags: readonly string[];
  readonly machine: Machine;
  /** Version of a kernel that such a system runs, `3.10.0`. */
  readonly kernel: string;
}

/**
 * Reads the values of `--platform`: one profile (`rhel7`, `rhel7-aarch64`), or platform tags (`manylinux2014_x86_64`,
 * `manylinux_2_28_aarch64`, `musllinux_1_2_x86_64`, `linux_x86_64`), or both. A tag brings all that it implies: every
 * older glibc with the aliases of PEP 600, because a wheel carries only the oldest tag it fulfils.
 *
 * @throws HdfsVenvError `TARGET_PLATFORM` for an unknown name, for values of two machines, or for no value at all
 */
export function parsePlatform(given: readonly string[]): Platform {
  const parsed = given.map(parseOne);
  const [first] = parsed;
  if (first === undefined) throw unknownPlatform('');
  const other = parsed.find(({ machine }) => machine !== first.machine);
  if (other !== undefined) {
    throw new HdfsVenvError({
      code: 'TARGET_PLATFORM',
      exit: 'usage',
      message: `Cannot combine platforms of two machines: ${first.machine} and ${other.machine}, got ${given.join(', ')}`,
    });
  }
  const { machine } = first;
  const glibc = Math.max(...parsed.map((one) => one.glibc));
  const musl = Math.max(...parsed.map((one) => one.musl));
  const profiles = parsed.filter((one) => one.profile !== null);
  return {
    profile: parsed.length === 1 && profiles.length === 1 ? first.profile : null,
    tags: [...manylinuxTags(glibc, machine), ...musllinuxTags(musl, machine), `linux_${machine}`],
    machine,
    kernel: (KERNELS.find((one) => one.glibc <= glibc) ?? RHEL6).kernel,
  };
}

interface Parsed {
  readonly profile: string | null;
  readonly machine: Machine;
  /** -1 when it says nothing about glibc. */
  readonly glibc: number;
  /** -1 when it says nothing about musl. */
  readonly musl: number;
}

function parseOne(given: string): Parsed {
  const [, name = '', suffix] = /^([a-z]+\d+)(?:-([a-z0-9_]+))?$/.exec(given) ?? [];
  const profile = PROFILES.get(name);
  if (profile !== undefined) {
    const machine = asMachine(suffix ?? 'x86_64', given);
    if (profile.glibc < OLDEST_GLIBC[machine]) throw unknownPlatform(given);
    return { profile: given, machine, glibc: profile.glibc, musl: -1 };
  }
  const [, plain] = /^linux_(.+)$/.exec(given) ?? [];
  if (plain !== undefined) return { profile: null, machine: asMachine(plain, given), glibc: -1, musl: -1 };
  const [, musl, muslMachine] = /^musllinux_1_(\d{1,2})_(.+)$/.exec(given) ?? [];
  if (musl !== undefined && muslMachine !== undefined) {
    return { profile: null, machine: asMachine(muslMachine, given), glibc: -1, musl: Number(musl) };
  }
  const [, policy = '', manylinuxMachine = ''] = /^(manylinux(?:1|2010|2014|_2_\d{1,2}))_(.+)$/.exec(given) ?? [];
  const machine = asMachine(manylinuxMachine, given);
  const legacy = [...LEGACY_NAMES].find(([, legacyName]) => legacyName === policy);
  const glibc = legacy === undefined ? Number(policy.slice('manylinux_2_'.length)) : legacy[0];
  if (glibc < OLDEST_GLIBC[machine]) throw unknownPlatform(given);
  return { profile: null, machine, glibc, musl: -1 };
}

function asMachine(value: string, given: string): Machine {
  const machine = MACHINES.find((one) => one === value);
  if (machine === undefined) throw unknownPlatform(given);
  return machine;
}

function manylinuxTags(glibc: number, machine: Machine): string[] {
  const tags: string[] = [];
  for (let version = glibc; version >= OLDEST_GLIBC[machine]; version--) {
    tags.push(`manylinux_2_${version}_${machine}`);
    const legacy = LEGACY_NAMES.get(version);
    if (legacy !== undefined) tags.push(`${legacy}_${machine}`);
  }
  return tags;
}

function musllinuxTags(musl: number, machine: Machine): string[] {
  return Array.from({ length: musl + 1 }, (_, index) => `musllinux_1_${musl - index}_${machine}`);
}

function unknownPlatform(given: string): HdfsVenvError {
  const known = [...PROFILES.keys()].join(', ');
  return new HdfsVenvError({
    code: 'TARGET_PLATFORM',
    exit: 'usage',
    message: `Cannot use ${JSON.stringify(given)} as the target's platform: expected ${known} (x86_64; with -aarch64 for ARM, from RHEL 7 on) or a tag such as manylinux2014_x86_64, manylinux_2_28_aarch64`,
    hints: ['`ldd --version` on a node prints the glibc version: 2.12 is rhel6, 2.17 rhel7, 2.28 rhel8, 2.34 rhel9.'],
  });
}
