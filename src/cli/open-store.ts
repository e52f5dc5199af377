import { type Address, parseAddress } from '../config/address.ts';
import { openLocalStore } from '../store/local/local-store.ts';
import type { Store } from '../store/store.ts';
import { openWebHdfsStore } from '../store/webhdfs/webhdfs-store.ts';
import { hadoopUser, localUser } from './environment.ts';
import type { CommandContext } from './run-command.ts';

/** The store behind an address, closed again when `work` is done with it. */
export async function withStore<Result>(
  addressText: string,
  user: string | undefined,
  { output, env, signal }: CommandContext,
  work: (store: Store, address: Address, user: string) => Promise<Result>,
): Promise<Result> {
  const address = parseAddress(addressText);
  const who = address.kind === 'local' ? localUser(user, env) : hadoopUser(user, env);
  const store = open(address, who, output.note, signal);
  try {
    return await work(store, address, who);
  } finally {
    await store.close();
  }
}

function open(address: Address, user: string, onWait: (note: string) => void, signal: AbortSignal): Store {
  if (address.kind === 'local') return openLocalStore(address.path, signal);
  return openWebHdfsStore({
    nameNodes: address.nameNodes.map((nameNode) => ({ ...nameNode, tls: address.tls })),
    path: address.path,
    user,
    onWait,
    signal,
  });
}
