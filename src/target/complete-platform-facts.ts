import { completePlatformError } from './complete-platform-error.ts';
import { findMachine, type Machine } from './machine.ts';

export interface Facts {
  /** Best first, each one a single tag. */
  readonly tags: readonly string[];
  /** All platforms among them, without `any`. */
  readonly platforms: readonly string[];
  readonly markers: Readonly<Record<string, string>>;
}

export interface Interpreter {
  /** `X.Y.Z`, or `X.Y` when the markers tell no more. */
  readonly python: string;
  readonly abi: string;
  readonly machine: Machine;
}

/** What markers say where CPython runs on Linux; one that is missing says nothing. */
const EXPECTED: readonly (readonly [marker: string, values: RegExp, expected: string])[] = [
  ['platform_python_implementation', /^CPython$/, 'CPython'],
  // empty on Python 2
  ['implementation_name', /^(?:cpython)?$/, 'cpython'],
  ['platform_system', /^Linux$/, 'Linux'],
  ['sys_platform', /^linux/, 'linux'],
  ['os_name', /^posix$/, 'posix'],
];

/**
 * Says which interpreter tags and markers belong to, when they belong to one of CPython on Linux.
 *
 * @throws HdfsVenvError `TARGET_FILE_FORMAT`, `TARGET_FILE_FOREIGN`, `TARGET_FILE_CONTRADICTION` (usage)
 */
export function checkFacts({ tags, platforms, markers }: Facts, file: string): Interpreter {
  for (const [marker, values, expected] of EXPECTED) {
    const value = markers[marker];
    if (value !== undefined && !values.test(value)) throw foreign(`its ${marker} is ${value}`, expected);
  }
  const [best = ''] = tags;
  const [interpreter = '', abi = ''] = best.split('-');
  const [, major, minor] = /^cp(\d)(\d+)$/.exec(interpreter) ?? [];
  if (major === undefined || minor === undefined) throw foreign(`its best tag is ${best}`, 'CPython');
  if (!new RegExp(`^${interpreter}[a-z]{0,3}$`).test(abi)) {
    const why = `its best tag is ${best}, expected ${interpreter}-${interpreter}…: the ABI of the interpreter itself`;
    throw completePlatformError('TARGET_FILE_FORMAT', file, why);
  }
  return { python: python(`${major}.${minor}`), abi, machine: machine() };

  function python(ofTags: string): string {
    const full = markers['python_full_version'];
    // a + stands at the end when it was built between two releases
    const given = full?.replace(/\+$/, '') ?? markers['python_version'] ?? ofTags;
    if (!/^\d+\.\d+(?:\.\d+)?$/.test(given)) {
      const why = `its python_full_version is ${given}, expected a release, X.Y.Z`;
      throw completePlatformError('TARGET_FILE_FORMAT', file, why);
    }
    for (const [marker, value] of [
      ['python_full_version', given],
      ['python_version', markers['python_version'] ?? given],
    ] as const) {
      if (`${value}.`.startsWith(`${ofTags}.`)) continue;
      throw contradiction(`its tags are for Python ${ofTags} (${best}), but its ${marker} is ${value}`);
    }
    return given;
  }

  function machine(): Machine {
    const found = [...new Set(platforms.map(machineOf))];
    const [first, other] = found;
    if (first === undefined)
      throw completePlatformError('TARGET_FILE_FORMAT', file, 'none of its tags names a platform');
    if (other !== undefined) throw contradiction(`its tags are for ${found.join(' and ')}`);
    const marker = markers['platform_machine'] ?? first;
    if (marker !== first) throw contradiction(`its tags are for ${first}, but its platform_machine is ${marker}`);
    return first;
  }

  function machineOf(platform: string): Machine {
    const [, name = ''] = /^(?:many|musl)?linux(?:\d+|_\d+_\d+)?_(.+)$/.exec(platform) ?? [];
    const known = findMachine(name);
    if (known === undefined) throw foreign(`it has tags for ${platform}`, 'Linux on x86_64 or aarch64');
    return known;
  }

  function foreign(found: string, expected: string): Error {
    return completePlatformError('TARGET_FILE_FOREIGN', file, `${found}, expected ${expected}`);
  }

  function contradiction(what: string): Error {
    return completePlatformError('TARGET_FILE_CONTRADICTION', file, what);
  }
}
