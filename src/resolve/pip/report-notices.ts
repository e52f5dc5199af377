import type { PipReport } from './pip-report.ts';

/** What the user should know of a run of pip, and need not act on: one line each, no secret. */
export function reportNotices(report: PipReport): string[] {
  return [
    ...report.ignoredSettings.map((setting) => {
      return `pip's setting ${setting} is left out: it would steer what is chosen for the target`;
    }),
    ...report.provided.flatMap(({ name, requirements }) => extrasOfProvided(name, requirements)),
    ...report.chosen.flatMap(({ name, version, yanked }) => withdrawn(name, version, yanked)),
    ...report.unknownExtras.map(({ name, version, extra, by }) => {
      return `${name} ${version} has no extra ${extra}, which ${by === null ? 'was asked for' : `${by} asks for`}`;
    }),
    ...refusedPages(report),
  ];
}

function extrasOfProvided(name: string, requirements: readonly string[]): string[] {
  const extras = requirements.filter((requirement) => requirement.includes('['));
  if (extras.length === 0) return [];
  return [
    `${extras.join(', ')}: ${name} is provided by the cluster, and what its extras need is not looked up; add it as requirements of your own`,
  ];
}

/** PEP 592: such a version is taken only when it is named exactly. */
function withdrawn(name: string, version: string, reason: string | null): string[] {
  if (reason === null) return [];
  return [`${name} ${version} was withdrawn by its authors: ${reason === '' ? 'no reason given' : reason}`];
}

/** Indexes kept in object stores answer 403 for what they do not have. */
function refusedPages({ indexFailures }: PipReport): string[] {
  const pages = indexFailures.filter(({ kind }) => kind === 'forbidden').map(({ url }) => url);
  const names = new Map<string, string[]>();
  for (const page of pages) {
    const [, index = page, name = ''] = /^(.*\/)([^/]+)\/?$/.exec(page) ?? [];
    names.set(index, [...(names.get(index) ?? []), name]);
  }
  return [...names].map(([index, packages]) => {
    return `${index} refuses to say whether it has ${packages.join(', ')} (403): taken as if it has not`;
  });
}
