import { parsePipLog, type Search } from '../pip/pip-log.ts';
import type { PipOutcome } from '../pip/pip-process.ts';
import type { Cause, PipReport } from '../pip/pip-report.ts';
import type { Target } from '../../target/target.ts';
import { allows, explainBlocked, newestFirst } from './blocked.ts';
import type { Problem } from './problem.ts';

/** What the user typed for each of his own wheels, by file name: pip was given copies. */
export type GivenFiles = ReadonlyMap<string, string>;

/**
 * What stands behind the causes that pip gave up on: packages that have nothing to offer for the target, versions of the cluster's own, and
 * requirements that contradict each other. Empty when pip failed for another reason.
 *
 * pip's causes are those of the last combination that it tried, all versions of a package that needs what is not there among them: only
 * what is wrong by itself, or with another cause, counts.
 */
export function findProblems({ report, log }: PipOutcome, target: Target, own: GivenFiles = new Map()): Problem[] {
  if (report.refused.length > 0 || report.causes.length === 0) return [];
  const { searches } = parsePipLog(log);
  const names = [...new Set(report.causes.map(({ name }) => name))];
  const problems = names.flatMap((name) => {
    const causes = report.causes.filter((cause) => cause.name === name);
    return problemOf(name, causes, searches.get(name), report, { target, own }) ?? [];
  });
  return problems.length > 0 ? problems : [conflictOf(report.causes, own)];
}

function problemOf(
  name: string,
  causes: readonly Cause[],
  search: Search | undefined,
  report: PipReport,
  { target, own }: { readonly target: Target; readonly own: GivenFiles },
): Problem | undefined {
  const python = causes.findLast(({ kind }) => kind === 'python');
  if (python !== undefined) return wrongPython(python, target);
  const contradiction = provided(name, report);
  if (contradiction !== undefined) return contradiction;
  // what the index has besides is of no matter: the file decides the version
  if (causes.some(({ link }) => link !== null)) return causes.length > 1 ? conflictOf(causes, own) : undefined;
  // a constraint alone asks for nothing
  const first = causes.find(({ kind }) => kind === 'requirement');
  if (first === undefined) return undefined;
  const unmet = causes.find(({ requirement }) => !first.versions.some((version) => allows(requirement, version)));
  if (unmet !== undefined) return blockedBy(unmet, first, search, target);
  return causes.length > 1 ? conflictOf(causes, own) : undefined;
}

function blockedBy(
  cause: Cause,
  { versions, yanked }: Cause,
  search: Search | undefined,
  target: Target,
): Problem | undefined {
  const { requirement, name } = cause;
  const isUsable = (version: string): boolean => versions.includes(version);
  const usable = search && { ...search, fitting: search.fitting.filter(isUsable) };
  return explainBlocked({ requirement, name, neededBy: neededBy(cause), yanked }, usable, target);
}

function provided(name: string, { contradictions }: PipReport): Problem | undefined {
  const texts = contradictions
    .filter((one) => one.name === name)
    .map(({ version, requirement, by }) => {
      return `${by ?? 'an argument'} asks for ${requirement}, the cluster provides ${name} ${version}`;
    });
  if (texts.length === 0) return undefined;
  return {
    kind: 'provided',
    name,
    text: [...new Set(texts)].join('; '),
    hint: "Loosen the requirement, or leave the package's version out of --provided.",
  };
}

function wrongPython({ name, requirement, chain, by }: Cause, target: Target): Problem {
  return {
    kind: 'requires-python',
    name,
    text: `${[...chain].join(' → ')}${place(by)} wants ${requirement}, the target is ${target.python}`,
    hint: `Ask for another version of ${name}, one that still supports Python ${target.python}.`,
  };
}

/** `app 1.0 → flask 3.0.0 → Werkzeug>=3.0.0 (-r requirements.txt line 1) against Werkzeug<2 (-r requirements.txt line 3)` */
function conflictOf(causes: readonly Cause[], own: GivenFiles): Problem {
  const sides = causes.map(({ chain, requirement, link, by }) => {
    return [...chain, requirement].join(' → ') + place(...(link === null ? [] : [fileOf(link, own)]), by);
  });
  const fixed = causes.find(({ link }) => link !== null);
  const [name = ''] = causes.map((cause) => cause.name);
  return {
    kind: 'conflict',
    name,
    text: shorten([...new Set(sides)]).join(' against '),
    hint:
      fixed === undefined
        ? `Loosen or remove one of these requirements${newestHint(causes)}.`
        : `Give another version of ${fixed.name} than ${fixed.requirement.replace(/^.* /, '')}, or loosen what else asks for it.`,
  };
}

/** pip may name every version of a package that it has tried. */
function shorten(sides: readonly string[]): string[] {
  const most = 6;
  return sides.length <= most ? [...sides] : [...sides.slice(0, most), `${sides.length - most} more`];
}

function newestHint(causes: readonly Cause[]): string {
  const [first] = causes;
  const versions = newestFirst(first?.versions ?? []);
  if (first === undefined || versions.length === 0) return '';
  const some = versions.slice(0, 8).join(', ');
  return `; ${first.name} comes for the target in ${some}${versions.length > 8 ? ' and older ones' : ''}`;
}

function neededBy({ chain, by }: Cause): string | null {
  if (chain.length === 0) return by === null ? null : lineOf(by);
  return `needed by ${chain.join(' → ')}${by === null ? '' : `, ${lineOf(by)}`}`;
}

/** ` (./lib)`, ` (-r requirements.txt line 3)`, both; nothing. */
function place(...items: readonly (string | null)[]): string {
  const known = items.flatMap((item) => (item === null ? [] : [lineOf(item)]));
  return known.length === 0 ? '' : ` (${known.join(', ')})`;
}

/** What the user typed for a file, else its address. */
function fileOf(link: string, own: GivenFiles): string {
  return own.get(decodeURIComponent(link.replace(/^.*\//, ''))) ?? link;
}

/** `-r requirements.txt line 3`, of pip's `-r requirements.txt (line 3)`. */
function lineOf(by: string): string {
  return by.replace(/ \(line (\d+)\)$/, ' line $1');
}
