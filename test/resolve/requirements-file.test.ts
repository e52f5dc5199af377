import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { readRequirementsFile } from '../../src/resolve/requirements-file.ts';
import { scratchDirectory } from '../support/scratch.ts';

let work: ReturnType<typeof scratchDirectory>;
beforeEach(() => {
  work = scratchDirectory('requirements-file');
});
afterEach(() => {
  vi.unstubAllEnvs();
  work.remove();
});

function write(name: string, content: string | Buffer): void {
  mkdirSync(dirname(join(work.path, name)), { recursive: true });
  writeFileSync(join(work.path, name), content);
}

async function read(name = 'requirements.txt'): Promise<string[]> {
  return (await readRequirementsFile(name, work.path)).map(({ kind, text }) => `${kind}: ${text}`);
}

describe('readRequirementsFile', () => {
  it('joins continued lines and drops comments', async () => {
    write('requirements.txt', '# all\nlib==1.0 \\\n  --hash=sha256:aa  # why\r\n\nother#1\nlast \\\n# end\nnext\n');
    expect(await read()).toStrictEqual([
      'requirement: lib==1.0 --hash=sha256:aa',
      'requirement: other#1',
      'requirement: last',
      'requirement: next',
    ]);
  });

  it('follows files from where they are named, each once, and takes what constraints name for constraints', async () => {
    write('requirements.txt', '-r sub/more.txt\n--constraint=sub/limits.txt\n-rrequirements.txt\nlib\n');
    write('sub/more.txt', '--requirement deep.txt\n-c limits.txt\nmore\n');
    write('sub/deep.txt', 'deep\n');
    write('sub/limits.txt', 'lib<2\n');
    expect(await read()).toStrictEqual([
      'requirement: deep',
      'constraint: lib<2',
      'requirement: more',
      'requirement: lib',
    ]);
  });

  it('tells options from requirements and spells them out', async () => {
    write(
      'requirements.txt',
      '-i https://example.invalid/simple\n--extra-index-url=https://b.invalid\n--no-index\n-e ./x\n',
    );
    expect(await read()).toStrictEqual([
      'option: --index-url https://example.invalid/simple',
      'option: --extra-index-url https://b.invalid',
      'option: --no-index',
      'requirement: --editable ./x',
    ]);
  });

  it('puts values of variables in, and leaves an address as it is written', async () => {
    vi.stubEnv('VERSION_OF_LIB', '1.0');
    vi.stubEnv('TOKEN', 'canary');
    const address = 'https://example.invalid/lib-1.0-py3-none-any.whl?token=';
    const lines = [
      'lib==${VERSION_OF_LIB}',
      `Lib@${address}\${TOKEN}`,
      `-i ${address}\${TOKEN}`,
      `-f ${address}\${TOKEN}`,
    ];
    write('requirements.txt', `${lines.join('\n')}\nlib==\${unset} # \${TOKEN}\n`);
    const found = await readRequirementsFile('requirements.txt', work.path);
    expect(found.map(({ text, expanded }) => [text, expanded])).toStrictEqual([
      ['lib==1.0', 'lib==1.0'],
      [`lib @ ${address}\${TOKEN}`, `lib @ ${address}canary`],
      [`--index-url ${address}\${TOKEN}`, `--index-url ${address}canary`],
      [`--find-links ${address}\${TOKEN}`, `--find-links ${address}canary`],
      ['lib==${unset}', 'lib==${unset}'],
    ]);
  });

  it('finds --find-links beside the file, else leaves it for the working directory', async () => {
    write('sub/requirements.txt', '-f wheels\n--find-links elsewhere\n-f https://example.invalid/wheels\n');
    mkdirSync(join(work.path, 'sub/wheels'));
    const lines = await readRequirementsFile('sub/requirements.txt', work.path);
    expect(lines.map(({ findLinks }) => findLinks)).toStrictEqual([
      join(work.path, 'sub/wheels'),
      'elsewhere',
      'https://example.invalid/wheels',
    ]);
    expect(lines[0]?.text).toBe('--find-links wheels');
  });

  it('reads UTF-16 by its byte order mark, and UTF-8 with one', async () => {
    write('requirements.txt', Buffer.from('\uFEFF-r other.txt\nlib\n', 'utf16le'));
    write('other.txt', '\uFEFFother\n');
    expect(await read()).toStrictEqual(['requirement: other', 'requirement: lib']);
  });

  it('lets an address stand for what is behind it, and a missing file for nothing', async () => {
    write('requirements.txt', '-r https://example.invalid/r.txt\n-r missing.txt\nlib\n');
    expect(await read()).toStrictEqual(['requirement: -r https://example.invalid/r.txt', 'requirement: lib']);
  });
});
