import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readLock } from '../../../src/resolve/lock/read-lock.ts';
import { evaluatorFor } from './evaluator.ts';
import { LOCKS, readFileNames, SPARK, targetOf } from './lock-cases.ts';

const PLAIN = join(LOCKS, 'plain', 'uv.lock');

describe('readLock', () => {
  it('asks once for all markers of a lock', async () => {
    const target = targetOf('3.7');
    const evaluate = await evaluatorFor(target);
    let calls = 0;
    const counting: typeof evaluate = (queries) => {
      calls += 1;
      return evaluate(queries);
    };
    await readLock(PLAIN, ['slow'], target, SPARK, counting);
    expect(calls).toBe(1);
    await readLock(
      join(LOCKS, 'plain', 'pylock.extras.toml'),
      [],
      target,
      new Map([...SPARK, ['onlysource', null]]),
      counting,
    );
    expect(calls).toBe(2);
  });

  it('says that a lock cannot be read', async () => {
    await expect(readFileNames(join(LOCKS, 'none', 'uv.lock'))).rejects.toMatchObject({
      code: 'RESOLVE_LOCK_READ',
      exit: 'permission',
    });
  });
});
