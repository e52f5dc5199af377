import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { selectWheel } from '../../../src/resolve/lock/select-wheel.ts';

const TAGS = [
  'cp37-cp37m-manylinux_2_17_x86_64',
  'cp37-cp37m-manylinux2014_x86_64',
  'cp37-cp37m-manylinux_2_5_x86_64',
  'cp37-cp37m-manylinux1_x86_64',
  'cp37-abi3-manylinux_2_17_x86_64',
  'cp37-none-any',
  'py37-none-any',
  'py3-none-any',
];

function select(...fileNames: readonly string[]): string | undefined {
  return selectWheel(
    fileNames.map((fileName) => ({ fileName })),
    TAGS,
  )?.fileName;
}

describe('selectWheel', () => {
  it('prefers the tag that is more specific to the target', () => {
    const best = 'a-1.0-cp37-cp37m-manylinux_2_17_x86_64.whl';
    expect(select('a-1.0-py3-none-any.whl', 'a-1.0-cp37-cp37m-manylinux1_x86_64.whl', best)).toBe(best);
  });

  it('takes a compressed tag set for its best combination', () => {
    const set = 'a-1.0-cp36.cp37-abi3.cp37m-manylinux_2_5_x86_64.manylinux1_x86_64.whl';
    expect(select('a-1.0-cp37-cp37m-manylinux1_x86_64.whl', set, 'a-1.0-py3-none-any.whl')).toBe(set);
    expect(select('a-1.0-py2.py3-none-any.whl')).toBe('a-1.0-py2.py3-none-any.whl');
  });

  it('takes none that is for other Pythons and machines', () => {
    const others = ['cp38-cp38-manylinux_2_17_x86_64', 'cp37-cp37m-win_amd64', 'cp37-cp37m-manylinux_2_17_aarch64'];
    expect(select(...others.map((tag) => `a-1.0-${tag}.whl`))).toBeUndefined();
    expect(select()).toBeUndefined();
  });

  it('compares build tags as numbers first, and only among equal tags', () => {
    expect(select('a-1.0-py3-none-any.whl', 'a-1.0-10-py3-none-any.whl', 'a-1.0-9-py3-none-any.whl')).toBe(
      'a-1.0-10-py3-none-any.whl',
    );
    expect(select('a-1.0-2b-py3-none-any.whl', 'a-1.0-2a-py3-none-any.whl', 'a-1.0-2-py3-none-any.whl')).toBe(
      'a-1.0-2b-py3-none-any.whl',
    );
    expect(select('a-1.0-7-py3-none-any.whl', 'a-1.0-cp37-none-any.whl')).toBe('a-1.0-cp37-none-any.whl');
  });

  it('takes the first of two that are equal', () => {
    expect(select('a-1.0-py3-none-any.whl', 'a-1.0-py2.py3-none-any.whl')).toBe('a-1.0-py3-none-any.whl');
  });

  it('passes over what is no wheel by its name', () => {
    expect(select('a-1.0.tar.gz', 'a-py3-none-any.whl', 'a-1.0-py3-none-any.whl')).toBe('a-1.0-py3-none-any.whl');
  });

  it('does not depend on the order of different wheels', () => {
    const tag = fc.constantFrom(...TAGS, 'cp38-cp38-win_amd64');
    const build = fc.constantFrom('', '1-', '2-', '12-');
    const wheels = fc.uniqueArray(fc.tuple(build, tag).map(([number, rest]) => `a-1.0-${number}${rest}.whl`));
    const shuffled = wheels.chain((all) =>
      fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length })),
    );
    fc.assert(fc.property(shuffled, ([all, others]) => select(...all) === select(...others)));
  });
});
