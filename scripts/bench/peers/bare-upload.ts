import { createReadStream } from 'node:fs';
import { Agent, type IncomingMessage, request } from 'node:http';
import { join, posix } from 'node:path';
import { text } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import pLimit from 'p-limit';
import { DEFAULT_CONCURRENCY } from '../../../src/publish/pace.ts';
import { encodePath } from '../../../src/store/webhdfs/encode-path.ts';
import { filesOf, sizeOf, USER } from '../environment.ts';
import type { Peer } from './peer.ts';

/**
 * The two requests that a file takes and nothing else, as many at once as our own client makes: no checksum, no retry, no
 * release. What a client that does more can at best come close to.
 */
export const bareUpload: Peer = {
  send: async ({ hdfs, directory }, destination) => {
    const tree = join(directory, 'venv');
    const files = filesOf(tree);
    const nameNode = new Agent({ keepAlive: true });
    const limit = pLimit(DEFAULT_CONCURRENCY);
    const ask = (path: string, query: string): Promise<IncomingMessage> => {
      const target = new URL(`${hdfs.webhdfsUrl}/webhdfs/v1${encodePath(path)}?${query}&user.name=${USER}`);
      return answerTo(target, { agent: nameNode, headers: { 'Content-Length': 0 } });
    };
    try {
      const directories = [...new Set(files.map(({ path }) => posix.dirname(posix.join(destination, path))))];
      await limit.map(directories, async (path) => expectStatus(await ask(path, 'op=MKDIRS&permission=755'), 200));
      await limit.map(files, async ({ path, size }) => {
        const first = await ask(posix.join(destination, path), 'op=CREATE&overwrite=true&permission=644');
        await expectStatus(first, 307);
        const headers = { 'Content-Length': size, 'Content-Type': 'application/octet-stream' };
        const target = new URL(first.headers.location ?? '');
        await expectStatus(await answerTo(target, { agent: false, headers }, join(tree, path)), 201);
      });
    } finally {
      nameNode.destroy();
    }
    return { path: destination, ...sizeOf(tree) };
  },
};

type Options = Readonly<{ agent: Agent | false; headers: Record<string, string | number> }>;

function answerTo(target: URL, options: Options, file?: string): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const outgoing = request(target, { method: 'PUT', ...options });
    outgoing.once('response', resolve).once('error', reject);
    if (file === undefined) outgoing.end();
    else pipeline(createReadStream(file), outgoing).catch(reject);
  });
}

async function expectStatus(answer: IncomingMessage, status: number): Promise<void> {
  const body = await text(answer);
  if (answer.statusCode !== status) throw new Error(`${answer.statusCode} instead of ${status}: ${body}`);
}
