import { createHash } from 'node:crypto';
import { readFileSync, readdirSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { ResolveEvent } from '../../../src/resolve/events.ts';
import { findHostPython } from '../../../src/resolve/pip/host-python.ts';
import { NO_INDEX_OPTIONS } from '../../../src/resolve/pip/index-options.ts';
import { providePip } from '../../../src/resolve/pip/private-pip.ts';
import { resolveWheels } from '../../../src/resolve/resolve-wheels.ts';
import { parseTarget } from '../../../src/target/target.ts';
import { scratchDirectory } from '../../support/scratch.ts';
import { indexWheel, startLocalIndex } from '../../support/local-index.ts';
import { findPython } from '../../support/python.ts';
import { installPip, modernPython, pipWheel, pythonThatRuns } from '../pip-wheels.ts';
import { freshResolveCache } from '../../support/resolve-cache.ts';

const target = parseTarget({ python: '3.9', platform: ['rhel7'] });
const PIP = '26.3';
const FACTORY = 'pip/_internal/resolution/resolvelib/factory.py';
const RECORD = `pip-${PIP}.dist-info/RECORD`;
const events: ResolveEvent[] = [];
const onEvent = (event: ResolveEvent): unknown => events.push(event);

let work: ReturnType<typeof scratchDirectory>;
beforeEach(() => {
  work = scratchDirectory('pip');
  events.length = 0;
});
afterEach(() => {
  vi.unstubAllEnvs();
  work.remove();
});

function stubIndex(url: string): void {
  vi.stubEnv('PIP_CONFIG_FILE', '/dev/null');
  vi.stubEnv('PIP_FIND_LINKS', '');
  vi.stubEnv('PIP_EXTRA_INDEX_URL', '');
  vi.stubEnv('PIP_INDEX_URL', url);
  vi.stubEnv('PIP_RETRIES', '0');
}

describe('providePip', () => {
  it('fetches the pinned pip once, also when several runs want it at the same time', async () => {
    const index = await startLocalIndex([await pipWheel(PIP)]);
    stubIndex(index.url);
    vi.stubEnv('PIP_TARGET', join(work.path, 'elsewhere'));
    vi.stubEnv('PIP_PLATFORM', 'win_amd64');
    const python = await findHostPython(modernPython());
    const options = { python, cacheDirectory: work.path, index: NO_INDEX_OPTIONS, onEvent };
    const both = await Promise.all([providePip(target, options), providePip(target, options)]);
    const expected = { version: PIP, directory: join(work.path, 'pip', PIP) };
    expect(both).toStrictEqual([expected, expected]);
    expect(readdirSync(join(work.path, 'pip'))).toStrictEqual([PIP]);
    index.requests.length = 0;
    expect(await providePip(target, options)).toStrictEqual(expected);
    expect(index.requests).toStrictEqual([]);
    await index.close();
  });

  it.each<[string, (directory: string) => void]>([
    ['a part is gone', (directory) => rmSync(join(directory, 'pip', '_vendor'), { recursive: true })],
    ['a file is empty', (directory) => truncateSync(join(directory, FACTORY), 0)],
    ['a file has other content', (directory) => writeFileSync(join(directory, FACTORY), '1/0\n')],
    ['its list is gone', (directory) => rmSync(join(directory, RECORD))],
    ['its list ends early', (directory) => truncateSync(join(directory, RECORD), 2000)],
    ['its list is empty', (directory) => truncateSync(join(directory, RECORD), 0)],
    ['its code is gone', (directory) => rmSync(join(directory, 'pip'), { recursive: true })],
    [
      'it is empty',
      (directory) => readdirSync(directory).forEach((name) => rmSync(join(directory, name), { recursive: true })),
    ],
  ])('heals a pip in the cache: %s', async (_, damage) => {
    const python = await findHostPython(modernPython());
    const wheel = await pipWheel(PIP);
    writeFileSync(join(work.path, wheel.fileName), wheel.content);
    stubIndex('http://127.0.0.1:9/simple');
    const index = { ...NO_INDEX_OPTIONS, findLinks: [work.path], noIndex: true };
    const options = { python, cacheDirectory: work.path, index, onEvent };
    const { directory } = await providePip(target, options);
    expect(directory).toBe(join(work.path, 'pip', PIP));
    const list = (): string[] =>
      readdirSync(join(work.path, 'pip', PIP), { encoding: 'utf8', recursive: true }).toSorted();
    const before = list();
    damage(join(work.path, 'pip', PIP));
    expect(await providePip(target, options)).toStrictEqual({ version: PIP, directory });
    expect(list()).toStrictEqual(before);
    expect(readFileSync(join(work.path, 'pip', PIP, FACTORY), 'utf8')).toContain('class Factory');
    expect(readdirSync(join(work.path, 'pip'))).toStrictEqual([PIP]);
    expect(events).toStrictEqual([{ type: 'notice', text: `pip ${PIP} in ${directory} is damaged: it is replaced` }]);
    // and it is left alone from then on
    rmSync(join(work.path, wheel.fileName));
    expect(await providePip(target, options)).toStrictEqual({ version: PIP, directory });
  });

  it('refuses another file under the same name', async () => {
    const wheel = indexWheel({ name: 'pip', version: PIP, files: { 'pip/__init__.py': 'evil' } });
    const index = await startLocalIndex([wheel]);
    stubIndex(index.url);
    const python = await findHostPython(modernPython());
    await expect(
      providePip(target, { python, cacheDirectory: work.path, index: NO_INDEX_OPTIONS, onEvent }),
    ).rejects.toMatchObject({
      code: 'RESOLVE_PIP_DIGEST',
      exit: 'integrity',
      message: expect.stringContaining(createHash('sha256').update(wheel.content).digest('hex')),
    });
    expect(readdirSync(join(work.path, 'pip'))).toStrictEqual([]);
    await index.close();
  });

  it('stands in with the host’s own pip when the index cannot be reached, and says so', async () => {
    const python = await findHostPython(await environmentWithPip('26.2'));
    stubIndex('http://user:canary@127.0.0.1:9/simple');
    const options = { python, cacheDirectory: work.path, index: NO_INDEX_OPTIONS, onEvent };
    expect(await providePip(target, options)).toStrictEqual({ version: '26.2', directory: null });
    expect(events.at(-1)).toStrictEqual({
      type: 'notice',
      text: expect.stringMatching(/^pip 26\.2 of .*Cannot fetch pip 26\.3/),
    });
    expect(JSON.stringify(events)).not.toContain('canary');
  });

  it.each([
    ['3.8', '23.9'],
    ['3.8', '26.4'],
    ['3.7', '26.2'],
    ['2.7', '26.2'],
  ])('does not drive a pip that it does not know, for Python %s: %s', async (version, pip) => {
    const python = await findHostPython(await environmentWithPip(pip));
    stubIndex('http://user:canary@127.0.0.1:9/simple');
    const options = { python, cacheDirectory: work.path, index: NO_INDEX_OPTIONS, onEvent };
    const error: unknown = await providePip(parseTarget({ python: version, platform: ['rhel7'] }), options).catch(
      (one: unknown) => one,
    );
    expect(error).toMatchObject({ code: 'RESOLVE_PIP_UNAVAILABLE', exit: 'network' });
    expect(JSON.stringify([error, String(error), events])).not.toContain('canary');
  });

  it('tells that this machine’s Python has no pip', async () => {
    const python = await findHostPython(await environmentWithPip(undefined));
    await expect(
      providePip(target, { python, cacheDirectory: work.path, index: NO_INDEX_OPTIONS, onEvent }),
    ).rejects.toMatchObject({
      code: 'RESOLVE_PIP_UNAVAILABLE',
      exit: 'usage',
      message: expect.stringContaining("No module named 'pip'"),
    });
  });
});

/** An interpreter of its own with the pinned pip in it, under another version. */
async function environmentWithPip(version: string | undefined): Promise<string> {
  const python = await pythonThatRuns(join(work.path, 'environment'), '');
  if (version !== undefined) {
    const { fileName, content } = await pipWheel(PIP);
    writeFileSync(join(work.path, fileName), content);
    await installPip(python, join(work.path, fileName), version);
  }
  return python;
}

// each has another pip, or another way for pip to read metadata
describe.each(['3.8', '3.9', '3.10', '3.13'])('pip on a host with Python %s', (version) => {
  const path = findPython(version);
  it.skipIf(path === undefined)(
    `chooses for the target${path === undefined ? ' (skipped: not on this machine)' : ''}`,
    async () => {
      const cache = await freshResolveCache(path);
      const index = await startLocalIndex([
        indexWheel({
          name: 'app',
          version: '1.0',
          tag: 'py2.py3-none-any',
          requires: ['pyspark[sql]>=3', 'old; python_version < "3.8"', 'py2-only; sys_platform == "linux2"'],
        }),
        indexWheel({ name: 'old', version: '1.0', tag: 'py2.py3-none-any' }),
        indexWheel({ name: 'py2_only', version: '1.0', tag: 'py2-none-any' }),
      ]);
      stubIndex(index.url);
      for (const [python, count] of [
        ['2.7', 3],
        ['3.7', 2],
        ['3.9', 1],
      ] as const) {
        const resolution = await resolveWheels({
          requirements: ['app'],
          target: parseTarget({ python, platform: ['rhel7'] }),
          cacheDirectory: cache.path,
          ...(path === undefined ? {} : { python: path }),
          onProgress: onEvent,
        });
        expect(resolution.wheels).toHaveLength(count);
        expect(resolution.provided).toMatchObject([{ name: 'pyspark', requirements: ['pyspark[sql]>=3'] }]);
      }
      const notices = events.map(({ text }) => text).filter((text) => text.includes('instead of'));
      const expected = { '3.8': '25.0.1', '3.9': '26.0.1' }[version];
      expect([...new Set(notices)]).toStrictEqual(
        expected === undefined ? [] : [`pip ${expected} instead of 26.3: this machine's Python is ${version}`],
      );
      await index.close();
      cache.remove();
    },
    300_000,
  );
});
