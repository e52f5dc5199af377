import { readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openEntry } from '../../src/env/entry.ts';
import { readManifest } from '../../src/env/read-manifest.ts';
import { makeEnvironment, temporaryDirectories } from '../support/environment-maker.ts';

const newDirectory = temporaryDirectories('read-manifest');
const WHEEL = { name: 'risk', version: '1', files: { 'risk.py': 'x = 1\n' } };

async function withManifest(change: (text: string) => string): Promise<unknown> {
  const { directory } = await makeEnvironment(newDirectory(), [WHEEL]);
  const path = join(directory, 'manifest.json');
  writeFileSync(path, change(readFileSync(path, 'utf8')));
  return await readManifest(directory).catch((error: unknown) => error);
}

test('ENV_MANIFEST_MISSING', async () => {
  await expect(readManifest(join(newDirectory(), 'absent'))).rejects.toMatchObject({
    code: 'ENV_MANIFEST_MISSING',
    exit: 'usage',
  });
});

test.each(['[]', '{"schemaVersion":1}', 'null', 'not JSON', '{ "name": '])(
  'ENV_MANIFEST_NOT_OURS: %j, with what to do',
  async (text) => {
    expect(await withManifest(() => text)).toMatchObject({
      code: 'ENV_MANIFEST_NOT_OURS',
      exit: 'conflict',
      hints: [expect.stringMatching(/build in another one.*delete it and build again/)],
    });
  },
);

test('ENV_MANIFEST_DAMAGED: one that is cut short anywhere behind the words that say whose it is', async () => {
  const { directory } = await makeEnvironment(newDirectory(), [WHEEL]);
  const path = join(directory, 'manifest.json');
  const whole = readFileSync(path);
  const beginning = whole.indexOf('hdfs-venv ') + 'hdfs-venv '.length;
  for (let length = 0; length < whole.length - 1; length += length < 60 ? 1 : 37) {
    writeFileSync(path, whole.subarray(0, length));
    await expect(readManifest(directory), `${length} bytes`).rejects.toMatchObject(
      length < beginning
        ? { code: 'ENV_MANIFEST_NOT_OURS', exit: 'conflict' }
        : { code: 'ENV_MANIFEST_DAMAGED', exit: 'integrity', message: expect.stringMatching(/it is cut short/) },
    );
  }
});

test('ENV_MANIFEST_NEWER names both versions and who made it', async () => {
  expect(await withManifest((text) => text.replace('"schemaVersion": 1', '"schemaVersion": 2'))).toMatchObject({
    code: 'ENV_MANIFEST_NEWER',
    exit: 'usage',
    message: expect.stringMatching(/schema is 2, made by hdfs-venv 0\.0\.0, this version knows 1/),
  });
});

test('ENV_MANIFEST_DAMAGED: a list that was edited', async () => {
  expect(await withManifest((text) => text.replace('"path": "risk.py"', '"path": "../risk.py"'))).toMatchObject({
    code: 'ENV_MANIFEST_DAMAGED',
    exit: 'integrity',
  });
});

test('ENV_FILE_MISSING: a file that the manifest names is gone, or has become a link', async () => {
  const { directory } = await makeEnvironment(newDirectory(), [WHEEL]);
  expect(openEntry(directory, 'risk.py').size).toBe(6);
  rmSync(join(directory, 'venv', 'risk.py'));
  expect(() => openEntry(directory, 'risk.py')).toThrow(
    expect.objectContaining({ code: 'ENV_FILE_MISSING', exit: 'integrity' }),
  );
  symlinkSync('/dev/null', join(directory, 'venv', 'risk.py'));
  expect(() => openEntry(directory, 'risk.py')).toThrow(expect.objectContaining({ code: 'ENV_FILE_MISSING' }));
});
