import { posix } from 'node:path';
import { compareNames, parentPath, requireStorePath } from '../store-path.ts';
import type { Content, FileChecksum, FileStatus, PutOptions, RenameResult, Store } from '../store.ts';
import { Checksums } from './checksum.ts';
import { WebHdfsClient } from './client.ts';
import { deleteTree } from './delete.ts';
import { download } from './download.ts';
import { userError } from './errors.ts';
import { Failure } from './failure.ts';
import { fileStatus } from './file-status.ts';
import { showEndpoint, type WebHdfsOptions } from './options.ts';
import { booleanAnswer, getStatus, listStatus } from './questions.ts';
import { countReplicas } from './replicas.ts';
import { rename } from './rename.ts';
import { upload } from './upload.ts';

/** Every byte passes through one server, whose threads are all users'. */
const MOST_AT_GATEWAY = 32;

/** A store in a directory of HDFS, over WebHDFS. Nothing is asked before the first method is called. */
export function openWebHdfsStore(options: WebHdfsOptions): Store {
  return new WebHdfsStore(options);
}

class WebHdfsStore implements Store {
  readonly address: string;
  readonly #root: string;
  readonly #client: WebHdfsClient;
  readonly #checksums: Checksums;

  constructor(options: WebHdfsOptions) {
    const scheme = options.nameNodes.some(({ tls }) => tls === true) ? 'swebhdfs' : 'webhdfs';
    this.address = `${scheme}://${options.nameNodes.map(showEndpoint).join(',')}${options.path}`;
    this.#root = options.path;
    this.#client = new WebHdfsClient(options);
    this.#checksums = new Checksums(this.#client);
  }

  get hasExactDirectoryRename(): boolean {
    return this.#client.isNameNode;
  }

  get mostRequests(): number {
    return this.#client.isNameNode ? Number.POSITIVE_INFINITY : MOST_AT_GATEWAY;
  }

  stat(path: string): Promise<FileStatus | undefined> {
    return this.#explaining('look at', path, async (absolute) => {
      const status = await this.#client.retries().run(() => getStatus(this.#client, absolute));
      return status === undefined ? undefined : fileStatus(path.slice(path.lastIndexOf('/') + 1), status);
    });
  }

  list(path: string): Promise<readonly FileStatus[] | undefined> {
    return this.#explaining('list', path, async (absolute) => {
      const entries = await this.#client.retries().run(() => listStatus(this.#client, absolute));
      if (entries?.some((entry) => entry.pathSuffix === '') === true)
        throw this.#fail('not-a-directory', 'it is a file');
      return entries?.map((entry) => fileStatus(entry.pathSuffix, entry)).sort(compareNames);
    });
  }

  makeDirectory(path: string, mode: number): Promise<void> {
    return this.#explaining('make the directory', path, (absolute) =>
      this.#client.retries().run(async () => {
        const parent = parentPath(path);
        if (parent !== undefined && (await getStatus(this.#client, this.#absolute(parent))) === undefined) {
          throw this.#fail('parent-missing', `the directory ${this.#absolute(parent)} does not exist`);
        }
        const query = { permission: mode.toString(8) };
        const { boolean } = await this.#client
          .askFor({ method: 'PUT', op: 'MKDIRS', path: absolute, query }, booleanAnswer)
          .catch((error: unknown) => {
            // a file has the name
            throw error instanceof Failure && error.action === 'exists' ? error.as('not-a-directory') : error;
          });
        if (!boolean) throw this.#fail('refused', 'the NameNode did not make it');
      }),
    );
  }

  put(path: string, content: Content, options: PutOptions): Promise<void> {
    return this.#explaining('write', path, async (absolute) => {
      const step = await upload(this.#client, absolute, content, options);
      if (content.size > 0) this.#checksums.uploaded(absolute, step);
    });
  }

  async *read(path: string): AsyncIterable<Uint8Array> {
    requireStorePath(path);
    try {
      yield* download(this.#client, this.#absolute(path));
    } catch (error) {
      throw userError(`read ${this.#shown(path)}`, error);
    }
  }

  checksum(path: string): Promise<FileChecksum | undefined> {
    return this.#explaining('get the checksum of', path, (absolute) => this.#checksums.get(absolute));
  }

  countReplicas(path: string, most: number): Promise<number | undefined> {
    return this.#explaining('count the replicas of', path, async (absolute) => {
      try {
        return await countReplicas(this.#client, absolute, most);
      } catch (error) {
        // an old gateway cannot say it, and a cluster may allow fewer
        if (error instanceof Failure && (error.action === 'refused' || error.action === 'unknown')) return undefined;
        throw error;
      } finally {
        await deleteTree(this.#client, absolute);
      }
    });
  }

  renameFile(from: string, to: string): Promise<RenameResult> {
    return this.#rename(from, to, 'FILE');
  }

  renameDirectory(from: string, to: string): Promise<RenameResult> {
    return this.#rename(from, to, 'DIRECTORY');
  }

  delete(path: string): Promise<boolean> {
    return this.#explaining('delete', path, (absolute) => deleteTree(this.#client, absolute));
  }

  touch(path: string): Promise<void> {
    return this.#explaining('set the time of', path, async (absolute) => {
      const time = String(await this.now());
      const query = { modificationtime: time };
      await this.#client
        .retries()
        .run(() => this.#client.ask({ method: 'PUT', op: 'SETTIMES', path: absolute, query }));
    });
  }

  /** The `Date` of the server's answer to a question about `/`: whole seconds, of the host that answers. */
  now(): Promise<number> {
    return this.#explaining('ask for the time at', '', async () => {
      const { date } = await this.#client
        .retries()
        .run(() => this.#client.ask({ method: 'GET', op: 'GETFILESTATUS', path: '/' }));
      const time = Date.parse(date ?? '');
      if (Number.isNaN(time)) throw this.#fail('refused', 'its answer has no Date');
      return time;
    });
  }

  close(): Promise<void> {
    this.#client.close();
    return Promise.resolve();
  }

  #rename(from: string, to: string, type: 'FILE' | 'DIRECTORY'): Promise<RenameResult> {
    return this.#explaining(`rename to ${this.#shown(to)}`, from, (absolute) => {
      requireStorePath(to);
      return rename(this.#client, absolute, this.#absolute(to), type);
    });
  }

  async #explaining<Result>(doing: string, path: string, work: (absolute: string) => Promise<Result>): Promise<Result> {
    requireStorePath(path);
    try {
      return await work(this.#absolute(path));
    } catch (error) {
      throw userError(`${doing} ${this.#shown(path)}`, error);
    }
  }

  #absolute(path: string): string {
    return path === '' ? this.#root : posix.join(this.#root, path);
  }

  #shown(path: string): string {
    return path === '' ? this.address : `${this.address}/${path}`;
  }

  #fail(action: Failure['action'], reason: string): Failure {
    return new Failure({ action, source: 'NameNode', server: showEndpoint(this.#client.nameNodes.active), reason });
  }
}
