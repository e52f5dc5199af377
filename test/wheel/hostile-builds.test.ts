import {
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { buildEnvironment } from '../../src/env/build/build-environment.ts';
import { HdfsVenvError } from '../../src/errors/hdfs-venv-error.ts';
import { BUILD_DEFAULTS, temporaryDirectories } from '../support/environment-maker.ts';
import { FILES, type HostileWheel } from '../support/hostile/hostile-wheel.ts';
import { hostileWheels } from '../support/hostile/hostile-wheels.ts';
import { makeWheel, writeWheel } from '../support/wheel-maker.ts';

const newDirectory = temporaryDirectories('hostile-builds');
const WHEEL_NAME = 'risk-1.0-py3-none-any.whl';

/** What a build could reach if it left its directory: neighbours, one of them with a name that begins alike, and links. */
function plantCanaries(base: string): void {
  for (const name of ['env-evil', 'bin', 'risk', 'x.d']) {
    mkdirSync(join(base, name));
    writeFileSync(join(base, name, 'x'), 'canary');
  }
  symlinkSync(join(base, 'bin'), join(base, 'link'));
}

/** Names, kinds, contents and times of everything below `base` but `except`. */
function snapshot(base: string, except: readonly string[], prefix = ''): Record<string, string> {
  const found: Record<string, string> = {};
  for (const name of readdirSync(join(base, prefix))) {
    const path = prefix === '' ? name : `${prefix}/${name}`;
    if (except.includes(path)) continue;
    const local = join(base, path);
    const status = lstatSync(local);
    const content = status.isFile()
      ? readFileSync(local, 'latin1')
      : status.isSymbolicLink()
        ? readlinkSync(local)
        : '';
    found[path] = `${status.mode} ${status.mtimeMs} ${content}`;
    if (status.isDirectory()) Object.assign(found, snapshot(base, except, path));
  }
  return found;
}

function write(directory: string, { wheel, bytes, beside }: HostileWheel): string[] {
  const made = makeWheel({ name: 'risk', version: '1.0', ...wheel });
  const path = join(directory, WHEEL_NAME);
  writeFileSync(path, bytes === undefined ? made : bytes(made));
  return beside === undefined ? [path] : [path, writeWheel(directory, beside)];
}

const all = [...hostileWheels()];
/** Building takes long enough to do it once for each code. */
const firstOfCode = new Set(new Map(all.toReversed().map((one) => [one.code, one])).values());

test.each(all)('$code: $what', async (hostile) => {
  const base = newDirectory();
  mkdirSync(join(base, 'wheels'));
  plantCanaries(base);
  const wheels = write(join(base, 'wheels'), hostile);
  const directory = join(base, 'env');
  mkdirSync(directory);
  const before = snapshot(base, ['env', 'wheels']);

  const options = { ...BUILD_DEFAULTS, directory };
  const error: unknown = await buildEnvironment({ ...options, wheels }).catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(HdfsVenvError);
  expect(error).toMatchObject({ code: hostile.code });
  expect(snapshot(base, ['env', 'wheels'])).toEqual(before);
  expect(readdirSync(directory)).not.toContain('manifest.json');

  if (firstOfCode.has(hostile)) {
    const good = writeWheel(join(base, 'good'), { name: 'risk', version: '1.0', files: FILES });
    const manifest = await buildEnvironment({ ...options, wheels: [good] });
    expect(manifest.files.map(({ path }) => path)).toContain('risk/data.txt');
  }
  rmSync(base, { recursive: true });
});
