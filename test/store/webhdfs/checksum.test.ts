import { describe, expect, it } from 'vitest';
import { parseChecksum } from '../../../src/store/webhdfs/checksum.ts';
import { answer as respond, type Fault, hangUp, refuse } from '../../support/fake-webhdfs.ts';
import { FakeStores, FILE, ROOT, text } from './fake-store.ts';

const answer = (algorithm: string, bytes: string): string =>
  JSON.stringify({ FileChecksum: { algorithm, bytes, length: bytes.length / 2 } });

const MD5 = '15b79efd7f0bbe315cb458fbf98110ed';

it.each([
  ['MD5-of-0MD5-of-512CRC32C', `00000200${'0'.repeat(16)}${MD5}00000000`, 'CRC32C', 512, 0],
  ['MD5-of-2048MD5-of-512CRC32C', `00000200${'0'.repeat(13)}800${MD5}00000000`, 'CRC32C', 512, 2048],
  ['MD5-of-16384MD5-of-4096CRC32', `00001000${'0'.repeat(12)}4000${MD5}`, 'CRC32', 4096, 16_384],
  // An empty file, whose checksum does not depend on the size of its chunks.
  ['MD5-of-0MD5-of-0CRC32', `00000000${'0'.repeat(16)}${MD5}00000000`, 'CRC32C', 512, 0],
])('reads %s', (algorithm, bytes, crc, chunkBytes, chunksPerBlock) => {
  expect(parseChecksum(answer(algorithm, bytes))).toEqual({
    kind: 'md5-of-md5-of-crc',
    crc,
    chunkBytes,
    chunksPerBlock,
    hex: MD5,
  });
});

it.each([
  answer('COMPOSITE-CRC32C', '8a9136aa'),
  answer('MD5-of-0MD5-of-512CRC32C', '00000200'),
  answer('SHA-1', MD5),
  '{}',
])('leaves %s to be read back', (body) => {
  expect(parseChecksum(body)).toBeUndefined();
});

const stores = new FakeStores();

describe('the checksum of a file that was just uploaded', () => {
  const right = respond(200, answer('MD5-of-0MD5-of-512CRC32C', `00000200${'0'.repeat(16)}${MD5}00000000`));

  it('is asked of the DataNode that has it, without the NameNode, once', async () => {
    const store = stores.open();
    await store.put('file', text('bytes'), FILE);
    stores.fake.fail('DataNode', 'GETFILECHECKSUM', right, right);
    expect(await store.checksum('file')).toMatchObject({ hex: MD5 });
    const asked = stores.fake.requests.filter(({ op }) => op === 'GETFILECHECKSUM');
    expect(asked).toMatchObject([{ server: 'DataNode', method: 'GET', path: `${ROOT}/file` }]);
    expect(Object.fromEntries(asked[0]?.query ?? [])).toEqual({
      op: 'GETFILECHECKSUM',
      'user.name': 'alice',
      namenoderpcaddress: 'localhost:8020',
    });
    await store.checksum('file');
    expect(stores.fake.count('NameNode', 'GETFILECHECKSUM')).toBe(1);
  });

  it.each<[string, Fault]>([
    ['refuses', refuse('IOException', 'Operation category READ is not supported in state standby')],
    ['does not know the operation', respond(400, '<html>')],
    ['hangs up', hangUp],
    ['does not answer in JSON', respond(200, '<html>')],
  ])('is asked of the NameNode when that DataNode %s', async (_what, fault) => {
    const store = stores.open();
    await store.put('file', text('bytes'), FILE);
    stores.fake.fail('DataNode', 'GETFILECHECKSUM', fault, right);
    expect(await store.checksum('file')).toMatchObject({ hex: MD5 });
    expect(stores.fake.count('NameNode', 'GETFILECHECKSUM')).toBe(1);
  });

  it('is asked of the NameNode after an upload through a gateway', async () => {
    const store = stores.open();
    stores.fake.fail('NameNode', 'CREATE', (exchange) => {
      const location = stores.fake.location(exchange).replace(/&namenoderpcaddress=[^&]*/, '');
      exchange.response.writeHead(307, { Location: location }).end();
    });
    await store.put('file', text('bytes'), FILE);
    stores.fake.fail('DataNode', 'GETFILECHECKSUM', right);
    await store.checksum('file');
    expect(stores.fake.count('NameNode', 'GETFILECHECKSUM')).toBe(1);
  });

  it('is what HttpFS answers itself, at once', async () => {
    stores.fake.fail('NameNode', 'GETFILECHECKSUM', right);
    expect(await stores.open().checksum('file')).toMatchObject({ hex: MD5 });
    expect(stores.fake.count('DataNode', 'GETFILECHECKSUM')).toBe(0);
  });

  it('is nobody to ask for after an empty file, whose length says it all', async () => {
    const store = stores.open();
    await store.put('file', text(''), FILE);
    stores.fake.fail('DataNode', 'GETFILECHECKSUM', right);
    await store.checksum('file');
    expect(stores.fake.count('NameNode', 'GETFILECHECKSUM')).toBe(1);
  });

  it.each(['encBit', 'ecBit'])('means nothing where the directory says %s', async (bit) => {
    const store = stores.open();
    await store.put('file', text('bytes'), FILE);
    const directory = { accessTime: 0, blockSize: 0, group: 'g', length: 0, modificationTime: 0, owner: 'o' };
    const status = { ...directory, pathSuffix: '', permission: '755', replication: 0, type: 'DIRECTORY', [bit]: true };
    stores.fake.fail('NameNode', 'GETFILESTATUS', respond(200, JSON.stringify({ FileStatus: status })));
    expect(await store.checksum('file')).toBeUndefined();
    expect(stores.fake.count('DataNode', 'GETFILECHECKSUM')).toBe(0);
  });
});

it('a gateway is known by its redirect when it is read from, too', async () => {
  const store = stores.open();
  stores.fake.putFile(`${ROOT}/file`, Buffer.from('bytes'));
  stores.fake.fail('NameNode', 'OPEN', (exchange) => {
    const location = stores.fake.location(exchange).replace(/&namenoderpcaddress=[^&]*/, '');
    exchange.response.writeHead(307, { Location: location }).end();
  });
  expect(store.mostRequests).toBe(Number.POSITIVE_INFINITY);
  for await (const chunk of store.read('file')) expect(String(chunk)).toBe('bytes');
  expect(store.mostRequests).toBe(32);
});
