import { mkdirSync, mkdtempSync, realpathSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { execaSync } from 'execa';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { wheelOfPlainSources } from '../../../src/resolve/own-code/plain-sources.ts';
import { findHostPython } from '../../../src/resolve/pip/host-python.ts';
import { scratchDirectory } from '../../support/scratch.ts';

let work: ReturnType<typeof scratchDirectory>;
beforeEach(() => {
  work = scratchDirectory('own');
});
afterEach(() => work.remove());

function write(path: string, text = ''): void {
  mkdirSync(dirname(join(work.path, path)), { recursive: true });
  writeFileSync(join(work.path, path), text);
}

interface Seen {
  readonly names: readonly string[];
  readonly bad: string | null;
  readonly infos: readonly (readonly [date: readonly number[], mode: number, method: number, utf8: number])[];
  readonly record: readonly (readonly string[])[];
  readonly hashes: Readonly<Record<string, string>>;
}

const READ = `
import base64, csv, hashlib, io, json, sys, zipfile
z = zipfile.ZipFile(sys.argv[1])
record = next(n for n in z.namelist() if n.endswith('.dist-info/RECORD'))
digest = lambda n: 'sha256=' + base64.urlsafe_b64encode(hashlib.sha256(z.read(n)).digest()).rstrip(b'=').decode()
print(json.dumps({
  'names': z.namelist(), 'bad': z.testzip(),
  'infos': [(i.date_time, i.external_attr >> 16, i.compress_type, i.flag_bits & 0x800) for i in z.infolist()],
  'record': list(csv.reader(io.StringIO(z.read(record).decode('utf-8')))),
  'hashes': {n: digest(n) for n in z.namelist()},
}))
`;

/** What Python's own zipfile and csv see: the other side's reading, not ours. */
async function readByPython(wheel: { readonly fileName: string; readonly content: Buffer }): Promise<Seen> {
  const path = join(work.path, wheel.fileName);
  writeFileSync(path, wheel.content);
  const { path: python } = await findHostPython(undefined);
  return JSON.parse(execaSync(python, ['-X', 'utf8', '-c', READ, path]).stdout);
}

describe('wheelOfPlainSources', () => {
  it('packs a folder as Python imports it, without what Python and editors leave there', async () => {
    write('risk_app/__init__.py', 'x = 1\n');
    write('risk_app/sub/model.py', 'y = 2\n');
    write('risk_app/data/größe, "1".json', '{}');
    write('risk_app/empty.txt');
    for (const left of [
      '__pycache__/a.cpython-37.pyc',
      'a.pyc',
      '.hidden',
      '.git/config',
      'sub/.ipynb_checkpoints/x.py',
    ]) {
      write(`risk_app/${left}`, 'left over');
    }
    const wheel = await wheelOfPlainSources('package', join(work.path, 'risk_app'), '3.7.16');
    expect(wheel.fileName).toMatch(/^risk_app-0\+c[0-9a-f]{12}-py2\.py3-none-any\.whl$/);
    const info = `${wheel.fileName.split('-').slice(0, 2).join('-')}.dist-info`;
    const seen = await readByPython(wheel);
    expect(seen.names).toStrictEqual([
      'risk_app/__init__.py',
      'risk_app/data/größe, "1".json',
      'risk_app/empty.txt',
      'risk_app/sub/model.py',
      `${info}/METADATA`,
      `${info}/WHEEL`,
      `${info}/RECORD`,
    ]);
    expect(seen.bad).toBeNull();
    for (const entry of seen.infos)
      expect(entry).toStrictEqual([[1980, 1, 1, 0, 0, 0], 0o100644, 0, expect.any(Number)]);
    expect(seen.record.map(([name]) => name)).toStrictEqual(seen.names);
    for (const [name = '', hash] of seen.record.slice(0, -1)) expect(hash).toBe(seen.hashes[name]);
    expect(seen.record.at(-1)).toStrictEqual([`${info}/RECORD`, '', '']);
  });

  it('is the same for the same code, wherever and whenever, and another for other code', async () => {
    write('a/risk.py', 'x = 1\n');
    const first = await wheelOfPlainSources('module', join(work.path, 'a/risk.py'), '3.7.16');
    write('b/risk.py', 'x = 1\n');
    const zone = process.env['TZ'];
    process.env['TZ'] = 'Pacific/Kiritimati';
    const second = await wheelOfPlainSources('module', join(work.path, 'b/risk.py'), '3.7.16');
    process.env['TZ'] = zone;
    if (zone === undefined) delete process.env['TZ'];
    expect(second.content.equals(first.content)).toBe(true);
    write('b/risk.py', 'x = 2\n');
    expect((await wheelOfPlainSources('module', join(work.path, 'b/risk.py'), '3.7.16')).fileName).not.toBe(
      first.fileName,
    );
  });

  it('takes a link inside the folder for what it points at', async () => {
    write('app/real.py', 'x = 1');
    symlinkSync('real.py', join(work.path, 'app/alias.py'));
    mkdirSync(join(work.path, 'app/sub'));
    symlinkSync('../real.py', join(work.path, 'app/sub/up.py'));
    const seen = await readByPython(await wheelOfPlainSources('package', join(work.path, 'app'), '3.7.16'));
    expect(seen.names.slice(0, 3)).toStrictEqual(['app/alias.py', 'app/real.py', 'app/sub/up.py']);
    expect(seen.hashes['app/sub/up.py']).toBe(seen.hashes['app/real.py']);
  });

  it.each([
    ['leaves the folder', '../outside.py', /app\/x|x: it leaves the folder/],
    ['leaves it for a folder with a like name', '../app-evil/y.py', /leaves the folder/],
    ['leads nowhere', 'gone.py', /leads nowhere/],
    ['goes round in circles', '.', /leads back/],
  ])('refuses a link that %s', async (_, to, message) => {
    write('app/__init__.py');
    write('outside.py');
    write('app-evil/y.py');
    symlinkSync(to, join(work.path, 'app/x'));
    await expect(wheelOfPlainSources('package', join(work.path, 'app'), '3.7.16')).rejects.toMatchObject({
      code: 'RESOLVE_OWN_LINK',
      exit: 'usage',
      message: expect.stringMatching(message),
    });
  });

  it('works through a link to the folder itself', async () => {
    write('app/__init__.py');
    const elsewhere = mkdtempSync(join(realpathSync(work.path), 'link-'));
    symlinkSync(join(work.path, 'app'), join(elsewhere, 'app'));
    expect((await wheelOfPlainSources('package', join(elsewhere, 'app'), '3.7.16')).fileName).toMatch(/^app-/);
  });

  it.each(['my-app', '1app', 'app.v2', '__init__', '_'])('refuses %s: Python cannot import it', async (name) => {
    write(`${name}.py`);
    await expect(wheelOfPlainSources('module', join(work.path, `${name}.py`), '3.7.16')).rejects.toMatchObject({
      code: 'RESOLVE_OWN_NAME',
      exit: 'usage',
    });
  });

  it.each(['j\u00f6b', 'jo\u0308b'])(
    'refuses %s: Python 3 could import it, but names of packages are ASCII',
    async (name) => {
      write(`${name}.py`);
      await expect(wheelOfPlainSources('module', join(work.path, `${name}.py`), '3.7.16')).rejects.toMatchObject({
        code: 'RESOLVE_OWN_NAME',
        message: expect.stringContaining('with letters beyond ASCII'),
      });
    },
  );

  it('refuses what would hide a module of the standard library', async () => {
    write('json.py');
    write('logging/__init__.py');
    write('Queue.py');
    const refusal = {
      code: 'RESOLVE_OWN_NAME',
      exit: 'usage',
      message: expect.stringContaining('would hide the module'),
    };
    await expect(wheelOfPlainSources('module', join(work.path, 'json.py'), '3.7.16')).rejects.toMatchObject(refusal);
    await expect(wheelOfPlainSources('package', join(work.path, 'logging'), '3.7.16')).rejects.toMatchObject(refusal);
    await expect(wheelOfPlainSources('module', join(work.path, 'Queue.py'), '2.7.18')).rejects.toMatchObject(refusal);
    expect(await wheelOfPlainSources('module', join(work.path, 'Queue.py'), '3.7.16')).toBeDefined();
  });
});
