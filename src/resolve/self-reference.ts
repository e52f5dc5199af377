import { normaliseName } from '../wheel/wheel-name.ts';

/** What a project states that it needs, as written (PEP 508). */
export interface ProjectRequirements {
  /** Normalised. */
  readonly name: string;
  readonly dependencies: readonly string[];
  /** By normalised extra. */
  readonly optional: ReadonlyMap<string, readonly string[]>;
}

/**
 * The requirements of a project with these extras, each once, in order. An extra may name the project itself with other extras
 * (`risk-app[plot,excel]`); what those hold comes in its place, under its marker.
 */
export function requirementsOf(project: ProjectRequirements, extras: readonly string[]): string[] {
  const result = new Set<string>();
  const add = (requirements: readonly string[], markers: readonly string[], within: readonly string[]): void => {
    for (const requirement of requirements) {
      const { head, name, itsExtras, marker } = split(requirement);
      if (name !== project.name) {
        result.add(markers.length === 0 ? requirement : join(head, [...markers, marker]));
        continue;
      }
      for (const extra of itsExtras) {
        // one that is being spelt out already has nothing to add
        if (within.includes(extra)) continue;
        add(project.optional.get(extra) ?? [], marker === '' ? markers : [...markers, marker], [...within, extra]);
      }
    }
  };
  add(project.dependencies, [], []);
  for (const extra of extras.map(normaliseName)) add(project.optional.get(extra) ?? [], [], [extra]);
  return [...result];
}

interface Requirement {
  /** All before the marker. */
  readonly head: string;
  readonly name: string;
  readonly itsExtras: readonly string[];
  /** Empty when there is none. */
  readonly marker: string;
}

function split(requirement: string): Requirement {
  const [, name = '', extras = '', at] =
    /^\s*([A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?)\s*(?:\[([^\]]*)\])?\s*(@)?/.exec(requirement) ?? [];
  // a semicolon without a blank before it belongs to the address
  const [head = '', ...marker] = requirement.split(at === undefined ? ';' : /\s;/);
  return {
    head: head.trim(),
    name: normaliseName(name),
    itsExtras: extras
      .split(',')
      .map((extra) => normaliseName(extra.trim()))
      .filter((extra) => extra !== ''),
    marker: marker.join(';').trim(),
  };
}

function join(head: string, markers: readonly string[]): string {
  const all = markers.filter((marker) => marker !== '');
  return `${head} ; ${all.length === 1 ? all[0] : all.map((marker) => `(${marker})`).join(' and ')}`;
}
