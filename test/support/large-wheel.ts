import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import type { Manifest } from '../../src/env/manifest.ts';
import { readManifest } from '../../src/env/read-manifest.ts';
import type { Limits } from '../../src/wheel/limits.ts';
import { hostPython } from './python.ts';

/** A file of a large wheel. */
export interface LargeMember {
  readonly path: string;
  /** Bytes, uncompressed. */
  readonly size: number;
  /** Noise does not become smaller, text becomes a third or so, zeros nearly nothing. */
  readonly content: 'noise' | 'text' | 'zeros';
  readonly method: 'stored' | 'deflated';
}

export interface LargeWheel {
  readonly path: string;
  /** By path: what was put in, hashed by Python on the way. */
  readonly sha256: ReadonlyMap<string, string>;
}

/** Python's own zipfile, which streams and knows ZIP64; nothing is ever held but a block of one MiB. */
const WRITER = `
import base64, hashlib, json, random, sys, zipfile
wheel, name, members = sys.argv[1], sys.argv[2], json.loads(sys.argv[3])
MIB = 2 ** 20
noise = random.Random(1)
blocks = {
    "noise": lambda: noise.randbytes(MIB),
    "text": lambda: base64.b16encode(noise.randbytes(MIB // 2)),
    "zeros": lambda: bytes(MIB),
}
rows, digests = [], {}

def add(archive, path, size, pieces, method):
    info = zipfile.ZipInfo(path)
    info.compress_type, info.external_attr = method, 0o100644 << 16
    if hasattr(info, "compress_level"): info.compress_level = 1
    else: info._compresslevel = 1
    digest = hashlib.sha256()
    with archive.open(info, "w", force_zip64=size >= 2 ** 31) as out:
        for piece in pieces:
            digest.update(piece)
            out.write(piece)
    digests[path] = digest.hexdigest()
    rows.append("%s,sha256=%s,%d" % (path, base64.urlsafe_b64encode(digest.digest()).decode().rstrip("="), size))

def pieces(content, size):
    # few different blocks: making noise is slower than anything that is done with it
    some = [blocks[content]() for _ in range(8)]
    for index in range(size // MIB): yield some[index % 8]
    yield some[0][: size % MIB]

with zipfile.ZipFile(wheel, "w") as archive:
    for member in members:
        method = zipfile.ZIP_STORED if member["method"] == "stored" else zipfile.ZIP_DEFLATED
        add(archive, member["path"], member["size"], pieces(member["content"], member["size"]), method)
    info = name + "-1.dist-info/"
    metadata = ("Metadata-Version: 2.1\\nName: %s\\nVersion: 1\\n" % name).encode()
    add(archive, info + "METADATA", len(metadata), [metadata], zipfile.ZIP_DEFLATED)
    tags = b"Wheel-Version: 1.0\\nGenerator: test\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n"
    add(archive, info + "WHEEL", len(tags), [tags], zipfile.ZIP_DEFLATED)
    record = "\\n".join(rows + [info + "RECORD,,", ""]).encode()
    add(archive, info + "RECORD", len(record), [record], zipfile.ZIP_DEFLATED)
print(json.dumps(digests))
`;

/** Writes `NAME-1-py3-none-any.whl` in `directory`, of any size. */
export async function writeLargeWheel(
  directory: string,
  name: string,
  members: readonly LargeMember[],
): Promise<LargeWheel> {
  const path = join(directory, `${name}-1-py3-none-any.whl`);
  const { stdout } = await execa(hostPython(), ['-', path, name, JSON.stringify(members)], { input: WRITER });
  const digests: Record<string, string> = JSON.parse(stdout);
  return { path, sha256: new Map(Object.entries(digests)) };
}

const SCRIPT = fileURLToPath(new URL('../../scripts/bench/unpack.mjs', import.meta.url));

/** Builds with the compiled program, in a process of its own, and says how much memory that had at most. */
export async function buildAlone(
  wheel: string,
  directory: string,
  limits: Partial<Limits> = {},
): Promise<{ manifest: Manifest; peakBytes: number }> {
  const { stdout } = await execa(process.execPath, [SCRIPT, directory, JSON.stringify(limits), wheel]);
  return { manifest: await readManifest(directory), peakBytes: Number(stdout) };
}

/** What is in the files of the tree itself, by Python: neither the manifest nor what made it is asked. */
export async function hashTree(tree: string, paths: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const script = `
import hashlib, json, os, sys
found = {}
for path in json.loads(sys.argv[2]):
    digest = hashlib.sha256()
    with open(os.path.join(sys.argv[1], path), "rb") as file:
        for block in iter(lambda: file.read(2 ** 20), b""): digest.update(block)
    found[path] = digest.hexdigest()
print(json.dumps(found))
`;
  const { stdout } = await execa(hostPython(), ['-I', '-c', script, tree, JSON.stringify(paths)]);
  const digests: Record<string, string> = JSON.parse(stdout);
  return new Map(Object.entries(digests));
}
