import pLimit from 'p-limit';
import { afterAll, describe, expect, it } from 'vitest';
import { layOutDifferences, readArchive } from './compare-wheel.ts';
import { type Exception, EXCEPTIONS } from './exceptions.ts';
import { useMemoryDisk } from './memory-disk.ts';
import { type Oracle, startOracle } from './oracle.ts';
import { cachedDirectories, prepareCorpus } from './prepare.ts';
import { Summary } from './summary.ts';
import { type CorpusWheel, findWheels, furtherDirectories } from './wheels.ts';

useMemoryDisk();
const unavailable = await prepareCorpus(findWheels(cachedDirectories()).length);
const wheels = findWheels([...cachedDirectories(), ...furtherDirectories()]);

// Python is one busy process, and so are we
const oracles = [await startOracle(), await startOracle()];
const limit = pLimit(oracles.length);
const summary = new Summary(wheels, unavailable);

afterAll(() => {
  for (const oracle of oracles) oracle.close();
  console.log(summary.render());
});

async function withOracle<Result>(use: (oracle: Oracle) => Promise<Result>): Promise<Result> {
  return await limit(async () => {
    const oracle = oracles.pop();
    if (oracle === undefined) throw new Error('More tasks than oracles');
    try {
      return await use(oracle);
    } finally {
      oracles.push(oracle);
    }
  });
}

async function compare(wheel: CorpusWheel, oracle: Oracle): Promise<void> {
  const ours = await summary.notingRefusal(() => readArchive(wheel.path));
  expect(ours).toEqual(await oracle.archive(wheel.path));
  const differences = await summary.notingRefusal(() => layOutDifferences(wheel, oracle));
  summary.compared(Object.keys(ours).length, differences);
  expect(differences.filter(({ meant }) => meant === undefined)).toEqual([]);
}

it('holds at least 100 wheels', () => expect(wheels.length).toBeGreaterThanOrEqual(100));

async function expectRefusal(wheel: CorpusWheel, exception: Exception, oracle: Oracle): Promise<void> {
  await expect(layOutDifferences(wheel, oracle)).rejects.toMatchObject({ code: exception.code });
  summary.excepted(exception);
}

describe('Python and we make the same of a real wheel', () => {
  it.concurrent.each(wheels.map((wheel) => [wheel.name.fileName, wheel] as const))('%s', (fileName, wheel) =>
    withOracle(async (oracle) => {
      const exception = EXCEPTIONS.find((one) => one.wheel === fileName);
      if (exception !== undefined) await expectRefusal(wheel, exception, oracle);
      await compare({ ...wheel, python: exception?.madeFor ?? wheel.python }, oracle);
    }),
  );

  it.skip.each(unavailable)('$name: not to be had: $reason', () => {});
});
