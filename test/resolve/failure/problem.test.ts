import { describe, expect, it } from 'vitest';
import { type Problem, problemsError } from '../../../src/resolve/failure/problem.ts';
import { parseTarget } from '../../../src/target/target.ts';

const target = parseTarget({ python: '3.7.16', platform: ['rhel7'] });
const noWheel: Problem = { kind: 'no-wheel', name: 'a', text: 'a has no wheel', hint: 'A.' };
const noPackage: Problem = { kind: 'no-package', name: 'b', text: 'no package b', hint: 'B.' };
const conflict: Problem = { kind: 'conflict', name: 'c', text: 'c<2 against c>=2', hint: 'C.' };
const provided: Problem = { kind: 'provided', name: 'd', text: 'x asks for d', hint: 'D.' };

describe('problemsError', () => {
  it.each([
    [[noWheel], 'RESOLVE_NO_WHEEL', 'Cannot get a package for Python 3.7.16: a has no wheel', ['A.']],
    [
      [noWheel, { ...noWheel, name: 'e', text: 'e has no wheel' }],
      'RESOLVE_NO_WHEEL',
      'Cannot get 2 packages for Python 3.7.16: a has no wheel; e has no wheel',
      ['A.'],
    ],
    [
      [noWheel, noPackage],
      'RESOLVE_BLOCKED',
      'Cannot get 2 packages for Python 3.7.16: a has no wheel; no package b',
      ['A.', 'B.'],
    ],
    [[conflict], 'RESOLVE_CONFLICT', 'Cannot find versions that go together: c<2 against c>=2', ['C.']],
    [
      [provided],
      'RESOLVE_PROVIDED_VERSION',
      'Cannot meet requirements with what the cluster provides: x asks for d',
      ['D.'],
    ],
    [
      [noWheel, conflict],
      'RESOLVE_BLOCKED',
      'Cannot meet the requirements for Python 3.7.16, for 2 reasons: a has no wheel; these do not go together: c<2 against c>=2',
      ['A.', 'C.'],
    ],
  ])('%#', (problems, code, message, hints) => {
    expect(problemsError(problems, target)).toMatchObject({ code, exit: 'resolve', message, hints });
  });
});
