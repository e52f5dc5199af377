import { describe, expect, test } from 'vitest';
import { hdfsVenvRedirected } from './hdfs-venv.ts';

describe.runIf(process.platform === 'linux')('a full disk', () => {
  test('behind stdout is one line, and no success', async () => {
    const { exitCode, stderr } = await hdfsVenvRedirected('> /dev/full', '--help');
    expect(exitCode).toBe(1);
    expect(stderr.trim()).toMatch(/^error: cannot write the output: ENOSPC: [^\n]*$/);
  });

  test('behind stderr changes nothing of the outcome', async () => {
    const { exitCode, stderr } = await hdfsVenvRedirected('2> /dev/full', 'releases', 'file:///nothing/is/here');
    expect({ exitCode, stderr }).toEqual({ exitCode: 2, stderr: '' });
  });
});
