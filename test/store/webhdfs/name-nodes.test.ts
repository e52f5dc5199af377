import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import type { Store } from '../../../src/store/store.ts';
import { NameNodes } from '../../../src/store/webhdfs/name-nodes.ts';
import { answer, type Fault, hangUp, refuse, reset } from '../../support/fake-webhdfs.ts';
import { freePorts } from '../../support/ports.ts';
import { FakeStores, FILE, ROOT, text } from './fake-store.ts';

const stores = new FakeStores();
const at = (port: number): { host: string; port: number } => ({ host: '127.0.0.1', port });
const standby = refuse('StandbyException', 'Operation category READ is not supported in state standby');

/** A port on loopback where nobody listens. */
async function closedPort(): Promise<number> {
  const [port = 0] = await freePorts(1);
  return port;
}

/** How many connections this process tries to open meanwhile. */
async function countConnections(work: () => Promise<void>): Promise<number> {
  let connections = 0;
  const count = (): void => {
    connections += 1;
  };
  subscribe('net.client.socket', count);
  try {
    await work();
  } finally {
    unsubscribe('net.client.socket', count);
  }
  return connections;
}

describe('NameNodes', () => {
  it('turn once, however many requests fail at the same one', () => {
    const [first, second, third] = [1, 2, 3].map((port) => ({ host: 'nn', port, tls: false }));
    if (first === undefined || second === undefined || third === undefined) throw new Error('three were made');
    const nameNodes = new NameNodes([first, second, third]);
    nameNodes.turnFrom(first);
    nameNodes.turnFrom(first);
    expect(nameNodes.active).toBe(second);
    nameNodes.turnFrom(second);
    nameNodes.turnFrom(third);
    expect(nameNodes.active).toBe(first);
  });
});

describe('the first contact', () => {
  it('tries an address twice and names the usual ports', async () => {
    const port = await closedPort();
    const store = stores.open({ nameNodes: [at(port)] });
    const connections = await countConnections(async () => {
      await expect(store.stat('')).rejects.toMatchObject({
        code: 'STORE_UNREACHABLE',
        exit: 'network',
        message: `Cannot look at webhdfs://127.0.0.1:${port}${ROOT}: nobody answers at 127.0.0.1:${port}: connect ECONNREFUSED 127.0.0.1:${port} (ECONNREFUSED).`,
        hints: expect.arrayContaining([expect.stringMatching(/9870.*50070.*9871.*50470.*14000/)]),
      });
    });
    expect(connections).toBe(2);
  });

  it('tries every address twice', async () => {
    const store = stores.open({ nameNodes: [at(await closedPort()), at(await closedPort())] });
    const connections = await countConnections(async () => {
      await expect(store.stat('')).rejects.toMatchObject({ code: 'STORE_UNREACHABLE' });
    });
    expect(connections).toBe(4);
  });

  it('goes to the NameNode that is there', async () => {
    const { nameNodePort } = stores.other;
    await stores.other.close();
    const store = stores.open({ nameNodes: [at(nameNodePort), at(stores.fake.nameNodePort)] });
    expect(await store.stat('')).toMatchObject({ type: 'directory' });
  });

  it.each<[string, Fault, RegExp]>([
    ['a web server', answer(404, '<html><title>Not here</title></html>'), /404 with HTML \("Not here"\)/],
    [
      'an RPC port',
      answer(404, 'It looks like you are making an HTTP request to a Hadoop IPC port.'),
      /Hadoop IPC port/,
    ],
    ['a page for everything', answer(200, '<html>'), /200 with HTML/],
    ['no HTTP', ({ request }) => void request.socket.end('SSH-2.0-OpenSSH\r\n'), /HPE_/],
  ])('stops at once at %s', async (_name, fault, message) => {
    stores.fake.fail('NameNode', 'GETFILESTATUS', fault);
    const failed = stores.open().stat('');
    await expect(failed).rejects.toMatchObject({ code: 'STORE_NOT_WEBHDFS', exit: 'network' });
    await expect(failed).rejects.toThrow(message);
    expect(stores.fake.requests).toHaveLength(1);
  });

  it('stops when the cluster wants more than a name', async () => {
    stores.fake.fail('NameNode', 'GETFILESTATUS', answer(401, '<html>'));
    await expect(stores.open().stat('')).rejects.toMatchObject({ code: 'STORE_AUTHENTICATION', exit: 'permission' });
  });
});

describe('a NameNode that', () => {
  it('is on standby is left for the other', async () => {
    stores.other.makeDirectories(ROOT);
    stores.fake.fail('NameNode', 'GETFILESTATUS', standby);
    const store = stores.open({ nameNodes: [at(stores.fake.nameNodePort), at(stores.other.nameNodePort)] });
    await store.stat('');
    await store.stat('');
    expect([stores.fake.requests.length, stores.other.requests.length]).toEqual([1, 2]);
  });

  it('is on standby but redirects is found out by the DataNode, and left', async () => {
    stores.other.makeDirectories(ROOT);
    stores.fake.fail('DataNode', 'CREATE', standby);
    const store = stores.open({ nameNodes: [at(stores.fake.nameNodePort), at(stores.other.nameNodePort)] });
    await store.put('file', text('x'), FILE);
    expect(stores.other.file(`${ROOT}/file`)).toEqual(Buffer.from('x'));
  });

  it('is on standby like all others is asked until one is not', async () => {
    stores.fake.fail('NameNode', 'GETFILESTATUS', standby, standby, standby);
    expect(await stores.open().stat('')).toMatchObject({ type: 'directory' });
    expect(stores.fake.requests).toHaveLength(4);
  });

  it.each<[string, Fault]>([
    ['resets the connection', reset],
    ['hangs up', hangUp],
    [
      'sends half an answer',
      ({ response }) => {
        response.writeHead(200, { 'Content-Length': 100 });
        response.write('{"File', () => response.destroy());
      },
    ],
    ['answers 503', answer(503, '', { 'Retry-After': '0' })],
    ['answers with HTML', answer(200, '<html>')],
    ['answers with nothing', answer(200)],
    ['asks for a retry', refuse('RetriableException', 'NameNode still not started')],
  ])('%s is asked again', async (_name, fault) => {
    const store = stores.open();
    await store.stat('');
    stores.fake.fail('NameNode', 'GETFILESTATUS', fault, fault);
    expect(await store.stat('')).toMatchObject({ type: 'directory' });
    expect(stores.fake.requests).toHaveLength(4);
  });

  it('does not answer any more is given up', async () => {
    const store = stores.open();
    await store.stat('');
    stores.fake.fail('NameNode', 'GETFILESTATUS', ...Array.from({ length: 30 }, () => reset));
    await expect(store.stat('')).rejects.toMatchObject({ code: 'STORE_NAMENODE_LOST', exit: 'network' });
    expect(stores.fake.requests).toHaveLength(1 + 16);
  });

  it('is in safe mode is waited for, by all, and the user is told once', async () => {
    const safeMode = refuse('SafeModeException', 'Cannot create directory. Name node is in safe mode.');
    const store = stores.open({
      limits: { budgets: { 'safe-mode': { tries: 20, total: 60_000, pause: 1800, longest: 1800 } } },
    });
    stores.fake.fail('NameNode', 'MKDIRS', ...Array.from({ length: 5 }, () => safeMode));
    await Promise.all(Array.from({ length: 5 }, (_, index) => store.makeDirectory(`d${index}`, 0o755)));
    expect(stores.fake.count('NameNode', 'MKDIRS')).toBe(10);
    expect(stores.notes).toEqual([
      `The NameNode 127.0.0.1:${stores.fake.nameNodePort} is in safe mode; waiting until it leaves it.`,
    ]);
  });

  it('is in safe mode gets no other request either', async () => {
    const pause = { tries: 20, total: 60_000, pause: 1800, longest: 1800 };
    let store: Store | undefined;
    let deleting: Promise<boolean> | undefined;
    const noted = new Promise<void>((resolve) => {
      store = stores.open({ limits: { budgets: { 'safe-mode': pause } }, onWait: () => resolve() });
    });
    stores.fake.fail('NameNode', 'MKDIRS', refuse('SafeModeException', 'Name node is in safe mode.'));
    const making = store?.makeDirectory('', 0o755);
    void noted.then(() => (deleting = store?.delete('x')));
    await noted;
    await sleep(300);
    expect(deleting).toBeDefined();
    expect(stores.fake.count('NameNode', 'DELETE')).toBe(0);
    await making;
    expect(await deleting).toBe(false);
  });

  it('stays in safe mode is an error that says so', async () => {
    const safeMode = refuse('SafeModeException', 'Cannot create directory. Name node is in safe mode.');
    stores.fake.fail('NameNode', 'MKDIRS', ...Array.from({ length: 50 }, () => safeMode));
    await expect(stores.open().makeDirectory('d', 0o755)).rejects.toMatchObject({
      code: 'STORE_SAFE_MODE',
      exit: 'network',
    });
  });
});

describe('reading', () => {
  it('goes on where an answer ended early', async () => {
    const bytes = Buffer.from('0123456789');
    stores.fake.putFile(`${ROOT}/file`, bytes);
    stores.fake.fail(
      'DataNode',
      'OPEN',
      ({ response }) => void response.writeHead(200).end(bytes.subarray(0, 4)),
      ({ response }) => {
        response.writeHead(200, { 'Content-Length': 6 });
        response.write(bytes.subarray(4, 7), () => response.destroy());
      },
    );
    const chunks: Uint8Array[] = [];
    for await (const chunk of stores.open().read('file')) chunks.push(chunk);
    expect(Buffer.concat(chunks)).toEqual(bytes);
    const offsets = stores.fake.requests.filter(({ op, server }) => op === 'OPEN' && server === 'DataNode');
    expect(offsets.map(({ query }) => query.get('offset'))).toEqual(['0', '4', '7']);
  });

  it('never ends early without an error', async () => {
    stores.fake.putFile(`${ROOT}/file`, Buffer.from('0123456789'));
    const short: Fault = ({ response }) => void response.writeHead(200).end();
    stores.fake.fail('DataNode', 'OPEN', ...Array.from({ length: 10 }, () => short));
    const reading = async (): Promise<void> => {
      for await (const chunk of stores.open().read('file')) void chunk;
    };
    await expect(reading()).rejects.toMatchObject({ code: 'STORE_CONNECTION_LOST', exit: 'network' });
  });
});

describe('the end', () => {
  it('comes with the signal’s reason, in the middle of a wait', async () => {
    const ending = new AbortController();
    const reason = new Error('the user pressed Ctrl-C');
    const store = stores.open({
      signal: ending.signal,
      limits: { budgets: { 'back-off': { tries: 9, total: 60_000, pause: 50_000, longest: 50_000 } } },
    });
    stores.fake.fail('NameNode', 'GETFILESTATUS', answer(503));
    const asked = store.stat('');
    setTimeout(() => ending.abort(reason), 50);
    await expect(asked).rejects.toBe(reason);
    await expect(store.stat('')).rejects.toBe(reason);
  });

  it('comes in the middle of a request', async () => {
    const ending = new AbortController();
    const reason = new Error('the user pressed Ctrl-C');
    stores.fake.fail('DataNode', 'CREATE', () => ending.abort(reason));
    await expect(stores.open({ signal: ending.signal }).put('file', text('x'), FILE)).rejects.toBe(reason);
  });

  it('comes with close', async () => {
    const store = stores.open();
    stores.fake.fail('NameNode', 'GETFILESTATUS', () => void store.close());
    await expect(store.stat('')).rejects.toThrow('closed');
  });
});
