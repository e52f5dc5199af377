import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execaSync } from 'execa';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findPython, hostPython } from '../../support/python.ts';
import { scratchDirectory } from '../../support/scratch.ts';
import { type WheelOptions, writeWheel } from '../../support/wheel-maker.ts';

const BOOTSTRAP = fileURLToPath(new URL('../../../bootstrap', import.meta.url));
const MIB = 2 ** 20;

/** Reads METADATA, with another size in the directory if one is given, and tells what came of it and how much memory it took. */
const DRIVER = `
import json, sys, tracemalloc, zipfile
sys.path.insert(0, sys.argv[1])
from bounded_wheel import BoundedZipFile
said = {}
with BoundedZipFile(sys.argv[2]) as archive:
    said['names'] = archive.namelist()
    [name] = [one for one in said['names'] if one.endswith('/METADATA')]
    if len(sys.argv) > 3:
        archive.getinfo(name).file_size = int(sys.argv[3])
    tracemalloc.start()
    try:
        said['size'] = len(archive.read(name))
    except Exception as error:
        said['error'] = '%s: %s' % (type(error).__name__, error)
    said['peak'] = tracemalloc.get_traced_memory()[1]
print(json.dumps(said))
`;

interface Said {
  readonly names: readonly string[];
  readonly size?: number;
  readonly error?: string;
  /** Bytes. */
  readonly peak: number;
}

let work: ReturnType<typeof scratchDirectory>;
beforeEach(() => {
  work = scratchDirectory('bounded');
});
afterEach(() => work.remove());

// the oldest that may run pip, and the newest
describe.each(['3.8', '3.13'])('a wheel that Python %s reads', (minor) => {
  const python = findPython(minor) ?? hostPython();
  const read = (wheel: string, ...more: string[]): Said => {
    return JSON.parse(execaSync(python, ['-I', '-B', '-c', DRIVER, BOOTSTRAP, wheel, ...more]).stdout);
  };
  const metadata = (bytes: number): Record<string, string> => ({ METADATA: `Name: app\n${'a'.repeat(bytes)}` });

  it('shows what a resolver needs', () => {
    const distInfo = { 'top_level.txt': 'app\n', 'licenses/METADATA.txt': 'a' };
    const wheel = writeWheel(work.path, { name: 'app', version: '1.0', files: { 'app/METADATA.py': '' }, distInfo });
    expect(read(wheel).names).toStrictEqual([
      'app/METADATA.py',
      'app-1.0.dist-info/METADATA',
      'app-1.0.dist-info/WHEEL',
    ]);
  });

  it('is read up to the limit', () => {
    const wheel = writeWheel(work.path, { name: 'app', version: '1.0', distInfo: metadata(8 * MIB - 10) });
    expect(read(wheel).size).toBe(8 * MIB);
  });

  it('is not inflated beyond it', () => {
    const wheel = writeWheel(work.path, { name: 'app', version: '1.0', distInfo: metadata(8 * MIB - 9) });
    const { error, peak } = read(wheel);
    expect(error).toBe('TooLarge: app-1.0.dist-info/METADATA has 8388609 bytes, the limit is 8388608');
    expect(peak).toBeLessThan(MIB);
  });

  it('is not inflated beyond it when the archive says a smaller size', () => {
    const wheel = writeWheel(work.path, { name: 'app', version: '1.0', distInfo: metadata(100 * MIB) });
    const { error, peak } = read(wheel, '1000');
    expect(error).toMatch(/^BadZipFile: Bad CRC-32/);
    expect(peak).toBeLessThan(20 * MIB);
  });

  it('is not read beyond it when it lies there as it is, and the archive says a smaller size', () => {
    const entries: WheelOptions['entries'] = (all) => all.map((entry) => ({ ...entry, method: 0 }));
    const wheel = writeWheel(work.path, { name: 'app', version: '1.0', distInfo: metadata(9 * MIB), entries });
    const { error, peak } = read(wheel, '1000');
    expect(error).toBe(`TooLarge: app-1.0.dist-info/METADATA has ${9 * MIB + 10} bytes, the limit is ${8 * MIB}`);
    expect(peak).toBeLessThan(MIB);
  });

  it('may have more in it the more files it has', () => {
    const files = Object.fromEntries(Array.from({ length: 20_000 }, (_, index) => [`app/${index}.py`, '']));
    const wheel = writeWheel(work.path, { name: 'app', version: '1.0', files, distInfo: metadata(9 * MIB) });
    expect(read(wheel).size).toBe(9 * MIB + 10);
  });

  it('is refused with a compression that zipfile inflates without bound', () => {
    const path = join(work.path, 'app-1.0-py3-none-any.whl');
    const make = `import sys, zipfile; zipfile.ZipFile(sys.argv[1], 'w', zipfile.ZIP_BZIP2).writestr('app-1.0.dist-info/METADATA', 'a')`;
    execaSync(python, ['-I', '-c', make, path]);
    expect(read(path).error).toBe('BadZipFile: app-1.0.dist-info/METADATA has the compression method 12');
  });
});
