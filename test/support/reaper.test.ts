import { existsSync } from 'node:fs';
import { expect, test, vi } from 'vitest';
import { startRun } from './daemon.ts';

const SUPPORT = new URL('.', import.meta.url).href;

/** Starts a process with a child of its own and makes a directory, as a test does, and then waits. */
const VICTIM = `
import { scratchDirectory } from '${SUPPORT}scratch.ts';
import { startRun } from '${SUPPORT}daemon.ts';
const { path } = scratchDirectory('reaper');
const script = 'sleep 300 & echo $! $$; wait';
const onOutput = (text) => console.log(JSON.stringify({ path, processes: text.trim().split(' ').map(Number) }));
await startRun({ command: 'sh', args: ['-c', script], env: process.env, timeout: 300_000, onOutput }).finished;
`;

test.each(['SIGKILL', 'SIGTERM'] as const)('processes and directories do not outlive %s', async (signal) => {
  let told = '';
  const victim = startRun({
    command: process.execPath,
    args: ['--import', 'tsx', '--input-type=module', '--eval', VICTIM],
    env: process.env,
    timeout: 60_000,
    onOutput: (text) => (told += text),
  });
  await vi.waitFor(() => expect(told).toMatch(/\n$/), 30_000);
  const { path, processes }: { path: string; processes: number[] } = JSON.parse(told);
  expect(existsSync(path)).toBe(true);
  expect(processes.filter(isRunning)).toHaveLength(2);
  victim.kill(signal);
  await victim.finished;
  await vi.waitFor(() => expect([processes.filter(isRunning), existsSync(path)]).toEqual([[], false]), 20_000);
});

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
