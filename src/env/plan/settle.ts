import { createHash } from 'node:crypto';
import type { Allowances } from '../../wheel/allowances.ts';
import { ArchiveFile } from '../../wheel/archive-file.ts';
import { readEntry, WHOLE_BYTES } from '../../wheel/entry-content.ts';
import type { Wheel, WheelEntry } from '../../wheel/open-wheel.ts';
import { quoteName } from '../../wheel/wheel-error.ts';
import { conflictError } from '../env-error.ts';
import { namespaceStyle, type NamespaceStyle, preferredStyle } from './namespace-package.ts';
import { rewriteShebang } from '../unpack/shebang.ts';
import type { Destination } from './spread.ts';

/** A wheel wants to put a file at a path. */
export interface Claim extends Destination {
  readonly wheel: Wheel;
  readonly entry: WheelEntry;
}

/** A path that is settled. */
export interface Settled {
  readonly file: Claim;
  /** The claims whose bytes it has. Those of others are nowhere in the tree. */
  readonly equal: readonly Claim[];
}

interface ReadClaim {
  readonly claim: Claim;
  /** Of the bytes as they would be in the tree. */
  readonly sha256: string;
  /** `none` for what is no `__init__.py` of a package. */
  readonly style: NamespaceStyle;
}

/**
 * Decides which of several claims to one path stands. Equal bytes: the first. Else the one of the package that the user
 * allowed to win, if it is one. Else, where all of them only declare a namespace package, the best declaration. All bytes
 * are read, and so compared with their RECORD: those that do not win are never unpacked.
 *
 * @param claims in the order of the packages' names; two of one wheel may come by `.data`
 * @returns the one that stands, and all that have its bytes
 * @throws HdfsVenvError `ENV_CONFLICT` (conflict) with both wheels and both digests; `ENV_DUPLICATE_PATH` (conflict) when one wheel has
 * two files for one path; the codes of `readEntry`
 */
export async function settle(claims: readonly [Claim, ...Claim[]], allowances: Allowances): Promise<Settled> {
  const [only] = claims;
  if (claims.length === 1) return { file: only, equal: claims };
  const read: ReadClaim[] = [];
  for (const claim of claims) read.push(await readClaim(claim));
  requireOneContentPerWheel(read);
  const winner = winnerOf(read, allowances);
  const equal = read.filter(({ sha256 }) => sha256 === winner.sha256);
  const mode = equal.some(({ claim }) => claim.mode === '755') ? '755' : '644';
  return { file: { ...winner.claim, mode }, equal: equal.map(({ claim }) => claim) };
}

function winnerOf(read: readonly ReadClaim[], allowances: Allowances): ReadClaim {
  const allowed = read.filter(({ claim }) => allowances.permit('ENV_CONFLICT', claim.wheel.name));
  const winner = theOnlyContent(read) ?? theOnlyContent(allowed) ?? bestDeclaration(read);
  if (winner !== undefined) return winner;
  throw differentContentError(read);
}

function theOnlyContent(read: readonly ReadClaim[]): ReadClaim | undefined {
  const [first] = read;
  return read.every(({ sha256 }) => sha256 === first?.sha256) ? first : undefined;
}

/** Among declarations of one style the digest decides: the names of the packages say nothing about them. */
function bestDeclaration(read: readonly ReadClaim[]): ReadClaim | undefined {
  if (read.some(({ style }) => style === 'none')) return undefined;
  return read.reduce((best, one) => {
    if (best.style === one.style) return best.sha256 <= one.sha256 ? best : one;
    return preferredStyle(best.style, one.style) === best.style ? best : one;
  });
}

function requireOneContentPerWheel(read: readonly ReadClaim[]): void {
  for (const [index, left] of read.entries()) {
    const right = read.slice(index + 1).find(({ claim }) => claim.wheel === left.claim.wheel);
    if (right === undefined || right.sha256 === left.sha256) continue;
    const { path, wheel } = left.claim;
    const origins = [left, right].map(({ claim, sha256 }) => `${quoteName(claim.entry.path)} (sha256 ${sha256})`);
    throw conflictError(
      'ENV_DUPLICATE_PATH',
      `${wheel.fileName.fileName} brings ${quoteName(path)} twice with different content: as ${origins.join(' and as ')}`,
      ['Tell its authors: it depends on the installer which one is kept.'],
    );
  }
}

function differentContentError(read: readonly ReadClaim[]): Error {
  const [first] = read;
  const other = read.find(({ sha256 }) => sha256 !== first?.sha256);
  const shown = [first, other].flatMap((one) => one ?? []);
  const wheels = shown.map(({ claim, sha256 }) => `${claim.wheel.fileName.fileName} (sha256 ${sha256})`);
  const names = [...new Set(read.map(({ claim }) => claim.wheel.name))];
  return conflictError(
    'ENV_CONFLICT',
    `${names.length === 2 ? 'two' : names.length} wheels bring ${quoteName(first?.claim.path ?? '')} with different content: ${wheels.join(' and ')}`,
    [
      'Leave one of the packages out, or take versions of them that do not overlap.',
      `To take the file of one of them, allow that one only: ${names.map((name) => `--allow ENV_CONFLICT=${name}`).join(' or ')}`,
    ],
  );
}

/** The text is that of a small file; a large one is more than a declaration. */
async function readClaim(claim: Claim): Promise<ReadClaim> {
  const { wheel, entry, path, isScript } = claim;
  const file = new ArchiveFile(wheel.path);
  const hash = createHash('sha256');
  const chunks: Buffer[] = [];
  const mayDeclare = path.endsWith('/__init__.py') && entry.size <= WHOLE_BYTES;
  try {
    let isStart = true;
    await readEntry(file, entry, (chunk) => {
      hash.update(isStart && isScript ? rewriteShebang(chunk) : chunk);
      isStart = false;
      if (mayDeclare) chunks.push(Buffer.from(chunk));
    });
  } finally {
    file.close();
  }
  const style = mayDeclare ? namespaceStyle(Buffer.concat(chunks).toString('utf8')) : 'none';
  return { claim, sha256: hash.digest('hex'), style };
}
