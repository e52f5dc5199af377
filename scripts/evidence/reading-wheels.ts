/**
 * Evidence for docs/decisions/0003: where adm-zip ends, and what reading wheels by ranges costs.
 * `npx tsx scripts/evidence/reading-wheels.ts [DIRECTORY WITH WHEELS]`; exits with 1 when a claim does not hold.
 */
import { spawnSync } from 'node:child_process';
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import AdmZip from 'adm-zip';
import { ArchiveFile } from '../../src/wheel/archive-file.ts';
import { readEntry } from '../../src/wheel/entry-content.ts';
import { openWheel } from '../../src/wheel/open-wheel.ts';
import { type ScratchDirectory, scratchDirectory } from '../../test/support/scratch.ts';
import { makeZip } from '../../test/support/zip-maker.ts';
import { type Claim, reportClaims } from './claims.ts';

type Reader = 'adm-zip' | 'ranges' | 'nothing';

const [directory, reader] = process.argv.slice(2);
if (reader === undefined) {
  const measured = directory === undefined ? [] : compareReaders(directory);
  reportClaims([...admZipAndZip64(), admZipAndTrailingData(), ...measured]);
} else {
  await readAll(directory ?? '', reader);
}

/** An offset beyond 4 GiB that is alone in its ZIP64 field, and one beside both sizes. */
function admZipAndZip64(): Claim[] {
  const alone = Buffer.alloc(12);
  alone.writeUInt16LE(1, 0);
  alone.writeUInt16LE(8, 2);
  alone.writeBigUInt64LE(5_000_000_000n, 4);
  const [first] = entriesOf([{ name: 'a', data: Buffer.from('a'), central: { extra: alone, offset: 0xffffffff } }]);
  const [second] = entriesOf([{ name: 'a', data: Buffer.from('a'), zip64: true, central: { offset: 5_000_000_000 } }]);
  const offsets = [first?.header.offset, second?.header.offset];
  return [
    {
      claim: 'adm-zip cannot find an entry that lies beyond 4 GiB',
      seen: `an offset of 5000000000 is read as ${offsets.join(' and ')}`,
      holds: !offsets.includes(5_000_000_000),
    },
  ];
}

function admZipAndTrailingData(): Claim {
  const data = Buffer.from('text '.repeat(20));
  const [plain] = entriesOf([{ name: 'a', data }]);
  const body = plain?.getCompressedData() ?? Buffer.alloc(0);
  const [entry] = entriesOf([{ name: 'a', data, compressed: Buffer.concat([body, Buffer.from('behind')]) }]);
  const read = entry?.getData();
  return {
    claim: 'adm-zip does not see bytes behind the end of a deflate stream',
    seen: `with 6 bytes more it reads ${read?.length} of ${data.length} bytes, no error`,
    holds: read?.equals(data) === true,
  };
}

function entriesOf(entries: Parameters<typeof makeZip>[0]): AdmZip.IZipEntry[] {
  return new AdmZip(makeZip(entries)).getEntries();
}

/** Each in a process of its own, because memory once taken is not given back. */
function compareReaders(wheels: string): Claim[] {
  const [nothing, admZip, ranges] = (['nothing', 'adm-zip', 'ranges'] as const).map((one) => measure(wheels, one));
  const extra = (peak: number | undefined): number => Math.round((peak ?? 0) - (nothing?.megabytes ?? 0));
  const large = largeWheel();
  try {
    const [flat, whole] = [measure(large.path, 'ranges'), measure(large.path, 'adm-zip')];
    return [
      {
        claim: 'reading by ranges, with RECORD checked and all digests made, needs less memory than adm-zip',
        seen: `adm-zip ${admZip?.seconds} s and ${extra(admZip?.megabytes)} MB, by ranges ${ranges?.seconds} s and ${extra(ranges?.megabytes)} MB`,
        holds: extra(ranges?.megabytes) < extra(admZip?.megabytes),
      },
      {
        claim: 'its memory does not grow with a file of 512 MiB',
        seen: `adm-zip ${extra(whole.megabytes)} MB, by ranges ${extra(flat.megabytes)} MB`,
        holds: extra(flat.megabytes) < 200 && extra(whole.megabytes) > 512,
      },
    ];
  } finally {
    large.remove();
  }
}

/** One stored file: what a wheel full of already compressed models looks like. */
function largeWheel(): ScratchDirectory {
  const scratch = scratchDirectory('reading-wheels');
  const made = scratch.path;
  const script =
    'import sys, zipfile, hashlib, base64\n' +
    'data = bytes(2 ** 29)\nz = zipfile.ZipFile(sys.argv[1], "w")\nrecord = ""\n' +
    'for name, body in [("big/model.bin", data), ("big-1.dist-info/METADATA", b"Name: big\\nVersion: 1\\n"), ("big-1.dist-info/WHEEL", b"Wheel-Version: 1.0\\n")]:\n' +
    '  z.writestr(name, body); digest = base64.urlsafe_b64encode(hashlib.sha256(body).digest()).decode().rstrip("=")\n' +
    '  record += f"{name},sha256={digest},{len(body)}\\n"\n' +
    'z.writestr("big-1.dist-info/RECORD", record + "big-1.dist-info/RECORD,,\\n"); z.close()\n';
  writeFileSync(join(made, 'make.py'), script);
  spawnSync('python3', [join(made, 'make.py'), join(made, 'big-1-py3-none-any.whl')], { stdio: 'inherit' });
  return scratch;
}

function measure(wheels: string, one: Reader): { seconds: number; megabytes: number } {
  const child = spawnSync('npx', ['tsx', fileURLToPath(import.meta.url), wheels, one], { encoding: 'utf8' });
  if (child.status !== 0) throw new Error(child.stderr);
  const measured: { seconds: number; megabytes: number } = JSON.parse(child.stdout);
  return measured;
}

async function readAll(wheels: string, one: string): Promise<void> {
  const start = performance.now();
  for (const name of readdirSync(wheels)) {
    if (!name.endsWith('.whl')) continue;
    if (one === 'adm-zip') for (const entry of new AdmZip(join(wheels, name)).getEntries()) entry.getData();
    if (one === 'ranges') await readByRanges(join(wheels, name));
  }
  const seconds = Number(((performance.now() - start) / 1000).toFixed(2));
  console.log(JSON.stringify({ seconds, megabytes: process.resourceUsage().maxRSS / 1024 }));
}

async function readByRanges(path: string): Promise<void> {
  const file = new ArchiveFile(path);
  for (const entry of openWheel(path).entries) await readEntry(file, entry, () => undefined);
  file.close();
}
