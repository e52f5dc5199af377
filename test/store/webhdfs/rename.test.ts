import { describe, expect, it } from 'vitest';
import { answer, type Fault, hangUp, loseAnswer, refuse, reset } from '../../support/fake-webhdfs.ts';
import { FakeStores, FILE, ROOT, text } from './fake-store.ts';

const stores = new FakeStores();
const FROM = `${ROOT}/staged`;
const TO = `${ROOT}/committed`;

const no: Fault = answer(200, '{"boolean":false}');

describe('renameFile', () => {
  it('asks for a rename that replaces nothing', async () => {
    stores.fake.putFile(FROM, Buffer.from('x'));
    expect(await stores.open().renameFile('staged', 'committed')).toBe('renamed');
    const rename = stores.fake.requests.find(({ op }) => op === 'RENAME');
    expect(rename?.method).toBe('PUT');
    expect(rename?.query.get('renameoptions')).toBe('NONE');
    expect(rename?.query.get('destination')).toBe(TO);
  });

  it.each<[string, Fault]>([
    ['lost', loseAnswer],
    [
      'a 504 of a proxy',
      async (exchange) => {
        await exchange.perform();
        await answer(504)(exchange);
      },
    ],
    [
      'an empty 502',
      async (exchange) => {
        await exchange.perform();
        await answer(502)(exchange);
      },
    ],
  ])('knows its own rename when the answer is %s, and does not repeat it', async (_name, fault) => {
    stores.fake.putFile(FROM, Buffer.from('x'));
    stores.fake.fail('NameNode', 'RENAME', fault);
    expect(await stores.open().renameFile('staged', 'committed')).toBe('renamed');
    expect(stores.fake.count('NameNode', 'RENAME')).toBe(1);
  });

  it.each<[string, Fault]>([
    ['reset', reset],
    ['hang-up', hangUp],
    ['503', answer(503)],
  ])('repeats after a %s when a look shows that nothing moved', async (_name, fault) => {
    stores.fake.putFile(FROM, Buffer.from('x'));
    stores.fake.fail('NameNode', 'RENAME', fault);
    expect(await stores.open().renameFile('staged', 'committed')).toBe('renamed');
    expect(stores.fake.requests.map(({ op }) => op)).toEqual([
      'GETFILESTATUS',
      'RENAME',
      'GETFILESTATUS',
      'GETFILESTATUS',
      'GETFILESTATUS',
      'RENAME',
    ]);
  });

  it('does not take a stranger’s file for its own after a lost answer', async () => {
    stores.fake.putFile(FROM, Buffer.from('x'));
    stores.fake.fail('NameNode', 'RENAME', (exchange) => {
      stores.fake.putFile(TO, Buffer.from('y'));
      return reset(exchange);
    });
    expect(await stores.open().renameFile('staged', 'committed')).toBe('exists');
    expect(stores.fake.file(FROM)).toEqual(Buffer.from('x'));
  });

  it('says missing when its file went elsewhere meanwhile', async () => {
    stores.fake.putFile(FROM, Buffer.from('x'));
    stores.fake.putFile(TO, Buffer.from('y'));
    stores.fake.fail('NameNode', 'RENAME', (exchange) => {
      stores.fake.rename(FROM, `${ROOT}/fenced`);
      return reset(exchange);
    });
    expect(await stores.open().renameFile('staged', 'committed')).toBe('missing');
  });

  it('recognises a rename that took effect only after the look', async () => {
    stores.fake.putFile(FROM, Buffer.from('x'));
    stores.fake.fail('NameNode', 'RENAME', reset, (exchange) => {
      stores.fake.rename(FROM, TO);
      return exchange.proceed();
    });
    expect(await stores.open().renameFile('staged', 'committed')).toBe('renamed');
  });

  it('does not take its own name for free', async () => {
    stores.fake.putFile(FROM, Buffer.from('x'));
    expect(await stores.open().renameFile('staged', 'staged')).toBe('exists');
  });

  it('finds out what {"boolean":false} means', async () => {
    const store = stores.open();
    stores.fake.fail('NameNode', 'RENAME', no, no);
    stores.fake.putFile(FROM, Buffer.from('x'));
    stores.fake.putFile(TO, Buffer.from('y'));
    expect(await store.renameFile('staged', 'committed')).toBe('exists');
    await expect(store.renameFile('staged', 'nowhere/committed')).rejects.toMatchObject({
      code: 'STORE_PARENT_MISSING',
    });
    expect(await store.renameFile('absent', 'committed')).toBe('missing');
  });

  it.each([
    ['IOException', 'Source /a and destination /b must both be directories', 403],
    ['FileAlreadyExistsException', 'rename destination /b already exists', 403],
    ['HadoopException', 'whatever HttpFS says', 500],
  ])('finds out what %s means', async (exception, message, status) => {
    stores.fake.putFile(FROM, Buffer.from('x'));
    stores.fake.makeDirectories(TO);
    stores.fake.fail('NameNode', 'RENAME', refuse(exception, message, status));
    expect(await stores.open().renameFile('staged', 'committed')).toBe('exists');
  });

  it('passes on a refusal that has another reason', async () => {
    stores.fake.putFile(FROM, Buffer.from('x'));
    stores.fake.fail(
      'NameNode',
      'RENAME',
      refuse('AccessControlException', 'Permission denied: user=bob, access=WRITE, inode="/x":a:b:drwxr-xr-x'),
    );
    await expect(stores.open().renameFile('staged', 'committed')).rejects.toMatchObject({ code: 'STORE_PERMISSION' });
  });

  it('looks before it renames where a directory would swallow the file', async () => {
    const store = stores.open();
    stores.fake.fail(
      'NameNode',
      'CREATE',
      ({ response, target }) => {
        response.writeHead(307, { Location: `${target}&data=true` }).end();
      },
      (exchange) => {
        exchange.response.writeContinue();
        stores.fake.putFile(FROM, Buffer.from('x'));
        exchange.request.resume().on('end', () => exchange.response.writeHead(201).end());
      },
    );
    await store.put('staged', text('x'), FILE);
    stores.fake.makeDirectories(TO);
    expect(await store.renameFile('staged', 'committed')).toBe('exists');
    expect(stores.fake.count('NameNode', 'RENAME')).toBe(0);
  });
});

describe('delete', () => {
  it('is not repeated when a look shows that it was done', async () => {
    stores.fake.putFile(FROM, Buffer.from('x'));
    stores.fake.fail('NameNode', 'DELETE', loseAnswer);
    expect(await stores.open().delete('staged')).toBe(true);
    expect(stores.fake.count('NameNode', 'DELETE')).toBe(1);
  });

  it('is repeated when a look shows that it was not', async () => {
    stores.fake.putFile(FROM, Buffer.from('x'));
    stores.fake.fail('NameNode', 'DELETE', reset);
    expect(await stores.open().delete('staged')).toBe(true);
    expect(stores.fake.file(FROM)).toBeUndefined();
    expect(stores.fake.count('NameNode', 'DELETE')).toBe(2);
  });
});
