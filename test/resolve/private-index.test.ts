import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, request as httpRequest, type RequestListener } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { type AddressInfo, connect, type Server } from 'node:net';
import { delimiter, join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { readIndexOptions } from '../../src/resolve/pip/index-options.ts';
import { indexWheel } from '../support/local-index.ts';
import { scratchDirectory } from '../support/scratch.ts';
import { useResolvePlace, wheelNames } from '../support/resolve-place.ts';

const hasOpenssl = spawnSync('openssl', ['version']).status === 0;
const lib = indexWheel({ name: 'lib', version: '1.0', tag: 'py2.py3-none-any' });
const place = useResolvePlace([lib]);
const PASSWORD = 'can@ry';
const servers: Server[] = [];
let keys: ReturnType<typeof scratchDirectory>;

beforeAll(() => {
  keys = scratchDirectory('keys');
  if (hasOpenssl) makeCertificates(keys.path);
});
afterAll(() => keys?.remove());
beforeEach(() => {
  // what the machine trusts by its environment
  for (const name of ['REQUESTS_CA_BUNDLE', 'CURL_CA_BUNDLE', 'SSL_CERT_FILE']) vi.stubEnv(name, undefined);
});
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

/** An authority of our own, and a certificate of it for `localhost`. */
function makeCertificates(directory: string): void {
  const openssl = (...args: string[]): void => {
    execFileSync('openssl', args, { cwd: directory, stdio: 'ignore' });
  };
  const key = (name: string): string[] => ['-newkey', 'rsa:2048', '-nodes', '-keyout', `${name}.key`];
  openssl('req', '-x509', ...key('ca'), '-out', 'ca.pem', '-days', '1', '-subj', '/CN=An authority');
  openssl('req', ...key('host'), '-out', 'host.csr', '-subj', '/CN=localhost');
  writeFileSync(join(directory, 'names'), 'subjectAltName=DNS:localhost\n');
  const signed = ['-CA', 'ca.pem', '-CAkey', 'ca.key', '-CAcreateserial', '-extfile', 'names', '-days', '1'];
  openssl('x509', '-req', '-in', 'host.csr', ...signed, '-out', 'host.pem');
}

async function listen(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  servers.push(server);
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- it listens on a port
  return (server.address() as AddressInfo).port;
}

/** The index, for those who know the password. */
const guarded: RequestListener = (request, response) => {
  const expected = `Basic ${Buffer.from(`alice:${PASSWORD}`).toString('base64')}`;
  if (request.headers.authorization !== expected) {
    response.writeHead(401, { 'www-authenticate': 'Basic realm="index"' }).end();
  } else if (request.url === '/simple/lib/') {
    response.writeHead(200, { 'content-type': 'text/html' });
    response.end(`<a href="../../files/${lib.fileName}">${lib.fileName}</a>`);
  } else if (request.url === `/files/${lib.fileName}`) {
    response.end(lib.content);
  } else {
    response.writeHead(404).end();
  }
};

/** A port of this machine that has the index behind TLS. */
function startTlsIndex(): Promise<number> {
  const [key, cert] = ['host.key', 'host.pem'].map((name) => readFileSync(join(keys.path, name)));
  return listen(createTlsServer({ key, cert }, guarded));
}

/** A proxy that wants the same password; what it was asked for goes to `asked`. */
function startProxy(asked: string[]): Promise<number> {
  const isAllowed = (request: IncomingMessage): boolean => {
    asked.push(`${request.method} ${request.url}`);
    return request.headers['proxy-authorization'] === `Basic ${Buffer.from(`bob:${PASSWORD}`).toString('base64')}`;
  };
  const server = createServer((request, response) => {
    if (!isAllowed(request)) {
      response.writeHead(407).end();
      return;
    }
    const upstream = httpRequest(request.url ?? '', { headers: request.headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 500, answer.headers);
      answer.pipe(response);
    });
    request.pipe(upstream);
  });
  server.on('connect', (request, socket) => {
    if (!isAllowed(request)) {
      socket.end('HTTP/1.1 407 Proxy Authentication Required\r\n\r\n');
      return;
    }
    const [host = '', port] = (request.url ?? '').split(':');
    const upstream = connect(Number(port), host === 'localhost' ? '127.0.0.1' : host, () => {
      socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
      upstream.pipe(socket).pipe(upstream);
    });
    upstream.on('error', () => socket.destroy());
    socket.on('error', () => upstream.destroy());
  });
  return listen(server);
}

// 3.8 and later is resolved by the newest pip, up to 3.7 by 24.0
describe.each(['3.9.25', '2.7.18'])('a private index, for Python %s', (python) => {
  it.skipIf(!hasOpenssl)('has a certificate of an authority that PIP_CERT names', async () => {
    vi.stubEnv(
      'PIP_INDEX_URL',
      `https://alice:${encodeURIComponent(PASSWORD)}@localhost:${await startTlsIndex()}/simple`,
    );
    expect(await place.fail(python, ['lib'])).toMatchObject({
      code: 'RESOLVE_INDEX_CERTIFICATE',
      exit: 'network',
      message: expect.stringContaining('CERTIFICATE_VERIFY_FAILED'),
      hints: [expect.stringContaining('PIP_CERT')],
    });
    vi.stubEnv('PIP_CERT', join(keys.path, 'ca.pem'));
    expect(wheelNames(await place.run(python, ['lib']))).toStrictEqual(['lib 1.0']);
  });

  it.skipIf(!hasOpenssl)('is set up in pip.conf, and reached through a proxy', async () => {
    const [port, asked] = [await startTlsIndex(), new Array<string>()];
    const proxy = await startProxy(asked);
    const config = place.write(
      'pip.conf',
      '[global]',
      `index-url = https://alice:${encodeURIComponent(PASSWORD)}@localhost:${port}/simple`,
      `cert = ${join(keys.path, 'ca.pem')}`,
      `proxy = http://bob:${encodeURIComponent(PASSWORD)}@127.0.0.1:${proxy}`,
    );
    vi.stubEnv('PIP_INDEX_URL', undefined);
    vi.stubEnv('PIP_CONFIG_FILE', join(place.path, config));
    expect(wheelNames(await place.run(python, ['lib']))).toStrictEqual(['lib 1.0']);
    expect(new Set(asked)).toStrictEqual(new Set([`CONNECT localhost:${port}`]));
  });

  it.each(['HTTP_PROXY', 'PIP_PROXY'])(
    'is reached through the proxy of %s, which may want a password',
    async (name) => {
      const [port, asked] = [await listen(createServer(guarded)), new Array<string>()];
      const proxy = await startProxy(asked);
      vi.stubEnv('PIP_INDEX_URL', `http://alice:${encodeURIComponent(PASSWORD)}@127.0.0.1:${port}/simple`);
      vi.stubEnv(name, `http://bob:wrong-canary@127.0.0.1:${proxy}`);
      const error = await place.fail(python, ['lib']);
      expect(error).toMatchObject({
        code: 'RESOLVE_INDEX_REFUSED',
        exit: 'permission',
        hints: [expect.stringContaining('The proxy wants')],
      });
      expect(JSON.stringify([error, String(error)])).not.toContain('canary');
      vi.stubEnv(name, `http://bob:${encodeURIComponent(PASSWORD)}@127.0.0.1:${proxy}`);
      expect(wheelNames(await place.run(python, ['lib']))).toStrictEqual(['lib 1.0']);
      expect(asked).toContain(`GET http://127.0.0.1:${port}/simple/lib/`);
    },
  );

  it('has its password in netrc, and its address in a flag', async () => {
    const port = await listen(createServer(guarded));
    const index = readIndexOptions({ indexUrl: `http://127.0.0.1:${port}/simple` });
    expect(await place.fail(python, ['lib'], { index })).toMatchObject({
      code: 'RESOLVE_INDEX_REFUSED',
      exit: 'permission',
      message: `Cannot reach the package index http://127.0.0.1:${port}/simple/lib/: 401 Client Error: Unauthorized`,
      hints: [expect.stringContaining('~/.netrc')],
    });
    const netrc = place.write('netrc', `machine 127.0.0.1 login alice password ${PASSWORD}`);
    chmodSync(join(place.path, netrc), 0o600);
    vi.stubEnv('NETRC', join(place.path, netrc));
    expect(wheelNames(await place.run(python, ['lib'], { index }))).toStrictEqual(['lib 1.0']);
  });

  it('has its password in a keyring', async () => {
    const port = await listen(createServer(guarded));
    // the newest pip asks for user and password together
    const keyring = place.write(
      'bin/keyring',
      '#!/bin/sh',
      'case "$*" in',
      `"--mode=creds --output=json get http"*) echo '{"username": "alice", "password": "${PASSWORD}"}' ;;`,
      `"get "*" alice") echo '${PASSWORD}' ;;`,
      '*) exit 1 ;;',
      'esac',
    );
    chmodSync(join(place.path, keyring), 0o755);
    vi.stubEnv('PATH', [join(place.path, 'bin'), process.env['PATH']].join(delimiter));
    vi.stubEnv('PIP_KEYRING_PROVIDER', 'subprocess');
    vi.stubEnv('PIP_INDEX_URL', `http://alice@127.0.0.1:${port}/simple`);
    expect(wheelNames(await place.run(python, ['lib']))).toStrictEqual(['lib 1.0']);
  });
});
