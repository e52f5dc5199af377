import { expect, it } from 'vitest';
import { runPip } from '../../../src/resolve/pip/pip-process.ts';
import { scratchDirectory } from '../../support/scratch.ts';

it.each([
  ['/cache/pip/26.3', ['If it goes on, remove /cache/pip/26.3: pip is unpacked again, or fetched.']],
  [null, []],
])('a pip that ends without a report: what to remove, if it is ours (%s)', async (pip, hints) => {
  const work = scratchDirectory('crash');
  const request = { pip, arguments: ['download'], target: null, scratch: work.path, workingDirectory: work.path };
  await expect(
    runPip({ ...request, python: { path: '/bin/false', major: 3, minor: 13 } }).finally(() => work.remove()),
  ).rejects.toMatchObject({ code: 'RESOLVE_PIP_CRASHED', hints });
});
