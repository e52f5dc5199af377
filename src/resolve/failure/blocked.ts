import { rcompare, satisfies, valid } from '@renovatebot/pep440';
import type { Target } from '../../target/target.ts';
import { parseWheelName } from '../../wheel/wheel-name.ts';
import type { Search, SkippedFile } from '../pip/pip-log.ts';
import type { Problem } from './problem.ts';

/** A requirement that nothing meets. */
export interface Unmet {
  /** `pandas==2.2.3`, without marker. */
  readonly requirement: string;
  /** Normalised. */
  readonly name: string;
  /** `needed by app 1.0`, `-r requirements.txt line 3`; null for an argument. */
  readonly neededBy: string | null;
  /** Versions that were withdrawn (PEP 592); the reason may be empty. */
  readonly yanked?: readonly { readonly version: string; readonly reason: string }[];
}

/**
 * Finds out from what pip saw why a requirement could not be met. The newest version that has a wheel for the target is
 * named wherever there is one.
 */
export function explainBlocked(unmet: Unmet, search: Search | undefined, target: Target): Problem {
  const { name, yanked = [] } = unmet;
  const subject = unmet.neededBy === null ? unmet.requirement : `${unmet.requirement} (${unmet.neededBy})`;
  const fitting = newestFirst(search?.fitting ?? []);
  const skipped = search?.skipped ?? [];
  const [newest] = fitting;
  const withdrawn = yanked.filter(({ version }) => allows(unmet.requirement, version));
  if (withdrawn.length > 0) return explainYanked(name, subject, withdrawn, newest);
  if (newest === undefined && skipped.length === 0) {
    const places = (search?.locations ?? []).map((url) => new URL('..', url).href).join(', ');
    const elsewhere =
      places === ''
        ? 'put its wheel into a directory of --find-links'
        : 'for a private index set PIP_EXTRA_INDEX_URL, or --extra-index-url in the requirements file';
    return {
      kind: 'no-package',
      name,
      text: `no package ${subject} ${places === '' ? 'among the local files' : `on ${places}`}`,
      hint: `Check the spelling of ${name}; ${elsewhere}; your own code goes in as a path, ./${name}.`,
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
    const { text, abi } = builtFor(byTags, target);
    return {
      kind: 'no-wheel',
      name,
      text: `${subject} has no wheel for ${machine}, only for ${text}${alternative}`,
      hint: tell ?? howToBuild(name, relevant),
      ...(abi === undefined ? {} : { others: [`If the nodes' Python has the ABI ${abi}, give --abi ${abi}.`] }),
    };
  }
  if (relevant.length > 0) {
    return {
      kind: 'only-sources',
      name,
      text: `${subject} comes as source only, without any wheel${alternative}`,
      hint: tell ?? howToBuild(name, relevant),
    };
  }
  return {
    kind: 'no-version',
    name,
    text: `no version of ${name} meets ${subject}${alternative.replace('with one', `for ${machine}`)}`,
    hint: tell ?? `Check the version of ${name}.`,
  };
}

function explainYanked(
  name: string,
  subject: string,
  withdrawn: NonNullable<Unmet['yanked']>,
  newest: string | undefined,
): Problem {
  const versions = withdrawn.map(({ version, reason }) => `${version} (${reason === '' ? 'no reason given' : reason})`);
  const last = newestFirst(withdrawn.map(({ version }) => version))[0] ?? withdrawn.at(-1)?.version;
  const others = newest === undefined ? '' : `; the newest version that was not is ${newest}`;
  const exactly = `name it exactly, ${name}==${last}`;
  return {
    kind: 'yanked',
    name,
    text: `all versions that meet ${subject} were withdrawn by their authors: ${versions.join(', ')}${others}`,
    hint:
      newest === undefined
        ? `Take one all the same: ${exactly}.`
        : `Ask for ${name}==${newest}, or take one all the same: ${exactly}.`,
  };
}

function howToBuild(name: string, files: readonly SkippedFile[]): string {
  const elsewhere = `uild it on a machine like the cluster's (\`pip wheel --no-deps ${name}\`) and give the .whl file as an argument.`;
  if (!files.some(({ why }) => why === 'source')) return `B${elsewhere}`;
  return `Let it be built here with --build ${name}, if pure Python comes of it; or b${elsewhere}`;
}

/** Longer ones are nobody's, and a pattern would read them for minutes. */
const MAX_REQUIREMENT_CHARACTERS = 1000;

/** Whether `pandas>=2,<3` allows 2.2.3; a requirement without versions allows all. */
export function allows(requirement: string, version: string): boolean {
  if (requirement.length > MAX_REQUIREMENT_CHARACTERS) return true;
  const [, specifier = ''] = /^[A-Za-z0-9._-]+\s*(?:\[[^\]]*\])?\s*\(?([^)]*)\)?$/.exec(requirement) ?? [];
  if (specifier.trim() === '') return true;
  return valid(version) !== null && satisfies(version, specifier.trim(), { prereleases: true });
}

/** Newest first, finals before pre-releases. */
export function newestFirst(versions: readonly string[]): string[] {
  const known = versions.filter((version) => valid(version) !== null);
  return known.toSorted((a, b) => Number(isFinal(b)) - Number(isFinal(a)) || rcompare(a, b));
}

function isFinal(version: string): boolean {
  return !/[a-z]/i.test(version.replace(/\+.*$/, '').replace(/\.?post\d*$/, ''));
}

/**
 * What wheels are for instead: the ABI, when nothing else differs; `cp37 on manylinux_2_28_x86_64, win_amd64` when some are for the
 * target's Python; else their Pythons, `cp39, cp310`. Of many versions the newest one that tells counts.
 */
function builtFor(files: readonly SkippedFile[], target: Target): { readonly text: string; readonly abi?: string } {
  const python = `cp${target.markerEnvironment['python_version']?.replace('.', '')}`;
  const wheels = files.filter(({ version }) => version !== null).map(({ fileName }) => parseWheelName(fileName));
  const forPython = wheels.filter(({ pythonTags, abiTags }) => pythonTags.includes(python) || abiTags.includes('abi3'));
  const telling = forPython.length > 0 ? forPython : wheels;
  const [newest] = newestFirst(telling.map(({ version }) => version));
  const newestOnes = telling.filter(({ version }) => version === newest);
  if (wheels.length === 0) return { text: 'others' };
  if (forPython.length === 0) return { text: shortList(newestOnes.flatMap(({ pythonTags }) => pythonTags)) };
  const abis = newestOnes
    .filter(({ pythonTags, platformTags }) => {
      return pythonTags.includes(python) && platformTags.some((tag) => tag === 'any' || target.platforms.includes(tag));
    })
    .flatMap(({ abiTags }) => abiTags.filter((tag) => tag.startsWith(python) && !target.abis.includes(tag)));
  const [abi] = abis;
  if (abi !== undefined) return { text: `the ABI ${shortList(abis)}`, abi };
  const machine = target.markerEnvironment['platform_machine'] ?? '';
  const platforms = newestOnes.map(({ platformTags }) => platformTags[0] ?? '');
  const onMachine = platforms.filter((tag) => tag.includes('linux') && tag.endsWith(machine));
  return { text: `${python} on ${shortList(onMachine.length > 0 ? onMachine : platforms)}` };
}

function shortList(items: readonly string[]): string {
  const distinct = [...new Set(items)].toSorted((a, b) => a.localeCompare(b, 'en', { numeric: true }));
  return `${distinct.slice(0, 6).join(', ')}${distinct.length > 6 ? ' …' : ''}`;
}
