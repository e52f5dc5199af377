import { describe, expect, it } from 'vitest';
import { answer, type Fault, hangUp, loseAnswer, refuse, reset } from '../../support/fake-webhdfs.ts';
import { FakeStores, FILE, large, ROOT, text } from './fake-store.ts';

const stores = new FakeStores();
const PATH = `${ROOT}/file`;

/** Takes a part of the body, then ends it this way. */
const afterSome =
  (bytes: number, end: Fault): Fault =>
  async (exchange) => {
    exchange.response.writeContinue();
    let taken = 0;
    for await (const chunk of exchange.request) {
      taken += Buffer.byteLength(chunk as Buffer);
      if (taken >= bytes) break;
    }
    await end(exchange);
  };

describe('an upload', () => {
  it('asks for permission, overwriting, no parents, as the user, at both servers', async () => {
    await stores.open().put('file', text('bytes'), { mode: 0o755 });
    const creates = stores.fake.requests.filter(({ op }) => op === 'CREATE');
    expect(creates.map(({ server, method, path }) => ({ server, method, path }))).toEqual([
      { server: 'NameNode', method: 'PUT', path: PATH },
      { server: 'DataNode', method: 'PUT', path: PATH },
    ]);
    for (const { query } of creates) {
      expect(Object.fromEntries(query)).toMatchObject({
        overwrite: 'true',
        createparent: 'false',
        permission: '755',
        'user.name': 'alice',
      });
    }
    expect(creates[1]?.headers).toMatchObject({
      'content-type': 'application/octet-stream',
      'content-length': '5',
      expect: '100-continue',
    });
    expect(stores.fake.file(PATH)).toEqual(Buffer.from('bytes'));
  });

  it('asks for replicas when it is told how many', async () => {
    const store = stores.open();
    await store.put('default', text('x'), FILE);
    await store.put('file', text('x'), { ...FILE, replication: 7 });
    const asked = stores.fake.requests.filter(({ op }) => op === 'CREATE').map(({ query }) => query.get('replication'));
    expect(asked).toEqual([null, null, '7', '7']);
  });

  it.each([
    ['64 MiB: whatever the cluster has', 2 ** 26, null],
    ['one byte more: all of it, in whole chunks', 2 ** 26 + 1, String(2 ** 26 + 512)],
    ['as much as a block may hold', 2 ** 31 - 512, String(2 ** 31 - 512)],
    ['more than that', 2 ** 31 - 511, null],
  ])('makes one block of %s', async (_name, size, blockSize) => {
    stores.fake.fail('NameNode', 'CREATE', refuse('AccessControlException', 'enough was seen'));
    const content = { ...text(''), size };
    await expect(stores.open().put('file', content, FILE)).rejects.toMatchObject({ code: 'STORE_PERMISSION' });
    expect(stores.fake.requests[0]?.query.get('blocksize')).toBe(blockSize);
  });

  it.each<[string, Fault, number]>([
    ['a reset', reset, 1],
    ['503', answer(503), 1],
    ['a server that is too busy', refuse('RetriableException', 'later'), 1],
    ['a held lease', refuse('AlreadyBeingCreatedException', 'Failed to CREATE_FILE'), 0],
  ])('tells of %s, if less at once may help', async (_name, fault, expected) => {
    let strains = 0;
    stores.fake.fail('DataNode', 'CREATE', fault);
    await stores.open().put('file', text('x'), { ...FILE, onStrain: () => (strains += 1) });
    expect(strains).toBe(expected);
  });

  it.each<[string, Fault]>([
    ['503', answer(503)],
    ['502 with HTML', answer(502, '<html><title>Bad Gateway</title></html>')],
    ['504', answer(504)],
    ['429', answer(429)],
    ['200 instead of 201', answer(200)],
    ['204', answer(204)],
    ['a hang-up before the body', hangUp],
    ['a reset before the body', reset],
    ['a reset in the body', afterSome(100_000, reset)],
    ['a hang-up in the body', afterSome(100_000, hangUp)],
    ['a reset after the body', loseAnswer],
    ['an IOException in the body', afterSome(100_000, refuse('IOException', 'Bad connect ack'))],
    ['a standby NameNode behind the DataNode', refuse('StandbyException', 'not supported in state standby')],
    ['a NameNode that restarts behind the DataNode', refuse('EOFException', 'End of File Exception')],
    ['a held lease', refuse('AlreadyBeingCreatedException', 'Failed to CREATE_FILE')],
    [
      'no DataNode for the block',
      refuse('IOException', 'File /x could only be written to 0 of the 1 minReplication nodes'),
    ],
  ])('is sent again as a whole after %s', async (_name, fault) => {
    let progress = 0;
    stores.fake.fail('DataNode', 'CREATE', fault, fault);
    await stores.open().put('file', large(20), { mode: 0o644, onProgress: (bytes) => (progress += bytes) });
    expect(stores.fake.count('DataNode', 'CREATE')).toBe(3);
    expect(stores.fake.count('NameNode', 'CREATE')).toBe(3);
    expect(stores.fake.file(PATH)).toHaveLength(20 * 65_536);
    expect(progress).toBe(20 * 65_536);
  });

  it('is given up after five tries more, and says with whom', async () => {
    stores.fake.fail('DataNode', 'CREATE', reset, reset, reset, reset, reset, reset, reset);
    await expect(stores.open().put('file', text('x'), FILE)).rejects.toMatchObject({
      code: 'STORE_CONNECTION_LOST',
      exit: 'network',
      message: expect.stringContaining(`127.0.0.1:${stores.fake.dataNodePort}`),
    });
    expect(stores.fake.count('DataNode', 'CREATE')).toBe(6);
  });

  it('does not stand still with a server that does', async () => {
    stores.fake.honoursExclusion = true;
    stores.fake.fail('DataNode', 'CREATE', () => {});
    await stores.open({ limits: { stall: 200, continue: 20 } }).put('file', large(300), FILE);
    expect(stores.fake.count('DataNode', 'CREATE')).toBe(2);
    // It was excluded, and asked again because there is no other.
    expect(stores.fake.count('NameNode', 'CREATE')).toBe(3);
    expect(stores.fake.file(PATH)).toHaveLength(300 * 65_536);
  });

  it('sends the body without `100 Continue` when none comes', async () => {
    stores.fake.fail('DataNode', 'CREATE', async ({ request, response }) => {
      let size = 0;
      for await (const chunk of request) size += Buffer.byteLength(chunk as Buffer);
      response.writeHead(size === 5 ? 201 : 400).end();
    });
    await stores.open({ limits: { continue: 10 } }).put('file', text('bytes'), FILE);
    expect(stores.fake.count('DataNode', 'CREATE')).toBe(1);
  });

  it('sends no byte that the server has refused already', async () => {
    let opened = 0;
    stores.fake.fail(
      'DataNode',
      'CREATE',
      refuse(
        'AccessControlException',
        'Permission denied: user=alice, access=WRITE, inode="/user":hdfs:supergroup:drwxr-xr-x',
      ),
    );
    const content = {
      size: 5,
      async *open() {
        opened += 1;
        yield Buffer.from('bytes');
      },
    };
    await expect(stores.open().put('file', content, FILE)).rejects.toMatchObject({
      code: 'STORE_PERMISSION',
      exit: 'permission',
      message: `Cannot write webhdfs://127.0.0.1:${stores.fake.nameNodePort}${PATH}: user alice needs WRITE permission on /user, which belongs to hdfs:supergroup with mode drwxr-xr-x.`,
    });
    expect(opened).toBe(0);
  });

  it('reads why it was ended in the middle', async () => {
    const quota =
      'The DiskSpace quota of /q is exceeded: quota = 1048576 B = 1 MB but diskspace consumed = 16777216 B = 16 MB';
    stores.fake.fail('DataNode', 'CREATE', afterSome(100_000, refuse('DSQuotaExceededException', quota)));
    await expect(stores.open().put('file', large(500), FILE)).rejects.toMatchObject({
      code: 'STORE_QUOTA',
      exit: 'conflict',
      message: expect.stringMatching(/quota of \/q is 1048576 bytes.*needs 16777216/),
    });
  });

  it('takes 201 even when the rest of its head cannot be read', async () => {
    stores.fake.fail('DataNode', 'CREATE', async (exchange) => {
      exchange.response.writeContinue();
      for await (const chunk of exchange.request) void chunk;
      exchange.request.socket.end('HTTP/1.1 201 Created\r\nLocation: hdfs://nn/\x08x\ny\r\nContent-Length: 0\r\n\r\n');
    });
    await stores.open().put('file', text('bytes'), FILE);
    expect(stores.fake.count('DataNode', 'CREATE')).toBe(1);
  });

  it('stops when somebody else took the file', async () => {
    stores.fake.fail('DataNode', 'CREATE', refuse('LeaseExpiredException', 'No lease on /x: File does not exist.'));
    await expect(stores.open().put('file', text('x'), FILE)).rejects.toMatchObject({
      code: 'STORE_PATH_TAKEN',
      exit: 'conflict',
    });
    expect(stores.fake.count('DataNode', 'CREATE')).toBe(1);
  });

  it('goes on when it was an earlier try of its own', async () => {
    stores.fake.fail('DataNode', 'CREATE', reset, refuse('LeaseExpiredException', 'No lease on /x'));
    await stores.open().put('file', text('x'), FILE);
    expect(stores.fake.count('DataNode', 'CREATE')).toBe(3);
  });

  it('runs many at once', async () => {
    const store = stores.open();
    const waiting: (() => void)[] = [];
    // Nobody is answered before the last one has come.
    const hold: Fault = async (exchange) => {
      await new Promise<void>((resolve) => {
        waiting.push(resolve);
        if (waiting.length === 128) for (const release of waiting) release();
      });
      await exchange.proceed();
    };
    stores.fake.fail('DataNode', 'CREATE', ...Array.from({ length: 128 }, () => hold));
    await Promise.all(Array.from({ length: 128 }, (_, index) => store.put(`file-${index}`, text('x'), FILE)));
    expect(waiting).toHaveLength(128);
  });
});
