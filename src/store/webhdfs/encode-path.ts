/**
 * An absolute path as the path of a URL. All but the unreserved characters of RFC 3986 is percent-encoded: of `+`, `;` or
 * `[` the servers differ in what they make.
 */
export function encodePath(path: string): string {
  return path.split('/').map(encodeSegment).join('/');
}

function encodeSegment(name: string): string {
  return encodeURIComponent(name).replaceAll(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

/**
 * Puts our own encoding of a path into the URL path that a server made of it. A NameNode cuts names at `;` and composes
 * decomposed characters (NFD to NFC), and a gateway puts a prefix before it; so only the trailing segments that render
 * our path are replaced.
 *
 * @param rendered the URL path of a `Location` header: `/webhdfs/v1/user/alice/a%20b`
 * @param path the absolute path that was asked for: `/user/alice/a b`
 * @returns `undefined` when the URL path does not end in our path
 */
export function replaceTrailingPath(rendered: string, path: string): string | undefined {
  const wanted = path.split('/').slice(1);
  const segments = rendered.split('/');
  const head = segments.slice(0, Math.max(0, segments.length - wanted.length));
  const tail = segments.slice(head.length);
  if (head.length === 0) return undefined;
  const matches = wanted.every((name, index) => isRenderingOf(tail[index] ?? '', name));
  return matches ? head.join('/') + encodePath(path) : undefined;
}

function isRenderingOf(segment: string, name: string): boolean {
  return decodeSegment(segment).normalize('NFC') === name.normalize('NFC');
}

function decodeSegment(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    // a lone `%`: not a rendering of anything
    return segment;
  }
}
