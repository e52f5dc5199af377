import { rcompare, satisfies, valid } from '@renovatebot/pep440';
import type { Target } from '../target/target.ts';
import type { Search, Unmet } from './pip-log.ts';

/** Why there is nothing for a requirement. */
export type BlockedKind = 'no-package' | 'no-version' | 'only-sources' | 'no-wheel' | 'requires-python';

export interface Blocked {
  readonly kind: BlockedKind;
  readonly name: string;
  /** `pandas==2.2.3 has no wheel for …`: what is wrong, both values. */
  readonly text: string;
  readonly hint: string;
}

/**
 * Finds out from what pip saw why a requirement could not be met. The newest version that has a wheel for the target is
 * named wherever there is one.
 */
export function explainBlocked(unmet: Unmet, search: Search | undefined, target: Target): Blocked {
  const { name } = unmet;
  const subject = unmet.neededBy === null ? unmet.requirement : `${unmet.requirement} (needed by ${unmet.neededBy})`;
  const fitting = newestFirst(search?.fitting ?? []);
  const skipped = search?.skipped ?? [];
  const [newest] = fitting;
  if (newest === undefined && skipped.length === 0) {
    const places = (search?.locations ?? []).map((url) => new URL('..', url).href).join(', ');
    return {
      kind: 'no-package',
      name,
      text: `no package ${subject} ${places === '' ? 'among the local files' : `on ${places}`}`,
      hint: `Check the spelling of ${name}; for a private index set PIP_EXTRA_INDEX_URL or --extra-index-url in the requirements file; your own code goes in as a path, ./${name}.`,
    };
  }
  const wanted = skipped.filter(({ version }) => version !== null && allows(unmet.requirement, version));
  const machine = `Python ${target.python} (${target.abi}) on ${target.profile ?? target.platforms[0]}`;
  const alternative = newest === undefined ? '' : `; the newest version with one is ${newest}`;
  const tell = newest === undefined ? undefined : `Ask for ${name}==${newest}, or for no version.`;
  const relevant = wanted.length > 0 ? wanted : newest === undefined ? skipped : [];
  const byTags = relevant.filter(({ why }) => why === 'tags');
  const byPython = relevant.filter(({ why }) => why === 'python');
  if (byPython.length > 0) {
    const [{ requiresPython } = { requiresPython: null }] = byPython;
    return {
      kind: 'requires-python',
      name,
      text: `${subject} wants Python ${requiresPython}, the target is ${target.python}${alternative.replace('with one', 'for it')}`,
      hint: tell ?? `Look for a package that still supports Python ${target.python}.`,
    };
  }
  if (byTags.length > 0) {
    const built = wheelTags(byTags.map(({ fileName }) => fileName));
    return {
      kind: 'no-wheel',
      name,
      text: `${subject} has no wheel for ${machine}, only for ${built}${alternative}`,
      hint: tell ?? buildElsewhere(name),
    };
  }
  if (relevant.length > 0) {
    return {
      kind: 'only-sources',
      name,
      text: `${subject} comes as source only, without any wheel${alternative}`,
      hint: tell ?? buildElsewhere(name),
    };
  }
  return {
    kind: 'no-version',
    name,
    text: `no version of ${name} meets ${subject}${alternative.replace('with one', `for ${machine}`)}`,
    hint: tell ?? `Check the version of ${name}.`,
  };
}

function buildElsewhere(name: string): string {
  return `Build it on a machine like the cluster's (\`pip wheel --no-deps ${name}\`) and give the .whl file as an argument.`;
}

/** Whether `pandas>=2,<3` allows 2.2.3; a requirement without versions allows all. */
function allows(requirement: string, version: string): boolean {
  const [, specifier = ''] = /^[A-Za-z0-9._-]+\s*(?:\[[^\]]*\])?\s*\(?([^)]*)\)?$/.exec(requirement) ?? [];
  if (specifier.trim() === '') return true;
  return valid(version) !== null && satisfies(version, specifier.trim(), { prereleases: true });
}

/** Newest first, finals before pre-releases. */
function newestFirst(versions: readonly string[]): string[] {
  const known = versions.filter((version) => valid(version) !== null);
  return known.toSorted((a, b) => Number(isFinal(b)) - Number(isFinal(a)) || rcompare(a, b));
}

function isFinal(version: string): boolean {
  return !/[a-z]/i.test(version.replace(/\+.*$/, '').replace(/\.?post\d*$/, ''));
}

/** `cp39 manylinux_2_17_x86_64, cp310 …`: the tags of a few wheels, to see at a glance what they are for. */
function wheelTags(fileNames: readonly string[]): string {
  const tags = fileNames.map((fileName) => {
    const [python = '', , platform = ''] = fileName
      .replace(/\.whl$/, '')
      .split('-')
      .slice(-3);
    return `${python} ${platform.split('.')[0]}`;
  });
  const distinct = [...new Set(tags)];
  const shown = distinct.filter((tag) => /linux/.test(tag));
  const list = (shown.length > 0 ? shown : distinct).slice(0, 5);
  return `${list.join(', ')}${distinct.length > list.length ? ' …' : ''}`;
}
