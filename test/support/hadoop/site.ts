import type { Properties } from './configuration.ts';

export interface SitePorts {
  readonly rpc: number;
  readonly http: number;
}

export const USERS = ['alice', 'bob', 'carol'] as const;

/** The first group of each user is the own one; `alice` and `carol` share `team`. */
const GROUPS = 'alice=alice,team;bob=bob;carol=carol,team';

export function coreSite(ports: SitePorts, superuser: string, temporary: string): Properties {
  return {
    'fs.defaultFS': `hdfs://localhost:${ports.rpc}`,
    'fs.trash.interval': '0',
    'hadoop.tmp.dir': temporary,
    'hadoop.http.staticuser.user': superuser,
    [`hadoop.proxyuser.${superuser}.hosts`]: '*',
    [`hadoop.proxyuser.${superuser}.groups`]: '*',
    'hadoop.security.group.mapping.static.mapping.overrides': `${superuser}=supergroup,hadoop;${GROUPS}`,
  };
}

export function nameNodeSite(ports: SitePorts, dataNodes: number, nameDirectory: string): Properties {
  return {
    'dfs.namenode.rpc-address': `localhost:${ports.rpc}`,
    'dfs.namenode.http-address': `localhost:${ports.http}`,
    'dfs.namenode.name.dir': `file://${nameDirectory}`,
    'dfs.webhdfs.enabled': 'true',
    'dfs.permissions.enabled': 'true',
    'dfs.permissions.superusergroup': 'supergroup',
    'dfs.namenode.acls.enabled': 'true',
    'dfs.replication': String(Math.min(2, dataNodes)),
    // Files of a few MiB have several blocks.
    'dfs.blocksize': String(8 << 20),
    'dfs.namenode.fs-limits.min-block-size': String(1 << 20),
    'dfs.namenode.safemode.extension': '0',
    'dfs.client.block.write.replace-datanode-on-failure.enable': 'false',
    // A dead DataNode is known as dead after 16 s (2 x recheck + 10 x heartbeat), not after ten minutes.
    'dfs.namenode.heartbeat.recheck-interval': '3000',
    'dfs.heartbeat.interval': '1',
    'dfs.namenode.datanode.registration.ip-hostname-check': 'false',
  };
}

export function dataNodeSite(ports: readonly [number, number, number], dataDirectory: string): Properties {
  const [http, transfer, ipc] = ports;
  return {
    'dfs.datanode.data.dir': `file://${dataDirectory}`,
    'dfs.datanode.hostname': 'localhost',
    'dfs.datanode.address': `127.0.0.1:${transfer}`,
    'dfs.datanode.ipc.address': `127.0.0.1:${ipc}`,
    'dfs.datanode.http.address': `127.0.0.1:${http}`,
  };
}
