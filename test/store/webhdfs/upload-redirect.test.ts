import { describe, expect, it } from 'vitest';
import type { Fault } from '../../support/fake-webhdfs.ts';
import { FakeStores, FILE, ROOT, text } from './fake-store.ts';

const stores = new FakeStores();

/** What the NameNode says of where the bytes go: `redirect.test.ts` has how a `Location` is read. */
describe('an upload, by its redirect', () => {
  it('sends the name that was meant to the DataNode, whatever the NameNode makes of it', async () => {
    const name = 'Gru\u0308ße + 100%';
    stores.fake.fail('NameNode', 'CREATE', (exchange) => {
      const location = stores.fake.location(exchange).replace('Gru%CC%88', 'Gr%C3%BC').replace('%2B', '+');
      exchange.response.writeHead(307, { Location: location }).end();
    });
    await stores.open().put(name, text('x'), FILE);
    expect(stores.fake.requests.at(-1)).toMatchObject({ server: 'DataNode', path: `${ROOT}/${name}` });
  });

  it('excludes a DataNode that cannot be reached, by its IP address', async () => {
    const nobody = stores.other.dataNodePort;
    await stores.other.close();
    stores.fake.fail('NameNode', 'CREATE', (exchange) => {
      const location = stores.fake.location(exchange).replace(`:${stores.fake.dataNodePort}/`, `:${nobody}/`);
      exchange.response.writeHead(307, { Location: location }).end();
    });
    await stores.open().put('file', text('x'), FILE);
    const [first, second] = stores.fake.requests.filter(({ server }) => server === 'NameNode');
    expect(first?.query.get('excludedatanodes')).toBeNull();
    expect(second?.query.get('excludedatanodes')).toBe('127.0.0.1');
  });

  it('waits for another DataNode when the NameNode goes on naming a dead one', async () => {
    const nobody = stores.other.dataNodePort;
    await stores.other.close();
    const dead: Fault = (exchange) => {
      const location = stores.fake.location(exchange).replace(`:${stores.fake.dataNodePort}/`, `:${nobody}/`);
      exchange.response.writeHead(307, { Location: location }).end();
    };
    stores.fake.fail('NameNode', 'CREATE', ...Array.from({ length: 10 }, () => dead));
    await stores.open().put('file', text('x'), FILE);
    expect(stores.fake.count('NameNode', 'CREATE')).toBe(11);
  });

  it('explains at once that DataNodes have names which do not resolve here', async () => {
    const unknown: Fault = (exchange) => {
      const location = stores.fake.location(exchange).replace('127.0.0.1', 'datanode.example.invalid');
      exchange.response.writeHead(307, { Location: location }).end();
    };
    stores.fake.fail('NameNode', 'CREATE', ...Array.from({ length: 10 }, () => unknown));
    await expect(stores.open().put('file', text('x'), FILE)).rejects.toMatchObject({
      code: 'STORE_DATANODE_UNREACHABLE',
      exit: 'network',
      message: expect.stringContaining('datanode.example.invalid'),
      hints: expect.arrayContaining([expect.stringContaining('cannot resolve')]),
    });
    expect(stores.fake.count('NameNode', 'CREATE')).toBe(5);
  });

  it('knows HttpFS by its redirect to itself', async () => {
    const store = stores.open();
    expect(store.hasExactDirectoryRename).toBe(true);
    expect(store.mostRequests).toBe(Number.POSITIVE_INFINITY);
    stores.fake.fail(
      'NameNode',
      'CREATE',
      ({ response, target }) => {
        response.writeHead(307, { Location: `${target}&data=true` }).end();
      },
      async ({ request, response }) => {
        response.writeContinue();
        for await (const chunk of request) void chunk;
        response.writeHead(201).end();
      },
    );
    await store.put('file', text('x'), FILE);
    expect(store.hasExactDirectoryRename).toBe(false);
    expect(store.mostRequests).toBe(32);
  });

  it('is not sent into a redirect that leads elsewhere', async () => {
    stores.fake.fail('NameNode', 'CREATE', ({ response }) => {
      response.writeHead(307, { Location: 'http://user@127.0.0.1/webhdfs/v1/user/alice/env/file' }).end();
    });
    await expect(stores.open().put('file', text('x'), FILE)).rejects.toMatchObject({
      code: 'STORE_REDIRECT_REFUSED',
      exit: 'network',
    });
  });

  it('looks for the parent itself where the server drops createparent', async () => {
    stores.fake.keepsCreateParent = false;
    const store = stores.open();
    await store.put('file', text('x'), FILE);
    await expect(store.put('gone/file', text('x'), FILE)).rejects.toMatchObject({
      code: 'STORE_PARENT_MISSING',
      exit: 'conflict',
    });
    expect(stores.fake.count('DataNode', 'CREATE')).toBe(1);
  });
});
