import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Allowances } from '../../src/wheel/allowances.ts';
import { DEFAULT_LIMITS } from '../../src/wheel/limits.ts';
import { NO_INDEX_OPTIONS } from '../../src/resolve/pip/index-options.ts';
import { type IndexFile, indexWheel } from '../support/local-index.ts';
import { useResolvePlace, wheelNames } from '../support/resolve-place.ts';
import type { WheelOptions } from '../support/wheel-maker.ts';

const tag = 'py2.py3-none-any';
const HEAD = 'Metadata-Version: 2.1\n';

function wheel(name: string, more: Partial<WheelOptions> = {}): IndexFile {
  return indexWheel({ name, version: '1.0', tag, ...more });
}

/** Of 9 MiB that take some kilobytes in the archive. */
const LARGE = `${HEAD}Name: large\nVersion: 1.0\nDescription: ${'a'.repeat(9 * 2 ** 20)}\n`;
const DEEP = `a ; ${'('.repeat(600)}python_version > "2"${')'.repeat(600)}`;
const LONG = `a ; ${'python_version > "2" or '.repeat(500)}python_version > "2"`;

interface Case {
  readonly file: IndexFile;
  readonly code: string;
  readonly message: string;
}

const CASES: readonly Case[] = [
  {
    file: wheel('large', { distInfo: { METADATA: LARGE } }),
    code: 'WHEEL_LIMIT_DIST_INFO',
    message: `"large-1.0.dist-info/METADATA" has ${LARGE.length} bytes, the limit is ${8 * 2 ** 20}`,
  },
  {
    file: wheel('heavy', { distInfo: { WHEEL: `Wheel-Version: 1.0\nGenerator: ${'a'.repeat(9 * 2 ** 20)}\n` } }),
    code: 'WHEEL_LIMIT_DIST_INFO',
    message: `"heavy-1.0.dist-info/WHEEL" has ${9 * 2 ** 20 + 31} bytes, the limit is ${8 * 2 ** 20}`,
  },
  {
    file: wheel('misnamed', { distInfo: { METADATA: `${HEAD}Name: other\nVersion: 1.0\n` } }),
    code: 'WHEEL_METADATA_NAME',
    message: 'other',
  },
  {
    file: wheel('misversioned', { distInfo: { METADATA: `${HEAD}Name: misversioned\nVersion: 2.0\n` } }),
    code: 'WHEEL_METADATA_VERSION',
    message: '2.0',
  },
  {
    file: { fileName: `text-1.0-${tag}.whl`, content: Buffer.from('no archive') },
    code: 'WHEEL_',
    message: 'text-1.0',
  },
  {
    file: { fileName: `cut-1.0-${tag}.whl`, content: wheel('cut').content.subarray(0, -30) },
    code: 'WHEEL_',
    message: 'cut-1.0',
  },
  {
    file: wheel('deep', { requires: [DEEP] }),
    code: 'RESOLVE_WHEEL_UNREADABLE',
    message: `METADATA has Requires-Dist: a ; ${'('.repeat(56)}… with 600 opening parentheses, the limit is 100`,
  },
  {
    file: wheel('long', { requires: [LONG] }),
    code: 'RESOLVE_WHEEL_UNREADABLE',
    message: `METADATA has Requires-Dist: ${LONG.slice(0, 60)}… with ${LONG.length} characters, the limit is 10000`,
  },
  { file: wheel('odd', { requires: ['a b c'] }), code: 'RESOLVE_WHEEL_UNREADABLE', message: 'b c' },
];
const good = wheel('fallen', { version: '0.9' });
const place = useResolvePlace([
  ...CASES.map(({ file }) => file),
  good,
  wheel('fallen', { distInfo: { METADATA: `${HEAD}Name: fallen\nVersion: 2.0\n` } }),
  wheel('licensed', { distInfo: { 'licenses/LICENSE': 'a'.repeat(9 * 2 ** 20) }, requires: ['fallen<1'] }),
  wheel('asks', { requires: ['misnamed'] }),
  {
    ...wheel('told'),
    metadata: `${HEAD}Name: told\nVersion: 1.0\nRequires-Dist: ${DEEP}\n`,
  },
]);

// pip 26.3, and 24.0
describe.each(['3.9.25', '2.7.18'])('for Python %s, a wheel that pip cannot read', (python) => {
  it.each(CASES)('is told by our own reader: $file.fileName', async ({ file, code, message }) => {
    const name = file.fileName.split('-')[0] ?? '';
    const expected = {
      exit: 'integrity',
      code: expect.stringContaining(code),
      message: expect.stringContaining(message),
    };
    const fromIndex = await place.fail(python, [name]);
    expect(fromIndex).toMatchObject(expected);
    expect(fromIndex.message).toContain(`Cannot use wheel ${file.fileName}: `);
    expect(fromIndex.hints).not.toStrictEqual([]);

    mkdirSync(join(place.path, 'wheels'));
    writeFileSync(join(place.path, 'wheels', file.fileName), file.content);
    const index = { ...NO_INDEX_OPTIONS, noIndex: true, findLinks: ['wheels'] };
    const { code: localCode, message: localMessage } = await place.fail(python, [name], { index });
    expect([localCode, localMessage]).toStrictEqual([fromIndex.code, fromIndex.message]);
  });

  it('is told when another package asks for it', async () => {
    expect(await place.fail(python, ['asks'])).toMatchObject({ code: 'WHEEL_METADATA_NAME' });
  });

  it('is of no matter when another version does, or is not what went wrong', async () => {
    expect(wheelNames(await place.run(python, ['fallen', 'licensed']))).toStrictEqual(['fallen 0.9', 'licensed 1.0']);
    expect(await place.fail(python, ['fallen', 'nowhere'])).toMatchObject({ code: 'RESOLVE_NO_SUCH_PACKAGE' });
  });

  it('is told although only the METADATA that the index serves was read', async () => {
    expect(await place.fail(python, ['told'])).toMatchObject({
      code: 'RESOLVE_WHEEL_UNREADABLE',
      exit: 'integrity',
      message: expect.stringContaining(`Cannot use wheel told-1.0-${tag}.whl: `),
    });
  });

  it('is told when the user names the file', async () => {
    for (const { file, code, message } of CASES) {
      // a wheel that is named by its path has the version that METADATA says, until it is unpacked
      if (file.fileName.startsWith('misversioned')) continue;
      writeFileSync(join(place.path, file.fileName), file.content);
      const requirements = place.write('requirements.txt', `./${file.fileName}`);
      expect(await place.fail(python, [requirements])).toMatchObject({
        exit: 'integrity',
        code: expect.stringContaining(code),
        message: expect.stringContaining(message),
      });
    }
  });

  it('is held against the limits of this run', async () => {
    const rules = { limits: { ...DEFAULT_LIMITS, entries: 2 }, allowances: new Allowances() };
    expect(await place.fail(python, ['odd'], { rules })).toMatchObject({ code: 'WHEEL_LIMIT_ENTRIES' });
  });
});
