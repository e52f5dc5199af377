import { readFileSync } from 'node:fs';

interface LockedPackage {
  readonly dependencies?: Readonly<Record<string, string>>;
}

/** Everything that installing `name` brings with it, by package-lock.json: `node_modules/request` and so on. */
export function dependenciesOf(name: string): readonly string[] {
  const lock: { packages: Record<string, LockedPackage> } = JSON.parse(
    readFileSync(new URL('../../package-lock.json', import.meta.url), 'utf8'),
  );
  const found = new Set([`node_modules/${name}`]);
  for (const place of found) {
    for (const dependency of Object.keys(lock.packages[place]?.dependencies ?? {})) {
      const home = placesSeenFrom(place, dependency).find((candidate) => candidate in lock.packages);
      if (home !== undefined) found.add(home);
    }
  }
  found.delete(`node_modules/${name}`);
  return [...found].toSorted();
}

/** Node's search: the nearest `node_modules` wins. */
function placesSeenFrom(place: string, dependency: string): string[] {
  const levels = place.split('/node_modules/');
  const nested = levels.map(
    (_, index) => `${levels.slice(0, index + 1).join('/node_modules/')}/node_modules/${dependency}`,
  );
  return [...nested.toReversed(), `node_modules/${dependency}`];
}
