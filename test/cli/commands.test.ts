import { expect, test } from 'vitest';
import { runCommandLine } from '../support/run-command-line.ts';

async function helpOf(...args: string[]): Promise<string> {
  return (await runCommandLine([...args, '--help'])).stdout;
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
