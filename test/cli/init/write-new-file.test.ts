import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { writeNewFile } from '../../../src/cli/init/write-new-file.ts';
import { temporaryDirectories } from '../../support/environment-maker.ts';

const freshDirectory = temporaryDirectories('write-new-file');

test('of several that write at once one wins, whole, and the others are told; nothing is left behind', async () => {
  const directory = freshDirectory();
  const path = join(directory, 'hdfs-venv.toml');
  const texts = ['a', 'b', 'c'].map((letter) => letter.repeat(10_000));
  const results = await Promise.allSettled(texts.map((text) => writeNewFile(path, text)));
  const winner = results.findIndex(({ status }) => status === 'fulfilled');
  expect(readFileSync(path, 'utf8')).toBe(texts[winner]);
  const refused = results.filter((result) => result.status === 'rejected').map(({ reason }) => reason as unknown);
  expect(refused).toHaveLength(2);
  for (const reason of refused) expect(reason).toMatchObject({ code: 'CONFIG_EXISTS', exitCode: 7 });
  expect(readdirSync(directory)).toEqual(['hdfs-venv.toml']);
});

test('a directory that is not there is said as what it is', async () => {
  const path = join(freshDirectory(), 'none', 'hdfs-venv.toml');
  await expect(writeNewFile(path, '')).rejects.toMatchObject({ message: expect.stringContaining('Cannot write ') });
});
