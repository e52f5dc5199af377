import { basename } from 'node:path';
import pLimit from 'p-limit';
import { describe, expect, it } from 'vitest';
import { findPython } from '../support/python.ts';
import { type NativePython, nativePython } from './native-python.ts';
import { compare, type Outcome, pins } from './outcome.ts';
import { proveComplete } from './prove-complete.ts';
import type { RequirementSet } from './requirement-set.ts';
import { REQUIREMENT_SETS } from './requirement-sets.ts';
import { resolveNatively } from './resolve-natively.ts';
import { resolveOurs, targetOf, withHostMarkers } from './resolve-ours.ts';

/** The two ends, the last Python with backports of everything, and one from between. */
const PYTHONS = ['2.7', '3.6', '3.9', '3.13'];
/** All that an old and a new Python answer differently, in small wheels. */
const SETS = ['flask', 'requests', 'dates', 'markers', 'coverage', 'setuptools', 'constraints', 'pre-releases'];
/** Sets that the pips of newer Pythons find no answer to. */
const OLD_SETS = [['legacy-metadata', '3.6']] as const;

const present = PYTHONS.filter((version) => findPython(version) !== undefined);
const absent = PYTHONS.filter((version) => !present.includes(version));
const oldPairs = OLD_SETS.filter(([, version]) => present.includes(version));
const pairs = [...present.flatMap((version) => SETS.map((name) => [name, version] as const)), ...oldPairs];

// pip is one busy process
const limit = pLimit(2);
const pythons = new Map<string, Promise<NativePython>>();

function pythonFor(version: string): Promise<NativePython> {
  const python = pythons.get(version) ?? nativePython(version);
  pythons.set(version, python);
  return python;
}

function setNamed(name: string): RequirementSet {
  const set = REQUIREMENT_SETS.find((one) => one.name === name);
  if (set === undefined) throw new Error(`No set ${name}`);
  return set;
}

describe("what we choose for another Python is what that Python's own pip chooses", () => {
  it.concurrent.each(pairs)('%s on Python %s', (name, version) =>
    limit(async () => {
      const python = await pythonFor(version);
      const natively = await resolveNatively(python, setNamed(name), { newResolver: version === '2.7' });
      const ours = await resolveOurs(targetOf(python), setNamed(name));
      expect(pinsOf(ours)).toEqual(pinsOf(natively));
      // the files too: which of several wheels of a version fits best
      expect(ours).toMatchObject(natively);
    }),
  );

  it.skip.each(absent)('Python %s: this machine has none', () => {});
});

// on the oldest pip, and on a new one that is not the one that chooses for us
const controls = present.filter((version) => version === '2.7' || version === '3.9');

describe.each(controls)('what the comparison notices on Python %s', (version) => {
  it("packages that are left out under the markers of pip's own Python", async () => {
    const python = await pythonFor(version);
    const target = await withHostMarkers(targetOf(python));
    const set: RequirementSet = { name: 'backports', requirements: ['flask', 'cryptography<3.4'] };
    const { missingNames } = compare(await resolveNatively(python, set), await resolveOurs(target, set));
    expect(missingNames).toContain(version === '2.7' ? 'enum34' : 'zipp');
  });

  it('a wheel that another wheel or an extra needs, when it is not there', async () => {
    const python = await pythonFor(version);
    const set: RequirementSet = { name: 'extra', requirements: ['jinja2', 'requests[socks]'] };
    const { paths } = await resolveOurs(targetOf(python), set);
    const without = (name: RegExp): string[] => paths.filter((path) => !name.test(basename(path)));
    expect(await proveComplete(python, set, paths)).toBeNull();
    expect(await proveComplete(python, set, without(/^markupsafe-/i))).toMatch(/markupsafe/i);
    expect(await proveComplete(python, set, without(/^pysocks-/i))).toMatch(/pysocks/i);
  });
});

/** @throws Error for a failure: a set that does not resolve would compare nothing */
function pinsOf(outcome: Outcome): string[] {
  if ('failure' in outcome) throw new Error(outcome.failure);
  return pins(outcome);
}
