import { expect, it } from 'vitest';
import { indexWheel } from '../support/local-index.ts';
import { useResolvePlace, wheelNames } from '../support/resolve-place.ts';

const tag = 'py2.py3-none-any';
const place = useResolvePlace([
  indexWheel({ name: 'celery', version: '4.4', tag, requires: ['pytz (>dev)', 'PyYAML (>=5.1.*)'] }),
  indexWheel({ name: 'pytz', version: '2021.3', tag }),
  indexWheel({ name: 'PyYAML', version: '5.0', tag }),
  indexWheel({ name: 'PyYAML', version: '5.4', tag }),
]);

it.each(['2.7.18', '3.6.15', '3.7.16'])('metadata of old counts for Python %s, as for its own pip', async (python) => {
  const resolution = await place.run(python, ['celery<6']);
  expect(wheelNames(resolution)).toStrictEqual(['PyYAML 5.4', 'celery 4.4', 'pytz 2021.3']);
});

it('is passed over for newer Pythons, as by their own pips', async () => {
  expect(await place.fail('3.8.20', ['celery<6'])).toMatchObject({
    code: 'RESOLVE_WHEEL_UNREADABLE',
    message: expect.stringMatching(
      /^Cannot use wheel celery-4\.4-py2\.py3-none-any\.whl: pip cannot read it: .*pytz \(>dev\)$/,
    ),
  });
});
