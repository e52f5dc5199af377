import type { Command } from 'commander';
import { type Address, parseAddress } from '../config/address.ts';
import { readAlias } from '../config/alias.ts';
import type { Settings } from '../config/settings.ts';
import { HdfsVenvError } from '../errors/hdfs-venv-error.ts';
import { openLocalStore } from '../store/local/local-store.ts';
import type { Store } from '../store/store.ts';
import { openWebHdfsStore } from '../store/webhdfs/webhdfs-store.ts';
import { configure } from './configure.ts';
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

/**
 * The same for a command with an argument `[address]` and an option `--user`: the configuration says what the command line leaves out.
 *
 * @throws HdfsVenvError `CLI_ADDRESS` (usage), and those of `configure`
 */
export async function withConfiguredStore<Result>(
  command: Command,
  addressText: string | undefined,
  context: CommandContext,
  work: (store: Store, address: Address) => Promise<Result>,
): Promise<Result> {
  const given = addressText === undefined ? {} : { address: addressText };
  const { settings } = await configure(command, context, { arguments: given });
  const place = await requirePlace(settings, context.env);
  return withStore(place.address, place.user, context, work);
}

export interface Place {
  readonly address: string;
  /** Undefined where nothing but the environment says it: see `hadoopUser`. */
  readonly user: string | undefined;
}

/**
 * Where a command works, before it does anything else. An alias of HdfsCLI brings its user along.
 *
 * @throws HdfsVenvError `CLI_ADDRESS` (usage) when nobody says an address, `CONFIG_ALIAS`, `ADDRESS_INVALID`
 */
export async function requirePlace({ address, user }: Settings, env: NodeJS.ProcessEnv): Promise<Place> {
  if (address === undefined) {
    throw new HdfsVenvError({
      code: 'CLI_ADDRESS',
      exit: 'usage',
      message: 'Cannot tell which environment: no address was given, and no configuration has one',
      hints: [
        'Give it as the last argument: webhdfs://namenode:9870/user/alice/envs/risk',
        'Or write address = "webhdfs://…" in hdfs-venv.toml (`hdfs-venv init` makes one).',
      ],
    });
  }
  const alias = await readAlias(address, env);
  const place = { address: alias?.address ?? address, user: user ?? alias?.user };
  parseAddress(place.address);
  return place;
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
