import { describe, expect, it } from 'vitest';
import { DataNodes, isLocalAddress } from '../../../src/store/webhdfs/data-nodes.ts';
import { readRedirect, redirectFor } from '../../../src/store/webhdfs/redirect.ts';

const nameNode = { host: 'nn1', port: 9870, tls: false };
const read = (location: string | undefined, path = '/user/alice/a', from = nameNode): ReturnType<typeof readRedirect> =>
  readRedirect(location, from, 'PUT', path);

describe('readRedirect', () => {
  it('keeps all but the rendering of the path', () => {
    const location =
      'http://dn7:9864/webhdfs/v1/user/alice/%C3%A9?op=CREATE&delegation=abc&namenoderpcaddress=nn1:8020&createparent=false';
    expect(read(location, '/user/alice/e\u0301')).toEqual({
      endpoint: { host: 'dn7', port: 9864, tls: false },
      target: '/webhdfs/v1/user/alice/e%CC%81?op=CREATE&delegation=abc&namenoderpcaddress=nn1:8020&createparent=false',
      isDataNode: true,
      keepsCreateParent: true,
    });
  });

  it.each([
    ['to itself', 'http://nn1:9870/webhdfs/v1/user/alice/a?data=true'],
    ['to itself by another name', 'http://NN1.example.invalid:9870/webhdfs/v1/user/alice/a?op=CREATE&data=true'],
    ['to itself without an address', '/webhdfs/v1/user/alice/a?data=true'],
    ['into a gateway', 'https://knox:8443/gateway/t/webhdfs/data/v1/webhdfs/v1/user/alice/a?_=AAAACAAA'],
  ])('takes a server that sends %s for no DataNode', (_name, location) => {
    expect(read(location)).toMatchObject({ isDataNode: false });
  });

  it('does not repeat the query of what it refuses: a token may be in it', () => {
    const location = 'http://alice@dn7:9864/webhdfs/v1/user/alice/a?op=CREATE&delegation=CANARY';
    expect(() => read(location)).toThrow(/dn7:9864\/webhdfs\/v1\/user\/alice\/a\?…/);
    expect(() => read(location)).not.toThrow(/CANARY/);
  });

  it('sees a server that drops createparent', () => {
    expect(read('http://dn7:50075/webhdfs/v1/user/alice/a?op=CREATE')).toMatchObject({ keepsCreateParent: false });
  });

  it('serves another operation on the same file with what says who asks and where the NameNode is', () => {
    const query =
      'op=CREATE&user.name=al%26ice&delegation=abc&namenoderpcaddress=nn1:8020&createflag=&createparent=false&overwrite=true&permission=644';
    const redirect = read(`http://dn7:9864/webhdfs/v1/user/alice/a?${query}`);
    expect(redirectFor('GETFILECHECKSUM', redirect)).toEqual({
      ...redirect,
      target:
        '/webhdfs/v1/user/alice/a?op=GETFILECHECKSUM&user.name=al%26ice&delegation=abc&namenoderpcaddress=nn1:8020',
    });
  });

  it('reads IPv6 addresses and default ports', () => {
    expect(read('http://[2001:db8::7]/webhdfs/v1/user/alice/a?x=1').endpoint).toEqual({
      host: '2001:db8::7',
      port: 80,
      tls: false,
    });
    expect(read('https://dn7/webhdfs/v1/user/alice/a').endpoint).toEqual({ host: 'dn7', port: 443, tls: true });
  });

  it('takes the address as it is where nothing can have been lost', () => {
    expect(read('http://dn7:1/elsewhere?x=1').target).toBe('/elsewhere?x=1');
  });

  it.each([
    ['no address', undefined],
    ['an empty address', ''],
    ['a user name', 'http://nn1@dn7:9864/webhdfs/v1/user/alice/a?x=1'],
    ['another scheme', 'ftp://dn7/webhdfs/v1/user/alice/a'],
    ['a space', 'http://dn7:1/webhdfs/v1/user/alice/a?x= HTTP/1.1'],
  ])('refuses %s', (_name, location) => {
    expect(() => read(location)).toThrow(expect.objectContaining({ action: 'redirect' }));
  });

  it('refuses another path where it may matter', () => {
    expect(() => read('http://dn7:1/webhdfs/v1/user/alice/other?x=1', '/user/alice/a b')).toThrow(/does not name/);
  });

  it('refuses to leave TLS', () => {
    const location = 'http://dn7:9864/webhdfs/v1/user/alice/a?x=1';
    expect(() => read(location, '/user/alice/a', { ...nameNode, tls: true })).toThrow(/https to http/);
  });

  it('refuses a request line that no DataNode reads', () => {
    const path = `/user/alice/${'%'.repeat(250)}/${'%'.repeat(250)}`;
    const location = (query: number): string => `http://dn7:1/webhdfs/v1/x?${'q'.repeat(query)}`;
    const head = 'PUT  HTTP/1.1\r\n'.length + '/webhdfs/v1/x?'.length;
    expect(() => read(location(4096 - head), '/x')).not.toThrow();
    expect(() => read(location(4097 - head), '/x')).toThrow(expect.objectContaining({ code: 'STORE_NAME_REFUSED' }));
    const long = `http://dn7:1/webhdfs/v1${path.replaceAll('%', '%25')}?${'q'.repeat(2600)}`;
    expect(() => read(long, path)).toThrow(/4\d\d\d bytes, and a DataNode takes 4096/);
  });
});

describe('isLocalAddress', () => {
  it.each(['127.0.0.1', '127.8.9.1', '0.0.0.0', '169.254.169.254', '::1', '::', 'fe80::1', '::ffff:127.0.0.1'])(
    '%s',
    (address) => expect(isLocalAddress(address)).toBe(true),
  );
  it.each(['10.0.0.1', '192.168.1.1', '128.0.0.1', '2001:db8::1', '::ffff:10.0.0.1'])('not %s', (address) =>
    expect(isLocalAddress(address)).toBe(false),
  );
});

describe('DataNodes', () => {
  const here = { host: 'localhost', port: 9864, tls: false };

  it('refuses to be sent to this machine by a NameNode that is elsewhere', async () => {
    await expect(new DataNodes().resolve(here, '10.0.0.1')).rejects.toMatchObject({ action: 'redirect' });
    await expect(new DataNodes().resolve({ ...here, host: '169.254.169.254' }, '10.0.0.1')).rejects.toMatchObject({
      action: 'redirect',
    });
  });

  it('goes there when the NameNode is there too', async () => {
    const [first] = await new DataNodes().resolve({ ...here, host: '127.0.0.1' }, '127.0.0.1');
    expect(first).toEqual({ address: '127.0.0.1', family: 4 });
  });

  it('knows excluded DataNodes by IP address, until all are included again', () => {
    const dataNodes = new DataNodes();
    dataNodes.exclude(here, [
      { address: '10.0.0.7', family: 4 },
      { address: '10.0.0.8', family: 4 },
    ]);
    expect(dataNodes.excluded()).toBe('10.0.0.7,10.0.0.8');
    dataNodes.includeAll();
    expect(dataNodes.excluded()).toBe('');
  });

  it('does not go again to one that was dead a moment ago', async () => {
    const dataNodes = new DataNodes();
    dataNodes.exclude(here, []);
    await expect(dataNodes.resolve(here, '127.0.0.1')).rejects.toMatchObject({ action: 'avoid' });
    expect(await dataNodes.resolve({ ...here, port: 9865 }, '127.0.0.1')).not.toHaveLength(0);
    dataNodes.includeAll();
    expect(await dataNodes.resolve(here, '127.0.0.1')).not.toHaveLength(0);
  });
});
