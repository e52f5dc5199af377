import { mkdirSync } from 'node:fs';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { NO_INDEX_OPTIONS } from '../../src/resolve/pip/index-options.ts';
import { indexWheel } from '../support/local-index.ts';
import { useResolvePlace, wheelNames } from '../support/resolve-place.ts';

const ANY = 'py2.py3-none-any';
const place = useResolvePlace([
  indexWheel({ name: 'lib', version: '1.0', tag: ANY, requires: ['dep'] }),
  indexWheel({ name: 'dep', version: '1.0', tag: ANY }),
]);
const closers: (() => void)[] = [];
afterEach(() => {
  for (const close of closers.splice(0)) close();
});

/** A second index, which answers in its own way; returns `127.0.0.1:PORT`. */
async function serve(answer: RequestListener): Promise<string> {
  return listen(createServer(answer));
}

/** A proxy that lets nothing through to HTTPS servers, with this status line. */
async function serveProxy(status: string): Promise<string> {
  return listen(createServer().on('connect', (_, socket) => socket.end(`HTTP/1.1 ${status}\r\n\r\n`)));
}

async function listen(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closers.push(() => {
    server.close();
    server.closeAllConnections();
  });
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- it listens on a port
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}

function serveStatus(status: number, type = 'text/html'): Promise<string> {
  return serve((_, response) => response.writeHead(status, { 'content-type': type }).end('<html></html>'));
}

// 3.8 and later is resolved by the newest pip, up to 3.7 by 24.0
describe.each(['3.9.25', '2.7.18'])('for Python %s', (python) => {
  // all that is asked for is on the first index: pip itself would go on without the second one
  it.each([
    ['http://alice:canary@127.0.0.1:9/simple', 'RESOLVE_INDEX_UNREACHABLE', 5],
    ['https://nowhere.invalid/simple', 'RESOLVE_INDEX_UNREACHABLE', 5],
    ['http://alice:canary@example.invalid/simple', 'RESOLVE_INDEX_INSECURE', 2],
    ['ftp://alice:canary@example.invalid/simple', 'RESOLVE_INDEX_URL', 2],
    ['https://alice:a/canary@example.invalid/simple', 'RESOLVE_INDEX_URL', 2],
    ['example.invalid/simple', 'RESOLVE_INDEX_URL', 2],
    ['file:///no/such/mirror/simple', 'RESOLVE_INDEX_URL', 2],
  ])('never goes on without an index: %s', async (url, code, exitCode) => {
    vi.stubEnv('PIP_EXTRA_INDEX_URL', url);
    const error = await place.fail(python, ['lib']);
    expect([error.code, error.exitCode]).toStrictEqual([code, exitCode]);
    expect(error.hints).toHaveLength(1);
    expect(JSON.stringify([error, String(error), place.events])).not.toContain('canary');
  });

  it.each([
    [401, 'RESOLVE_INDEX_REFUSED', 6],
    [407, 'RESOLVE_INDEX_REFUSED', 6],
    [429, 'RESOLVE_INDEX_UNREACHABLE', 5],
    [500, 'RESOLVE_INDEX_UNREACHABLE', 5],
    [503, 'RESOLVE_INDEX_UNREACHABLE', 5],
  ])('never goes on without an index that answers %d', async (status, code, exitCode) => {
    const host = await serveStatus(status);
    vi.stubEnv('PIP_EXTRA_INDEX_URL', `http://${host}/simple`);
    const error = await place.fail(python, ['lib']);
    expect([error.code, error.exitCode]).toStrictEqual([code, exitCode]);
    expect(error.message).toContain(`Cannot reach the package index http://${host}/simple/lib/: `);
    expect(error.message).toContain(String(status));
    expect(error.hints).toHaveLength(1);
  });

  it('never goes on without an index that answers something else', async () => {
    vi.stubEnv('PIP_EXTRA_INDEX_URL', `http://${await serveStatus(200, 'application/pdf')}/simple`);
    expect(await place.fail(python, ['lib'])).toMatchObject({
      code: 'RESOLVE_INDEX_CONTENT',
      exit: 'network',
      message: expect.stringContaining('Content-Type application/pdf'),
      hints: [expect.stringContaining('take it out of')],
    });
  });

  it('never goes on without a page or a directory of --find-links', async () => {
    vi.stubEnv('PIP_FIND_LINKS', 'http://alice:canary@127.0.0.1:9/page.html');
    expect(await place.fail(python, ['lib'])).toMatchObject({ code: 'RESOLVE_INDEX_UNREACHABLE', exit: 'network' });
    for (const [status, code] of [
      [404, 'RESOLVE_INDEX_UNREACHABLE'],
      [403, 'RESOLVE_INDEX_REFUSED'],
    ] as const) {
      vi.stubEnv('PIP_FIND_LINKS', `http://${await serveStatus(status)}/page.html`);
      expect(await place.fail(python, ['lib'])).toMatchObject({
        code,
        message: expect.stringContaining(`: ${status} `),
      });
    }
    vi.stubEnv('PIP_FIND_LINKS', undefined);
    const index = { ...NO_INDEX_OPTIONS, findLinks: ['wheels'] };
    expect(await place.fail(python, ['lib'], { index })).toMatchObject({
      code: 'RESOLVE_INDEX_URL',
      exit: 'usage',
      message: 'Cannot look for packages in wheels: there is no such directory',
    });
    expect(await place.fail(python, [place.write('requirements.txt', '--find-links ./gone', 'lib')])).toMatchObject({
      code: 'RESOLVE_INDEX_URL',
      message: 'Cannot look for packages in ./gone: there is no such directory',
    });
  });

  it('goes on when an index does not have a package, in whatever way it says so', async () => {
    const [missing, gone, forbidden] = [await serveStatus(404), await serveStatus(410), await serveStatus(403)];
    mkdirSync(join(place.path, 'mirror'));
    const urls = [missing, gone, forbidden].map((host) => `http://${host}/simple`);
    vi.stubEnv('PIP_EXTRA_INDEX_URL', [...urls, `file://${place.path}/mirror`].join(' '));
    expect(wheelNames(await place.run(python, ['lib']))).toStrictEqual(['dep 1.0', 'lib 1.0']);
    expect(place.events.filter(({ type }) => type === 'notice').map(({ text }) => text)).toStrictEqual([
      `http://${forbidden}/simple/ refuses to say whether it has lib, dep (403): taken as if it has not`,
    ]);
  });

  it('takes 403 for a refusal when a password was sent and nothing at all can be read', async () => {
    const refusing = await serveStatus(403);
    vi.stubEnv('PIP_EXTRA_INDEX_URL', `http://alice:canary@${refusing}/simple`);
    const error = await place.fail(python, ['lib']);
    expect(error).toMatchObject({ code: 'RESOLVE_INDEX_REFUSED', exit: 'permission' });
    expect(JSON.stringify([error, String(error), place.events])).not.toContain('canary');

    const choosy = await serve((request, response) => {
      response.writeHead(request.url === '/simple/dep/' ? 404 : 403).end();
    });
    vi.stubEnv('PIP_EXTRA_INDEX_URL', `http://alice:canary@${choosy}/simple`);
    expect(wheelNames(await place.run(python, ['lib']))).toStrictEqual(['dep 1.0', 'lib 1.0']);
  });

  it('tells of a proxy that wants another password', async () => {
    const host = await serveProxy('407 Proxy Authentication Required');
    vi.stubEnv('PIP_INDEX_URL', 'https://example.invalid/simple');
    vi.stubEnv('PIP_PROXY', `http://alice:canary@${host}`);
    const error = await place.fail(python, ['lib']);
    expect(error).toMatchObject({
      code: 'RESOLVE_INDEX_REFUSED',
      exit: 'permission',
      message: expect.stringContaining('the proxy does not let it through: '),
      hints: [expect.stringContaining('HTTPS_PROXY')],
    });
    expect(JSON.stringify([error, String(error)])).not.toContain('canary');
  });

  it('tells of a proxy that is not there', async () => {
    // digits that also stand for a status of HTTP are no status
    vi.stubEnv('PIP_INDEX_URL', 'https://example.invalid/407/simple');
    vi.stubEnv('PIP_PROXY', 'http://alice:canary@127.0.0.1:9');
    const error = await place.fail(python, ['lib']);
    expect(error).toMatchObject({
      code: 'RESOLVE_INDEX_PROXY',
      exit: 'network',
      message: expect.stringContaining('the proxy does not let it through: '),
      hints: [expect.stringContaining('HTTPS_PROXY')],
    });
    expect(JSON.stringify([error, String(error)])).not.toContain('canary');
  });

  it.each([
    [401, 'RESOLVE_INDEX_REFUSED', 6],
    [404, 'RESOLVE_FILE_MISSING', 5],
    [500, 'RESOLVE_INDEX_UNREACHABLE', 5],
  ])('tells of a file that the index lists and does not hand out: %d', async (status, code, exitCode) => {
    const lib = indexWheel({ name: 'lib', version: '1.0', tag: ANY });
    const host = await serve((request, response) => {
      const isPage = request.url?.startsWith('/simple/') === true;
      response.writeHead(isPage ? 200 : status, { 'content-type': 'text/html' });
      response.end(`<a href="/${lib.fileName}">${lib.fileName}</a>`);
    });
    vi.stubEnv('PIP_INDEX_URL', `http://alice:canary@${host}/simple`);
    const error = await place.fail(python, ['lib']);
    expect([error.code, error.exitCode]).toStrictEqual([code, exitCode]);
    expect(error.message).toContain(`${host}/${lib.fileName}: `);
    expect(error.message).not.toContain('canary');
    expect(error.hints).toHaveLength(1);
  });

  it.each([`lib @ http://alice:canary@127.0.0.1:9/lib-1.0-${ANY}.whl`, '-r http://alice:canary@127.0.0.1:9/more.txt'])(
    'tells of an address that does not answer: %s',
    async (line) => {
      const error = await place.fail(python, [place.write('requirements.txt', line)]);
      expect(error).toMatchObject({
        code: 'RESOLVE_INDEX_UNREACHABLE',
        exit: 'network',
        message: expect.stringMatching(/^Cannot reach 127\.0\.0\.1:9\/\S+: \[Errno 111\] Connection refused$/),
      });
    },
  );
});
