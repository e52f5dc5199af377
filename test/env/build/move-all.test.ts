import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { moveAll } from '../../../src/env/build/move-all.ts';
import { temporaryDirectories } from '../../support/environment-maker.ts';

const newDirectory = temporaryDirectories('move-all');

function move(base: string, from: string, to: string, optional = false): Parameters<typeof moveAll>[0][number] {
  return { from: join(base, from), to: join(base, to), optional };
}

test('what is optional may be missing, and is then not brought back either', () => {
  const base = newDirectory();
  writeFileSync(join(base, 'a'), '');
  moveAll([move(base, 'absent', 'x', true), move(base, 'a', 'b')]);
  expect(readdirSync(base)).toEqual(['b']);
  const moves = [move(base, 'absent', 'x', true), move(base, 'b', 'c'), move(base, 'absent', 'y')];
  expect(() => moveAll(moves)).toThrow(/ENOENT.*absent/);
  expect(readdirSync(base)).toEqual(['b']);
});

test('an optional one that cannot be moved for another reason is an error', () => {
  const base = newDirectory();
  writeFileSync(join(base, 'a'), '');
  mkdirSync(join(base, 'b'));
  expect(() => moveAll([move(base, 'a', 'b', true)])).toThrow(/EISDIR/);
});
