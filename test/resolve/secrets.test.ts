import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { indexWheel } from '../support/local-index.ts';
import { freshResolveCache } from '../support/resolve-cache.ts';
import { useResolvePlace } from '../support/resolve-place.ts';
import { runCommandLine } from '../support/run-command-line.ts';

const ANY = 'py2.py3-none-any';
const files = [
  indexWheel({ name: 'lib', version: '1.0', tag: ANY, files: { 'lib.py': '' } }),
  indexWheel({ name: 'other', version: '1.0', tag: ANY, files: { 'other.py': '' } }),
];
const place = useResolvePlace(files);
const PASSWORD = 'canary/#@?';
const ENCODED = encodeURIComponent(PASSWORD);
const AUTHORIZATION = Buffer.from(`alice:${PASSWORD}`).toString('base64');
/** In whatever form the password may turn up. */
const FORMS = ['canary', AUTHORIZATION, AUTHORIZATION.slice(0, 12)];

/** Command lines that held the password while the index was asked. */
const commandLines: string[] = [];
const requests: string[] = [];

/** Says of every answer that it depends on who asks: HTTP caches keep the header then. */
const guarded: RequestListener = (request, response) => {
  requests.push(request.url ?? '');
  commandLines.push(...listProcesses().filter(hasSecret));
  if (request.headers.authorization !== `Basic ${AUTHORIZATION}`) {
    response.writeHead(401, { 'www-authenticate': 'Basic realm="index"' }).end();
    return;
  }
  response.setHeader('vary', 'Authorization');
  response.setHeader('cache-control', 'max-age=600');
  const file = files.find(({ fileName }) => request.url === `/files/${fileName}`);
  if (file !== undefined) response.end(file.content);
  else if (request.url === '/page.html' || request.url === '/simple/lib/') {
    response.writeHead(200, { 'content-type': 'text/html' });
    response.end(files.map(({ fileName }) => `<a href="/files/${fileName}">${fileName}</a>`).join(''));
  } else response.writeHead(404).end();
};
const server = createServer(guarded);
let host: string;
let cache: Awaited<ReturnType<typeof freshResolveCache>>;

beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- it listens on a port
  host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => server.close());
beforeEach(async () => {
  cache = await freshResolveCache();
  commandLines.length = 0;
  requests.length = 0;
  vi.spyOn(process, 'cwd').mockReturnValue(place.path);
  // without it pip caches nothing of http://
  vi.stubEnv('PIP_TRUSTED_HOST', host);
});

afterEach(() => {
  vi.restoreAllMocks();
  cache.remove();
});

function hasSecret(line: string): boolean {
  return FORMS.some((form) => line.includes(form));
}

function listProcesses(): string[] {
  if (!existsSync('/proc/self/cmdline')) return [];
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((pid) => {
      try {
        return readFileSync(`/proc/${pid}/cmdline`, 'latin1');
      } catch {
        return '';
      }
    });
}

/** Names of all files below that hold the password, or whose name does. */
function leaksIn(directory: string): string[] {
  return readdirSync(directory, { recursive: true, withFileTypes: true }).flatMap((entry) => {
    const path = join(entry.parentPath, entry.name);
    if (path.includes('/pip/')) return [];
    return hasSecret(entry.name) || (entry.isFile() && hasSecret(readFileSync(path, 'latin1'))) ? [path] : [];
  });
}

async function build(python: string, ...args: string[]): Promise<{ exitCode: number; output: string }> {
  const words = ['build', ...args, '--python', python, '--platform', 'rhel7', '-o', join(place.path, 'out'), '--json'];
  const { exitCode, stdout, stderr } = await runCommandLine(words, { HDFS_VENV_CACHE: cache.path });
  return { exitCode, output: `${stdout}\n${stderr}` };
}

/** Each says with this user info where `lib` is; returns the arguments of a build. */
const SOURCES: readonly (readonly [string, (userInfo: string) => string[]])[] = [
  [
    'PIP_INDEX_URL',
    (userInfo) => {
      vi.stubEnv('PIP_INDEX_URL', `http://${userInfo}@${host}/simple`);
      return ['lib'];
    },
  ],
  [
    'PIP_EXTRA_INDEX_URL',
    (userInfo) => {
      vi.stubEnv('PIP_EXTRA_INDEX_URL', `http://${userInfo}@${host}/simple`);
      return ['lib'];
    },
  ],
  [
    'PIP_FIND_LINKS',
    (userInfo) => {
      vi.stubEnv('PIP_FIND_LINKS', `http://${userInfo}@${host}/page.html`);
      vi.stubEnv('PIP_NO_INDEX', '1');
      return ['lib'];
    },
  ],
  [
    'pip.conf',
    (userInfo) => {
      writeFileSync(join(place.path, 'pip.conf'), `[global]\nindex-url = http://${userInfo}@${host}/simple\n`);
      vi.stubEnv('PIP_INDEX_URL', undefined);
      vi.stubEnv('PIP_CONFIG_FILE', join(place.path, 'pip.conf'));
      return ['lib'];
    },
  ],
  ['a requirement', (userInfo) => [`lib @ http://${userInfo}@${host}/files/lib-1.0-${ANY}.whl`]],
  [
    'a requirements file',
    (userInfo) => {
      const lines = [
        `--index-url http://${userInfo}@${host}/simple`,
        `--find-links http://${userInfo}@${host}/page.html`,
      ];
      const direct = `other @ http://${userInfo}@${host}/files/other-1.0-${ANY}.whl`;
      return ['-r', place.write('requirements.txt', ...lines, 'lib', direct)];
    },
  ],
];

// 3.8 and later is resolved by the newest pip, up to 3.7 by 24.0
describe.each(['3.9.25', '2.7.18'])('for Python %s', (python) => {
  it.each(SOURCES)('a password in %s stays there', async (_, prepare) => {
    const args = prepare(`alice:${ENCODED}`);
    const { exitCode, output } = await build(python, ...args);
    expect(`${exitCode} ${output}`).toMatch(/^0 /);
    expect(requests.length).toBeGreaterThan(0);
    expect(FORMS.filter((form) => output.includes(form))).toStrictEqual([]);
    expect(leaksIn(cache.path)).toStrictEqual([]);
    expect(leaksIn(join(place.path, 'out'))).toStrictEqual([]);
    expect(commandLines).toStrictEqual([]);
  });

  it.each(SOURCES)('a wrong password in %s stays there, too', async (_, prepare) => {
    const args = prepare('alice:wrong-canary');
    const { exitCode, output } = await build(python, ...args);
    expect(`${exitCode} ${output}`).toMatch(/^6 [\s\S]*RESOLVE_INDEX_REFUSED/);
    expect(FORMS.filter((form) => output.includes(form))).toStrictEqual([]);
    expect(leaksIn(cache.path)).toStrictEqual([]);
    expect(commandLines).toStrictEqual([]);
  });
});
