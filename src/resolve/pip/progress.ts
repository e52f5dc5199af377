import type { OnResolveEvent } from '../events.ts';

/** Tells of a line of pip's output that is about a wheel; the others are about pip. */
export function progressOfLine(line: string, onEvent: OnResolveEvent): void {
  const [, downloading] = /^\s*Downloading (?:\S*\/)?([^\s/]+\.whl(?: \([^)]*\))?)$/.exec(line) ?? [];
  if (downloading !== undefined) onEvent({ type: 'downloading', text: downloading });
  const [, cached] =
    /^\s*(?:Using cached|File was already downloaded) (?:.*[\\/])?([^\s/\\]+\.whl(?: \([^)]*\))?)$/.exec(line) ?? [];
  if (cached !== undefined) onEvent({ type: 'cached', text: cached });
}
