import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { HdfsVenvError } from '../../src/errors/hdfs-venv-error.ts';
import { ArchiveFile } from '../../src/wheel/archive-file.ts';
import { readEntry } from '../../src/wheel/entry-content.ts';
import { openWheel } from '../../src/wheel/open-wheel.ts';
import { scratchDirectory } from '../support/scratch.ts';
import { type HostileWheel, REFUSED_WHEN_OPENED, REFUSED_WHEN_READ } from '../support/wheel-cases.ts';
import { makeWheel } from '../support/wheel-maker.ts';

const scratch = scratchDirectory('hostile-wheels');
const directory = scratch.path;
afterAll(() => scratch.remove());

function write({ wheel, bytes }: HostileWheel): string {
  const made = makeWheel({ name: 'risk', version: '1.0', ...wheel });
  const path = join(directory, 'risk-1.0-py3-none-any.whl');
  writeFileSync(path, bytes === undefined ? made : bytes(made));
  return path;
}

async function readAll(path: string): Promise<void> {
  const file = new ArchiveFile(path);
  try {
    for (const entry of openWheel(path).entries) await readEntry(file, entry, () => undefined);
  } finally {
    file.close();
  }
}

function expectRefusal(error: unknown, code: string): void {
  expect(error).toBeInstanceOf(HdfsVenvError);
  expect(error).toMatchObject({ code, exit: 'integrity' });
  const { message } = error as HdfsVenvError;
  expect(message).toContain('risk-1.0-py3-none-any.whl');
  expect(message).toMatch(/^[^\p{C}\p{Zl}\p{Zp}]+$/u);
}

describe('refused before anything is unpacked', () => {
  test.each(REFUSED_WHEN_OPENED)('$code: $what', (hostile) => {
    let caught: unknown;
    try {
      openWheel(write(hostile));
    } catch (error) {
      caught = error;
    }
    expectRefusal(caught, hostile.code);
  });
});

describe('refused while it is read', () => {
  test.each(REFUSED_WHEN_READ)('$code: $what', async (hostile) => {
    const path = write(hostile);
    expect(() => openWheel(path)).not.toThrow();
    expectRefusal(await readAll(path).catch((error: unknown) => error), hostile.code);
  });
});

test('the wheel that all cases start from is accepted', async () => {
  const path = write({ code: '', what: '', wheel: { files: { 'risk/__init__.py': '', 'risk/data.txt': 'x' } } });
  await expect(readAll(path)).resolves.toBeUndefined();
});
