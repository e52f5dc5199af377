import type { OnResolveEvent } from '../events.ts';

/** Tells of a line of pip's output that is about a wheel, or about a server that keeps the user waiting; the others are about pip. */
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
  retryOfLine(line, onEvent);
}

/** Tells that a server does not answer, which pip asks again for a minute or two. */
export function retryOfLine(line: string, onEvent: OnResolveEvent): void {
  const [, left, path] =
    /^\s*(?:WARNING: )?Retrying \(Retry\(total=(\d+),.*\)\) after connection broken by .*: (\S+)$/.exec(line) ?? [];
  if (path !== undefined)
    onEvent({ type: 'notice', text: `no answer for ${path} yet, trying again, then ${left} more times` });
}
