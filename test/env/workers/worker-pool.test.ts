import { once } from 'node:events';
import { mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Worker } from 'node:worker_threads';
import { afterEach, expect, test } from 'vitest';
import { HdfsVenvError } from '../../../src/errors/hdfs-venv-error.ts';
import { destinationOf } from '../../../src/env/plan/spread.ts';
import type { UnpackedFile } from '../../../src/env/unpack/unpack.ts';
import { answerUnpack, type UnpackRequest } from '../../../src/env/unpack/unpack-request.ts';
import { makeTasks } from '../../../src/env/unpack/unpack-tasks.ts';
import { WorkerPool } from '../../../src/env/workers/worker-pool.ts';
import { openWheel } from '../../../src/wheel/open-wheel.ts';
import { temporaryDirectories } from '../../support/environment-maker.ts';
import { recordHash, type WheelOptions, writeWheel } from '../../support/wheel-maker.ts';

const newDirectory = temporaryDirectories('worker-pool');
const SCRIPT = new URL('unpack-worker.mjs', import.meta.url);

const FILES = Object.fromEntries(Array.from({ length: 300 }, (_, index) => [`many/${index}.py`, `x = ${index}\n`]));

function prepare(options: Partial<WheelOptions> = {}, isRootThere = true): { root: string; requests: UnpackRequest[] } {
  const base = newDirectory();
  const wheel = openWheel(writeWheel(base, { name: 'many', version: '1', files: FILES, ...options }));
  const root = join(base, 'tree');
  for (const directory of ['many', 'many-1.dist-info']) mkdirSync(join(root, directory), { recursive: true });
  const tasks = makeTasks(wheel.entries.map((entry) => ({ wheel, entry, ...destinationOf(wheel, entry, '3.11.9') })));
  return { root, requests: tasks.map((task) => ({ root: isRootThere ? root : join(root, 'absent'), task })) };
}

let pool: WorkerPool<UnpackRequest, readonly UnpackedFile[]>;
afterEach(() => pool.close());

function startPool(workers: number, script = SCRIPT): void {
  pool = new WorkerPool({ workers, script, here: answerUnpack });
}

test('threads unpack what the caller would have unpacked', async () => {
  const [inThreads, here] = [prepare(), prepare()];
  expect(inThreads.requests.length).toBeGreaterThan(2);
  const results: UnpackedFile[][] = [];
  for (const [run, workers] of [
    [inThreads, 2],
    [here, 0],
  ] as const) {
    const unpacked: UnpackedFile[] = [];
    startPool(workers);
    await pool.run({ ...run, onResult: (files) => unpacked.push(...files) });
    await pool.close();
    results.push(unpacked.toSorted((left, right) => (left.path < right.path ? -1 : 1)));
  }
  expect(results[0]).toEqual(results[1]);
  expect(readdirSync(join(inThreads.root, 'many'))).toHaveLength(300);
});

test.each([2, 0])("with %i threads: a wheel's fault arrives with its code, and nothing new begins", async (workers) => {
  const run = prepare({
    record: (rows) =>
      rows.map(([path, hash, size]) => [path, path === 'many/7.py' ? recordHash(Buffer.from('x')) : hash, size]),
  });
  startPool(workers);
  const failure = await pool.run({ ...run, onResult: () => undefined }).catch((error: unknown) => error);
  expect(failure).toBeInstanceOf(HdfsVenvError);
  expect(failure).toMatchObject({
    code: 'WHEEL_RECORD_HASH',
    exit: 'integrity',
    hints: expect.arrayContaining([expect.stringContaining('--allow WHEEL_RECORD_HASH=many')]),
  });
});

test.each([1, 0])('with %i threads: an error of the file system is explained', async (workers) => {
  startPool(workers);
  await expect(pool.run({ ...prepare({}, false), onResult: () => undefined })).rejects.toMatchObject({
    code: 'ENV_WRITE',
    message: expect.stringContaining('ENOENT'),
  });
});

test('a thread that cannot start is an error, not silence', async () => {
  const started = once(process, 'worker');
  startPool(1, new URL('absent.mjs', import.meta.url));
  const [thread]: Worker[] = await started;
  await new Promise((resolve) => thread?.once('exit', resolve));
  await expect(pool.run({ ...prepare(), onResult: () => undefined })).rejects.toThrow('absent.mjs');
});

test('an abort ends the work with its reason', async () => {
  const reason = new Error('interrupted');
  const controller = new AbortController();
  startPool(1);
  const running = pool.run({ ...prepare(), signal: controller.signal, onResult: () => controller.abort(reason) });
  await expect(running).rejects.toBe(reason);
});
