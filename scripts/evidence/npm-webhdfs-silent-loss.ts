/**
 * The evidence behind docs/decisions/0002-npm-webhdfs.md: what npm `webhdfs` tells its caller when an upload fails.
 * The daemons are fakes on loopback that give one chosen answer. `npx tsx scripts/evidence/npm-webhdfs-silent-loss.ts`
 */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import WebHDFS from 'webhdfs';
import { type Claim, reportClaims } from './claims.ts';
import { dependenciesOf } from './dependencies.ts';
import { type Answer, type FakeWebHdfs, startFakeWebHdfs } from './fake-webhdfs.ts';

const GATEWAY_ERROR = '<html><body>upstream is gone</body></html>';

const DENIED: Answer = {
  status: 403,
  body: JSON.stringify({
    RemoteException: {
      exception: 'AccessControlException',
      javaClassName: 'org.apache.hadoop.security.AccessControlException',
      message: 'Permission denied: user=bob, access=WRITE',
    },
  }),
};

interface Upload {
  /** The documented events, in order. */
  readonly events: readonly string[];
  readonly error: (Error & { readonly [key: string]: unknown }) | undefined;
}

function clientOf(server: FakeWebHdfs): WebHDFS {
  return WebHDFS.createClient({ user: 'alice', host: '127.0.0.1', port: String(server.port), path: '/webhdfs/v1' });
}

/** Uploads through `createWriteStream`, as its documentation shows; gives every event of the next second and a half. */
async function upload(answers: { dataNode: Answer; nameNode?: Answer }): Promise<Upload> {
  const server = await startFakeWebHdfs(answers);
  const events: string[] = [];
  let seen: Upload['error'];
  const remote = clientOf(server).createWriteStream('/user/alice/file');
  remote.on('finish', () => events.push('finish'));
  remote.on('error', (error: Error) => {
    events.push('error');
    seen = Object.assign(error);
  });
  Readable.from([Buffer.from('hello')]).pipe(remote);
  await sleep(1500);
  await server.stop();
  return { events, error: seen };
}

async function writeFile(answers: { dataNode: Answer }): Promise<string> {
  const server = await startFakeWebHdfs(answers);
  const called = new Promise<string>((resolve) => {
    clientOf(server).writeFile('/user/alice/file', Buffer.from('hello'), (error) =>
      resolve(`callback(${String(error)})`),
    );
  });
  const result = await Promise.race([called, sleep(1500, 'no callback')]);
  await server.stop();
  return result;
}

const describe = ({ events, error }: Upload): string =>
  `events: ${events.join(', ') || 'none'}${error === undefined ? '' : `; error: ${JSON.stringify(error.message)}`}`;

async function gatherClaims(): Promise<Claim[]> {
  const stored = await upload({ dataNode: { status: 201, body: '' } });
  const claims: Claim[] = [
    { claim: 'a 201 is reported as success', seen: describe(stored), holds: stored.events.join() === 'finish' },
  ];
  for (const status of [502, 503, 504, 429]) {
    const answers = { dataNode: { status, body: GATEWAY_ERROR } };
    const stream = await upload(answers);
    const callback = await writeFile(answers);
    claims.push({
      claim: `a ${status} after the upload is reported as success`,
      seen: `createWriteStream: ${describe(stream)}; writeFile: ${callback}`,
      holds: stream.events.join() === 'finish' && callback === 'callback(null)',
    });
  }

  const broken = await upload({ dataNode: 'reset' });
  const denied = await upload({ dataNode: DENIED });
  for (const [what, seen] of Object.entries({ 'a broken connection': broken, 'a refusal (403)': denied })) {
    claims.push({
      claim: `${what} is reported as an error and then as success`,
      seen: describe(seen),
      holds: seen.events.join() === 'error,finish',
    });
  }
  const properties = denied.error === undefined ? [] : Object.getOwnPropertyNames(denied.error);
  const told = JSON.stringify(
    denied.error,
    properties.filter((name) => name !== 'stack'),
  );
  claims.push({
    claim: 'exception class and status are dropped: nobody can tell what may be tried again',
    seen: `all that the caller gets: ${told}`,
    holds: denied.error !== undefined && !told.includes('AccessControlException') && !told.includes('403'),
  });

  const busy = await upload({ nameNode: { status: 503, body: GATEWAY_ERROR }, dataNode: 'reset' });
  claims.push({
    claim: 'a 503 from the NameNode is reported as nothing at all',
    seen: describe(busy),
    holds: busy.events.length === 0,
  });

  const source = readFileSync(createRequire(import.meta.url).resolve('webhdfs'), 'utf8');
  const missing = ['negotiate', 'kerberos', 'delegation', 'standby'].filter(
    (word) => !source.toLowerCase().includes(word),
  );
  claims.push({
    claim: 'no Kerberos, no delegation tokens, no second NameNode',
    seen: `words that its source does not hold: ${missing.join(', ')}`,
    holds: missing.length === 4,
  });

  const packages = dependenciesOf('webhdfs');
  const readme = readFileSync(new URL('../../node_modules/request/README.md', import.meta.url), 'utf8');
  const deprecation = /^.*fully deprecated.*$/m.exec(readme)?.[0];
  claims.push({
    claim: 'it brings more than 40 packages, and its HTTP client is deprecated',
    seen: `${packages.length} packages besides itself; README of request: ${deprecation ?? 'nothing'}`,
    holds: packages.length > 40 && packages.includes('node_modules/request') && deprecation !== undefined,
  });
  return claims;
}

reportClaims(await gatherClaims());
