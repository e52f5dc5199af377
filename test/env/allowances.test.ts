import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { type Allowance, Allowances, parseAllowance } from '../../src/wheel/allowances.ts';
import { type Rules, STRICT } from '../../src/wheel/rules.ts';
import { makeEnvironment, readTree, temporaryDirectories } from '../support/environment-maker.ts';
import { recordHash, type WheelOptions } from '../support/wheel-maker.ts';

const newDirectory = temporaryDirectories('allowances');

function wheel(name: string, files: Record<string, string>): WheelOptions {
  return { name, version: '1.0', files };
}

function allowing(...texts: readonly string[]): { rules: Rules } {
  return { rules: { ...STRICT, allowances: new Allowances(texts.map(parseAllowance)) } };
}

const A = wheel('a', { 'shared/x.py': 'from a\n', 'shared/a.py': '' });
const B = wheel('b', { 'shared/x.py': 'from b, longer\n' });
const C = wheel('c', { 'shared/x.py': 'from c\n' });

test('ENV_CONFLICT: the hint names the flag with both packages, and the flag decides', async () => {
  await expect(makeEnvironment(newDirectory(), [A, B])).rejects.toMatchObject({
    code: 'ENV_CONFLICT',
    hints: expect.arrayContaining([
      expect.stringMatching(/allow that one only: --allow ENV_CONFLICT=a or --allow ENV_CONFLICT=b$/),
    ]),
  });
  for (const [name, text] of [
    ['a', 'from a\n'],
    ['b', 'from b, longer\n'],
  ] as const) {
    const { directory, manifest } = await makeEnvironment(newDirectory(), [A, B], allowing(`ENV_CONFLICT=${name}`));
    const tree = readTree(join(directory, 'venv'));
    expect(tree['shared/x.py']?.text).toBe(text);
    // the RECORD of the one that lost is true, too
    const row = `shared/x.py,${recordHash(Buffer.from(text))},${text.length}\n`;
    expect(tree['a-1.0.dist-info/RECORD']?.text).toContain(row);
    expect(tree['b-1.0.dist-info/RECORD']?.text).toContain(row);
    expect(manifest.allowed).toEqual([{ code: 'ENV_CONFLICT', package: name }] satisfies Allowance[]);
    expect(manifest.files.find(({ path }) => path === 'shared/x.py')?.sha256).toBe(
      createHash('sha256').update(text).digest('hex'),
    );
  }
});

test('ENV_CONFLICT: of three wheels the allowed one wins, whichever of them it is', async () => {
  for (const [name, text] of [
    ['a', 'from a\n'],
    ['b', 'from b, longer\n'],
    ['c', 'from c\n'],
  ] as const) {
    const { directory } = await makeEnvironment(newDirectory(), [A, B, C], allowing(`ENV_CONFLICT=${name}`));
    expect(readTree(join(directory, 'venv'))['shared/x.py']?.text).toBe(text);
  }
});

test('ENV_CONFLICT: of two equal files and another one either name will do', async () => {
  const twin = wheel('twin', { 'shared/x.py': 'from a\n' });
  const { directory } = await makeEnvironment(
    newDirectory(),
    [A, B, twin],
    allowing('ENV_CONFLICT=a', 'ENV_CONFLICT=twin'),
  );
  expect(readTree(join(directory, 'venv'))['shared/x.py']?.text).toBe('from a\n');
});

test.each([
  [['ENV_CONFLICT=a', 'ENV_CONFLICT=b']],
  [['ENV_CONFLICT=c']],
  [['ENV_STANDARD_LIBRARY=a']],
  [['WHEEL_RECORD_HASH=a']],
])('ENV_CONFLICT stays with %j', async (texts) => {
  const other = wheel('c', { 'c.py': '' });
  await expect(makeEnvironment(newDirectory(), [A, B, other], allowing(...texts))).rejects.toMatchObject({
    code: 'ENV_CONFLICT',
  });
});

test('an x bit of the file that lost does not count', async () => {
  const executable: WheelOptions = { ...B, modes: { 'shared/x.py': 0o755 } };
  const { directory } = await makeEnvironment(newDirectory(), [A, executable], allowing('ENV_CONFLICT=a'));
  expect(readTree(join(directory, 'venv'))['shared/x.py']?.mode).toBe('644');
});

test.each([
  ['ENV_START_UP_FILE', 'sitecustomize.py'],
  ['ENV_STANDARD_LIBRARY', 'enum/__init__.py'],
])('%s: refused with the flag in the hint, taken with it, and not with that of another package', async (code, path) => {
  const wheels = [wheel('a', { [path]: 'x = 1\n' }), wheel('b', { 'b.py': '' })];
  await expect(makeEnvironment(newDirectory(), wheels)).rejects.toMatchObject({
    code,
    exit: 'conflict',
    hints: expect.arrayContaining([expect.stringMatching(new RegExp(`: --allow ${code}=a$`))]),
  });
  await expect(makeEnvironment(newDirectory(), wheels, allowing(`${code}=b`))).rejects.toMatchObject({ code });
  const { directory, manifest } = await makeEnvironment(newDirectory(), wheels, allowing(`${code}=a`));
  expect(readTree(join(directory, 'venv'))[path]?.text).toBe('x = 1\n');
  expect(manifest.allowed).toEqual([{ code, package: 'a' }]);
});

test('what two wheels bring with the same bytes is allowed for either', async () => {
  const wheels = ['a', 'b'].map((name) => wheel(name, { 'enum.py': '' }));
  for (const name of ['a', 'b']) {
    await expect(
      makeEnvironment(newDirectory(), wheels, allowing(`ENV_STANDARD_LIBRARY=${name}`)),
    ).resolves.toBeDefined();
  }
});

test('an environment that was built with another allowance is built again', async () => {
  const base = newDirectory();
  let reused = 0;
  const onReused = (): void => {
    reused += 1;
  };
  const build = (...texts: string[]): Promise<{ directory: string }> =>
    makeEnvironment(base, [A, B], { ...allowing(...texts), onReused });
  const { directory } = await build('ENV_CONFLICT=a');
  await build('ENV_CONFLICT=b');
  expect(reused).toBe(0);
  expect(readTree(join(directory, 'venv'))['shared/x.py']?.text).toBe('from b, longer\n');
  // one for a package that is not there changes nothing
  await build('ENV_CONFLICT=b', 'ENV_CONFLICT=absent');
  expect(reused).toBe(1);
});
