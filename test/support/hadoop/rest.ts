import { setTimeout as sleep } from 'node:timers/promises';
import { USERS } from './site.ts';

/** The few WebHDFS and JMX requests of the launcher itself; not the client that the tests are about. */

/** Runs one PUT operation without a body as `user` and demands success. `path` is absolute. */
async function webhdfs(
  base: string,
  path: string,
  query: Readonly<Record<string, string>>,
  user: string,
): Promise<void> {
  const parameters = new URLSearchParams({ ...query, 'user.name': user }).toString();
  const response = await fetch(`${base}/webhdfs/v1${path}?${parameters}`, {
    method: 'PUT',
    redirect: 'error',
    signal: AbortSignal.timeout(30_000),
  });
  const body = await response.text();
  if (!response.ok) throw new Error(`Cannot prepare HDFS: ${path}?${parameters}: ${response.status} ${body}`);
}

/** The beans of a daemon's `/jmx` for one query; none when it does not answer. */
async function jmxBeans(base: string, query: string): Promise<readonly Readonly<Record<string, unknown>>[]> {
  try {
    const response = await fetch(`${base}/jmx?qry=${query}`, { signal: AbortSignal.timeout(5000) });
    const answer: unknown = response.ok ? await response.json() : undefined;
    return isBeans(answer) ? answer.beans : [];
  } catch {
    return []; // refused or broken off: not up yet
  }
}

function isBeans(answer: unknown): answer is { readonly beans: readonly Readonly<Record<string, unknown>>[] } {
  return typeof answer === 'object' && answer !== null && 'beans' in answer && Array.isArray(answer.beans);
}

/** True when a NameNode serves and takes writes. */
export async function isOutOfSafeMode(base: string): Promise<boolean> {
  const [information] = await jmxBeans(base, 'Hadoop:service=NameNode,name=NameNodeInfo');
  return information?.['Safemode'] === '';
}

/** True when a DataNode has been accepted by its NameNode and has opened its disks. */
export async function hasVolumes(base: string): Promise<boolean> {
  const [information] = await jmxBeans(base, 'Hadoop:service=DataNode,name=DataNodeInfo');
  return Object.keys(parseObject(information?.['VolumeInfo'])).length > 0;
}

/**
 * Waits until the NameNode counts `count` DataNodes as live and knows their capacity: from then on it places blocks on them.
 * @throws Error after a minute
 */
export async function waitForDataNodes(base: string, count: number): Promise<void> {
  const deadline = Date.now() + 60_000;
  for (;;) {
    const [state] = await jmxBeans(base, 'Hadoop:service=NameNode,name=FSNamesystemState');
    const [information] = await jmxBeans(base, 'Hadoop:service=NameNode,name=NameNodeInfo');
    const live = Number(state?.['NumLiveDataNodes'] ?? 0);
    const nodes = Object.values(parseObject(information?.['LiveNodes']));
    if (live >= count && nodes.length > 0 && nodes.every((node) => Number(node['capacity']) > 0)) return;
    if (Date.now() > deadline) throw new Error(`Cannot start HDFS: ${live} of ${count} DataNodes are live after 60 s`);
    await sleep(100);
  }
}

/** JMX gives tables as JSON inside a string. */
function parseObject(text: unknown): Readonly<Record<string, Readonly<Record<string, unknown>>>> {
  return typeof text === 'string' && text !== '' ? JSON.parse(text) : {};
}

/** `/tmp` for all, and a home directory for every user. */
export async function makeHomes(base: string, superuser: string): Promise<void> {
  await webhdfs(base, '/tmp', { op: 'MKDIRS', permission: '1777' }, superuser);
  for (const user of USERS) {
    await webhdfs(base, `/user/${user}`, { op: 'MKDIRS', permission: '755' }, superuser);
    await webhdfs(base, `/user/${user}`, { op: 'SETOWNER', owner: user, group: user }, superuser);
  }
}
