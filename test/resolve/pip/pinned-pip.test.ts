import { describe, expect, it } from 'vitest';
import { canDrive, pinnedPips } from '../../../src/resolve/pip/pinned-pip.ts';
import { parseTarget } from '../../../src/target/target.ts';

const host = { path: '/usr/bin/python3', major: 3, minor: 13 };
const targetOf = (python: string): ReturnType<typeof parseTarget> => parseTarget({ python, platform: ['rhel7'] });

describe('the pip that chooses', () => {
  it.each([
    ['2.7', '24.0'],
    ['3.6', '24.0'],
    ['3.7', '24.0'],
    ['3.8', '26.3'],
    ['3.13', '26.3'],
  ])('for Python %s is %s', (python, version) => {
    const { usable, newest } = pinnedPips(targetOf(python), host);
    expect([usable[0].version, newest.version]).toStrictEqual([version, version]);
  });

  it.each([
    ['3.7', 8, '24.0', '24.0'],
    ['3.8', 8, '25.0.1', '26.3'],
    ['3.8', 9, '26.0.1', '26.3'],
  ])('for Python %s on a host with 3.%s is %s', (python, minor, first, best) => {
    const { usable, newest } = pinnedPips(targetOf(python), { ...host, minor });
    expect([usable[0].version, newest.version]).toStrictEqual([first, best]);
  });

  it.each([
    ['3.7', '24.0', true],
    ['3.7', '24.1', false],
    ['3.7', '26.3', false],
    ['3.8', '24.1', true],
    ['3.8', '26.4', false],
  ])('for Python %s may be the machine’s own %s: %s', (python, version, expected) => {
    expect(canDrive(version, targetOf(python))).toBe(expected);
  });
});
