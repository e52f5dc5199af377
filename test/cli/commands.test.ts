import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { expect, test } from 'vitest';
import { runProgram } from '../../src/cli/program.ts';

async function helpOf(...args: string[]): Promise<string> {
  const [stdout, stderr] = [new PassThrough(), new PassThrough()];
  await runProgram([...args, '--help'], { stdout, stderr, env: {}, signal: new AbortController().signal });
  stdout.end();
  return text(stdout);
}

test('every command of the help is found by its name alone, behind --json, too', async () => {
  const names = [...(await helpOf()).matchAll(/^ {2}([a-z]+) /gm)].flatMap(([, name = '']) =>
    name === 'help' ? [] : [name],
  );
  expect(names).toEqual(expect.arrayContaining(['build', 'lock', 'publish', 'verify']));
  for (const name of names) {
    expect(await helpOf(name)).toContain(`Usage: hdfs-venv ${name}`);
    expect(await helpOf('--json', name)).toContain(`Usage: hdfs-venv ${name}`);
  }
});
