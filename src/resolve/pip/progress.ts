import type { OnResolveEvent } from '../events.ts';

/** Tells of a line of pip's output that is about a wheel; the others are about pip. */
export function progressOfLine(line: string, onEvent: OnResolveEvent): void {
  const [, downloading] = /^\s*Downloading (?:\S*\/)?([^\s/]+\.whl(?: \([^)]*\))?)$/.exec(line) ?? [];
  if (downloading !== undefined) onEvent({ type: 'downloading', text: downloading });
  const [, source] = /^Building (\S+\.(?:tar\.\w+|tgz|zip))$/.exec(line) ?? [];
  if (source !== undefined) onEvent({ type: 'building', text: source });
  const [, built] = /^Built before: (\S+\.whl)$/.exec(line) ?? [];
  if (built !== undefined) onEvent({ type: 'cached', text: built });
  const [, cached] =
    /^\s*(?:Using cached|File was already downloaded) (?:.*[\\/])?([^\s/\\]+\.whl(?: \([^)]*\))?)$/.exec(line) ?? [];
  if (cached !== undefined) onEvent({ type: 'cached', text: cached });
}
