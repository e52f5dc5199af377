import { describe, expect, it } from 'vitest';
import { faultsOfOrigins } from '../../scripts/demo/origins.ts';

const GOOD = `   Ghent          12      0.988             1332

SparkFiles root of driver 10: /tmp/a/userFiles
SparkFiles root of worker 11: /tmp/work/0
SparkFiles root of worker 12: /tmp/work/1

where   host             pid  package     version  __file__
driver  node              10  pandas      2.3.3    /tmp/a/userFiles/pandas/__init__.py
driver  node              10  rent_model  -        /tmp/a/userFiles/rent_model/__init__.py
worker  node              11  pandas      2.3.3    /tmp/work/0/pandas/__init__.py
worker  node              11  rent_model  -        /tmp/work/0/rent_model/__init__.py
worker  node              12  pandas      2.3.3    /tmp/work/1/pandas/__init__.py
worker  node              12  rent_model  -        /tmp/work/1/rent_model/__init__.py
`;
const PACKAGES = ['pandas', 'rent_model'];

describe('faultsOfOrigins', () => {
  it('finds none where every file is under the SparkFiles root of its process', () => {
    expect(faultsOfOrigins(GOOD, PACKAGES)).toEqual([]);
  });

  it.each([
    [
      'a package from elsewhere',
      '/tmp/work/1/pandas',
      '/usr/lib/python3/pandas',
      /worker 12 has pandas from \/usr\/lib/,
    ],
    ["a package from another process's root", '/tmp/work/1/pandas', '/tmp/work/0/pandas', /worker 12 has pandas from/],
    ['a root that only begins the same', '/tmp/work/1/pandas', '/tmp/work/10/pandas', /worker 12 has pandas from/],
    ['a process without a root', 'SparkFiles root of driver 10', 'The root of 10', /driver 10 .*unknown/],
    [
      'a package that nobody named on the driver',
      /^driver.*pandas.*\n/m,
      '',
      /driver 10 did not say where it has pandas/,
    ],
    ['a package that one of the workers lacks', /^worker.*12 .*pandas.*\n/m, '', /worker 12 did not say/],
    ['a single worker', /^worker +node +12 .*\n/gm, '', /two workers/],
    ['a worker in the process of the driver', /\b12\b(?= {2}(pandas|rent_model))/g, '10', /driver answered/],
    ['no table at all', GOOD, '', /two workers/],
  ])('finds %s', (_, from, to, fault) => {
    expect(faultsOfOrigins(GOOD.replace(from, to), PACKAGES).join('\n')).toMatch(fault);
  });
});
