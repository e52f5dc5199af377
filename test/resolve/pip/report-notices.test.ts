import { expect, it } from 'vitest';
import { reportNotices } from '../../../src/resolve/pip/report-notices.ts';
import { outcome } from '../failure/pip-outcome.ts';

it('tells what was left out, withdrawn, and refused', () => {
  const choice = { file: 'lib-1.0-py3-none-any.whl', url: 'https://example.invalid/lib', comesFrom: null, hash: null };
  const page = 'https://example.invalid/simple/';
  const forbidden = { kind: 'forbidden', status: 403, reason: '403 Client Error' } as const;
  const { report } = outcome('', {
    ignoredSettings: ['pre'],
    provided: [{ name: 'pyspark', version: null, requirements: ['pyspark>=3', 'pyspark[sql]'] }],
    chosen: [
      { ...choice, name: 'lib', version: '1.0', yanked: 'loses data' },
      { ...choice, name: 'more', version: '2.0', yanked: '' },
      { ...choice, name: 'fine', version: '3.0', yanked: null },
    ],
    unknownExtras: [
      { name: 'lib', version: '1.0', extra: 'fast', by: null },
      { name: 'lib', version: '1.0', extra: 'slow', by: 'app 2.0' },
    ],
    indexFailures: [
      { ...forbidden, url: `${page}lib/` },
      { ...forbidden, url: `${page}more/` },
    ],
  });
  expect(reportNotices(report)).toStrictEqual([
    "pip's setting pre is left out: it would steer what is chosen for the target",
    'pyspark[sql]: pyspark is provided by the cluster, and what its extras need is not looked up; add it as requirements of your own',
    'lib 1.0 was withdrawn by its authors: loses data',
    'more 2.0 was withdrawn by its authors: no reason given',
    'lib 1.0 has no extra fast, which was asked for',
    'lib 1.0 has no extra slow, which app 2.0 asks for',
    `${page} refuses to say whether it has lib, more (403): taken as if it has not`,
  ]);
});
