import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

export interface HandMade {
  /** Content by path in the tree: `greeting/__init__.py`. */
  readonly files: Readonly<Record<string, string>>;
  /** Full version of the target's Python. */
  readonly python: string;
  readonly number?: number;
  readonly provided?: readonly { name: string; version: string | null; requirements: readonly string[] }[];
}

/**
 * Writes one release into the environment's directory as `publish` would, without `publish`: what the bootstrap does is
 * to be judged by the layout alone.
 * @returns the digest of the release
 */
export function writeRelease(directory: string, made: HandMade): string {
  const files = Object.entries(made.files)
    .map(([path, content]) => ({ path, size: Buffer.byteLength(content), sha256: sha256(content), mode: '644' }))
    .sort((left, right) => (left.path < right.path ? -1 : 1));
  const list = JSON.stringify({ schemaVersion: 1, files });
  const digest = sha256(list);
  const tree = `trees/${digest.slice(0, 12)}-attempt`;
  for (const [path, content] of Object.entries(made.files)) write(join(directory, tree, path), content);
  const listPath = `lists/${digest.slice(0, 12)}.json`;
  write(join(directory, listPath), list);
  const topLevel = [...new Set(files.map(({ path }) => path.split('/')[0] ?? ''))].map((name) => ({
    name,
    type: name in made.files ? 'file' : 'directory',
  }));
  const release = {
    schemaVersion: 1,
    digest,
    layout: 'tree',
    tree,
    list: { path: listPath, sha256: digest, size: Buffer.byteLength(list) },
    target: { python: made.python, abi: 'none', platforms: [], profile: null },
    provided: made.provided ?? [],
    topLevel,
  };
  write(join(directory, 'releases', `${String(made.number ?? 1).padStart(6, '0')}.json`), JSON.stringify(release));
  return digest;
}

function write(path: string, content: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
}

function sha256(content: string): string {
  return createHash('sha256').update(content).digest('hex');
}
