import { closestMatch } from 'leven';

/** The known name that was most likely meant; undefined when more than a third of the letters given would have to change. */
export function nearestName(given: string, known: readonly string[]): string | undefined {
  return closestMatch(given.toLowerCase(), known, { maxDistance: Math.max(1, Math.floor(given.length / 3)) });
}
