import { HdfsVenvError } from '../errors/hdfs-venv-error.ts';
import { parseGlibc } from './glibc.ts';
import { findMachine, type Machine } from './machine.ts';
import { guessPlatform } from './platform-hint.ts';
import { type CLibrary, OLDEST_GLIBC, type PlatformTag, platformTags, readPlatformTag } from './platform-tag.ts';

interface Profile {
  /** The second half of glibc's version: 17 stands for 2.17. */
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

/** Kernel of the newest profile that is not newer than this glibc. */
const KERNELS: readonly Profile[] = [RHEL9, RHEL8, RHEL7, RHEL6];

export interface Platform {
  /** `rhel7`, `rhel7-aarch64`; null when none was named. */
  readonly profile: string | null;
  /** Platform tags, most specific first. */
  readonly tags: readonly string[];
  readonly machine: Machine;
  readonly library: CLibrary | null;
  /** Version of a kernel that such a system runs, `3.10.0`. */
  readonly kernel: string;
}

/**
 * Reads the values of `--platform`: one profile (`rhel7`, `rhel7-aarch64`), or platform tags (`manylinux2014_x86_64`,
 * `manylinux_2_28_aarch64`, `musllinux_1_2_x86_64`, `linux_x86_64`), or both. A tag brings all that it implies: every
 * older glibc with the aliases of PEP 600, because a wheel carries only the oldest tag it fulfils.
 *
 * @param machine of `--arch`: for a profile that names none, else it must be the same
 * @throws HdfsVenvError `TARGET_PLATFORM` for an unknown name, for values of two machines, or for no value at all;
 * `TARGET_ARCH` when a value is of another machine than `machine`
 */
export function parsePlatform(given: readonly string[], machine?: Machine): Platform {
  const parsed = given.map((one) => parseOne(one, machine));
  const [first] = parsed;
  if (first === undefined) throw unknownPlatform('');
  const machines = parsed.map((one) => one.machine);
  refuseTwo('machines', given, machines);
  if (machine !== undefined && first.machine !== machine) {
    throw new HdfsVenvError({
      code: 'TARGET_ARCH',
      exit: 'usage',
      message: `Cannot combine --arch ${machine} with --platform ${given.join(' --platform ')}, which is ${first.machine}`,
    });
  }
  const libraries = parsed.flatMap(({ library }) => (library === null ? [] : [library.name]));
  refuseTwo('C libraries', given, libraries);
  const newest = parsed.reduce((best, one) => (minorOf(one) > minorOf(best) ? one : best));
  return { ...platformOf(newest), profile: parsed.length === 1 ? first.profile : null };
}

/**
 * Reads the values of `--glibc` and `--arch`: all that a system with this glibc runs.
 *
 * @throws HdfsVenvError `TARGET_GLIBC`
 */
export function platformOfGlibc(given: string, machine: Machine = 'x86_64'): Platform {
  return platformOf({ machine, library: { name: 'glibc', minor: parseGlibc(given, machine) } });
}

/** The platform whose best tag is this one, without a profile. */
export function platformOf({ machine, library }: PlatformTag): Platform {
  const kernel = (KERNELS.find(({ glibc }) => library?.name === 'glibc' && glibc <= library.minor) ?? RHEL6).kernel;
  return { profile: null, tags: platformTags({ machine, library }), machine, library, kernel };
}

function minorOf({ library }: PlatformTag): number {
  return library?.minor ?? -1;
}

function refuseTwo(what: string, given: readonly string[], found: readonly string[]): void {
  const [one, other] = new Set(found);
  if (other === undefined) return;
  throw new HdfsVenvError({
    code: 'TARGET_PLATFORM',
    exit: 'usage',
    message: `Cannot combine platforms of two ${what}: ${one} and ${other}, got ${given.join(', ')}`,
  });
}

interface Parsed extends PlatformTag {
  readonly profile: string | null;
}

function parseOne(given: string, asked: Machine | undefined): Parsed {
  const tag = readPlatformTag(given);
  if (tag !== undefined) return { ...tag, profile: null };
  const parsed = readProfile(given, asked);
  if (parsed === undefined) throw unknownPlatform(given);
  if (isTooOld(parsed)) throw tooOld(given, parsed);
  return parsed;
}

/** `rhel7`, `rhel8-aarch64`; undefined when it is none. */
function readProfile(given: string, asked: Machine | undefined): Parsed | undefined {
  const [, name = '', suffix] = /^([a-z]+\d+)(?:-([a-z0-9_]+))?$/.exec(given) ?? [];
  const profile = PROFILES.get(name);
  const machine = suffix === undefined ? (asked ?? 'x86_64') : findMachine(suffix);
  if (profile === undefined || machine === undefined) return undefined;
  return {
    profile: machine === 'x86_64' ? name : `${name}-${machine}`,
    machine,
    library: { name: 'glibc', minor: profile.glibc },
  };
}

function tooOld(given: string, { machine, library }: PlatformTag): HdfsVenvError {
  return new HdfsVenvError({
    code: 'TARGET_PLATFORM',
    exit: 'usage',
    message: `Cannot use ${given} on ${machine}: its glibc is 2.${library?.minor}, and wheels for ${machine} need 2.${OLDEST_GLIBC[machine]} at least`,
    hints: hintsOf(machine),
  });
}

/** The oldest system with wheels for such machines. */
function hintsOf(machine: Machine): string[] {
  const [name] = [...PROFILES].find(([, { glibc }]) => glibc >= OLDEST_GLIBC[machine]) ?? [];
  const oldest = `Nothing was ever built for ${machine} below glibc 2.${OLDEST_GLIBC[machine]}`;
  return [name === undefined ? `${oldest}.` : `${oldest}: the oldest system is --platform ${name}-${machine}.`];
}

function isTooOld({ machine, library }: PlatformTag): boolean {
  return library?.name === 'glibc' && library.minor < OLDEST_GLIBC[machine];
}

function isKnown(value: string): boolean {
  const parsed = readPlatformTag(value) ?? readProfile(value, undefined);
  return parsed !== undefined && !isTooOld(parsed);
}

function unknownPlatform(given: string): HdfsVenvError {
  const guess = guessPlatform(given, isKnown);
  return new HdfsVenvError({
    code: 'TARGET_PLATFORM',
    exit: 'usage',
    message: `Cannot use ${JSON.stringify(given)} as the target's platform: expected ${PROFILE_NAMES.join(', ')} (x86_64; with -aarch64 for ARM, from RHEL 7 on) or a tag such as manylinux2014_x86_64, manylinux_2_28_aarch64`,
    hints: [
      ...(guess === undefined ? [] : [`Did you mean --platform ${guess}?`]),
      '`ldd --version` on a node prints the glibc version: 2.12 is rhel6, 2.17 rhel7, 2.28 rhel8, 2.34 rhel9; any other goes with --glibc.',
    ],
  });
}
