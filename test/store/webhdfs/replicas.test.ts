import { describe, expect, it } from 'vitest';
import { answer, type Fault, loseAnswer, refuse } from '../../support/fake-webhdfs.ts';
import { FakeStores, ROOT } from './fake-store.ts';

const stores = new FakeStores();
const PATH = `${ROOT}/probe`;

/** What a NameNode says of a file of one block. */
const located = (replicas: number): Fault => {
  const locations = Array.from({ length: replicas }, (_, index) => ({ hostName: `dn${index}`, ipAddr: '127.0.0.1' }));
  return answer(200, JSON.stringify({ LocatedBlocks: { fileLength: 1, locatedBlocks: [{ locations }] } }));
};

describe('how many machines would hold a copy', () => {
  it('is what a small file gets, which is removed again', async () => {
    stores.fake.fail('NameNode', 'GET_BLOCK_LOCATIONS', located(10));
    expect(await stores.open().countReplicas('probe', 10)).toBe(10);
    expect(stores.fake.requests.find(({ op }) => op === 'CREATE')?.query.get('replication')).toBe('10');
    expect(stores.fake.count('NameNode', 'GET_BLOCK_LOCATIONS')).toBe(1);
    expect(stores.fake.file(PATH)).toBeUndefined();
  });

  it('is asked once more when not all DataNodes have reported', async () => {
    stores.fake.fail('NameNode', 'GET_BLOCK_LOCATIONS', located(4), located(7));
    expect(await stores.open().countReplicas('probe', 10)).toBe(7);
  });

  it('is asked as HttpFS has it', async () => {
    stores.fake.fail('NameNode', 'CREATE', ({ target, response }) => {
      const location = `http://127.0.0.1:${stores.fake.dataNodePort}${target}&data=true`;
      response.writeHead(307, { Location: location, 'Content-Length': '0' }).end();
    });
    const found = { BlockLocations: { BlockLocation: [{ hosts: ['a', 'b', 'c', 'd', 'e'], length: 1 }] } };
    const said = answer(200, JSON.stringify(found));
    stores.fake.fail('NameNode', 'GETFILEBLOCKLOCATIONS', said, said);
    expect(await stores.open().countReplicas('probe', 10)).toBe(5);
  });

  it.each<[string, Fault]>([
    ['by a server that does not know the question', refuse('IllegalArgumentException', 'Invalid value', 400)],
    ['in an answer that nobody knows', answer(200, '{"LocatedBlocks":null}')],
  ])('is not said %s', async (_name, fault) => {
    stores.fake.fail('NameNode', 'GET_BLOCK_LOCATIONS', fault, fault);
    expect(await stores.open().countReplicas('probe', 10)).toBeUndefined();
    expect(stores.fake.file(PATH)).toBeUndefined();
  });

  it('is not said by a cluster that allows fewer', async () => {
    const message = 'Requested replication factor of 10 exceeds maximum of 5 for /user/alice/env/probe';
    stores.fake.fail('DataNode', 'CREATE', refuse('IOException', message));
    expect(await stores.open().countReplicas('probe', 10)).toBeUndefined();
    expect(stores.fake.count('DataNode', 'CREATE')).toBe(1);
  });

  it('survives a lost answer', async () => {
    stores.fake.fail('NameNode', 'GET_BLOCK_LOCATIONS', loseAnswer, located(10));
    expect(await stores.open().countReplicas('probe', 10)).toBe(10);
  });
});
