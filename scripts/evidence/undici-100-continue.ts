/**
 * The evidence behind docs/decisions/0001-transport.md: how undici and node:http take the `100 Continue` that a real
 * DataNode sends without being asked. `npx tsx scripts/evidence/undici-100-continue.ts [HADOOP_VERSION]`
 */
import { request as httpRequest } from 'node:http';
import { connect } from 'node:net';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import * as undici from 'undici';
import { type HdfsCluster, startHdfs } from '../../test/support/hadoop/cluster.ts';
import { type Claim, reportClaims } from './claims.ts';

const SMALL = Buffer.from('a file of a wheel\n');
const LARGE = Buffer.alloc(64 << 20, 'a shared library ');
const CONTENT_TYPE = { 'Content-Type': 'application/octet-stream' };

type Put = (url: string, body: Buffer) => Promise<number>;

/** The status, or the reason why there is none. */
async function outcome(put: Put, url: string, body: Buffer): Promise<string> {
  try {
    return `status ${await put(url, body)}`;
  } catch (error) {
    const { cause = error } = error instanceof Error ? error : {};
    return `${String(error)}${cause === error ? '' : ` (${String(cause)})`}`;
  }
}

const putWithNodeHttp: Put = (url, body) =>
  new Promise((resolve, reject) => {
    const headers = { ...CONTENT_TYPE, 'Content-Length': body.length };
    const request = httpRequest(url, { method: 'PUT', headers }, (response) => {
      text(response).then(() => resolve(response.statusCode ?? 0), reject);
    });
    request.once('error', reject).end(body);
  });

const UNDICI: Readonly<Record<string, Put>> = {
  'undici.request': async (url, body) => {
    const headers = { ...CONTENT_TYPE, 'Content-Length': String(body.length) };
    const response = await undici.request(url, { method: 'PUT', headers, body: Readable.from(chunksOf(body)) });
    await response.body.dump();
    return response.statusCode;
  },
  'undici.fetch': async (url, body) => (await undici.fetch(url, { method: 'PUT', headers: CONTENT_TYPE, body })).status,
  "Node's own fetch": async (url, body) => (await fetch(url, { method: 'PUT', headers: CONTENT_TYPE, body })).status,
};

function* chunksOf(body: Buffer): Generator<Buffer> {
  for (let start = 0; start < body.length; start += 65_536) yield body.subarray(start, start + 65_536);
}

/** What comes over the wire, without any client in between. */
function statusLines(url: string): Promise<string[]> {
  const { hostname, port, pathname, search } = new URL(url);
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), hostname);
    const head = [`PUT ${pathname}${search} HTTP/1.1`, `Host: ${hostname}:${port}`, `Content-Length: ${SMALL.length}`];
    socket.write(`${[...head, 'Content-Type: application/octet-stream', 'Connection: close'].join('\r\n')}\r\n\r\n`);
    socket.write(SMALL);
    socket.setTimeout(30_000, () => socket.destroy(new Error('no answer for 30 s')));
    text(socket).then((answer) => resolve(answer.match(/^HTTP\/1\.1 .*$/gm) ?? []), reject);
  });
}

/** Step 1 of CREATE: the NameNode names the DataNode. */
async function dataNodeUrl(hdfs: HdfsCluster, path: string): Promise<string> {
  const query = new URLSearchParams({ op: 'CREATE', overwrite: 'true', 'user.name': 'alice' }).toString();
  const response = await fetch(`${hdfs.webhdfsUrl}/webhdfs/v1${path}?${query}`, { method: 'PUT', redirect: 'manual' });
  const location = response.headers.get('location');
  if (location === null) throw new Error(`Cannot create ${path}: status ${response.status}`);
  return location;
}

/** What a reader sees once the writer has been told how it went. */
async function storedBytes(hdfs: HdfsCluster, path: string): Promise<string> {
  await sleep(1000);
  const { stdout } = await hdfs.fsShell(['-stat', '%b', path]);
  return stdout === '' ? 'no file' : `${stdout} bytes`;
}

async function gatherClaims(hdfs: HdfsCluster): Promise<Claim[]> {
  const raw = await statusLines(await dataNodeUrl(hdfs, '/user/alice/raw'));
  const claims: Claim[] = [
    {
      claim: `a DataNode of Hadoop ${hdfs.version} answers a PUT without "Expect" with 100 Continue first`,
      seen: raw.join(', '),
      holds: raw[0]?.includes(' 100 ') === true && raw[1]?.includes(' 201 ') === true,
    },
  ];
  for (const [size, body] of Object.entries({ small: SMALL, large: LARGE })) {
    const sent = `${body.length} bytes`;
    const plain = await outcome(putWithNodeHttp, await dataNodeUrl(hdfs, `/user/alice/${size}`), body);
    const stored = await storedBytes(hdfs, `/user/alice/${size}`);
    claims.push({
      claim: `node:http delivers ${sent}`,
      seen: `${plain}, in HDFS: ${stored}`,
      holds: plain === 'status 201' && stored === sent,
    });
    for (const [index, [name, put]] of Object.entries(UNDICI).entries()) {
      const path = `/user/alice/${size}-${index}`;
      const seen = await outcome(put, await dataNodeUrl(hdfs, path), body);
      claims.push({
        claim: `${name} fails with ${sent}`,
        seen: `${seen}, in HDFS: ${await storedBytes(hdfs, path)}`,
        holds: seen.includes('bad response'),
      });
    }
  }
  return claims;
}

const version = process.argv[2] ?? '3.4.3';
const hdfs = await startHdfs({ version, dataNodes: 1 });
try {
  console.log(`Node ${process.versions.node}, its own undici ${process.versions['undici']}, Hadoop ${version}`);
  reportClaims(await gatherClaims(hdfs));
} finally {
  await hdfs.stop();
}
