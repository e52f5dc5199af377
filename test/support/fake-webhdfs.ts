import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import { dirname } from 'node:path/posix';

export type FakeServer = 'NameNode' | 'DataNode';

export interface FakeRequest {
  readonly server: FakeServer;
  readonly method: string;
  readonly op: string;
  /** On HDFS, decoded. */
  readonly path: string;
  /** As on the request line. */
  readonly target: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
}

export interface Exchange extends FakeRequest {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  /** Answers as a healthy server does. */
  proceed(): Promise<void>;
  /** Does what was asked for, without an answer. */
  perform(): Promise<void>;
}

/** Stands in for one answer of a server. */
export type Fault = (exchange: Exchange) => void | Promise<void>;

interface Entry {
  /** `undefined` for a directory. */
  bytes?: Buffer;
  readonly fileId: number;
  permission: string;
}

/** A NameNode and a DataNode on loopback that keep everything in memory and break as a test tells them to. */
export class FakeWebHdfs {
  readonly entries = new Map<string, Entry>([['/', { fileId: 1, permission: '755' }]]);
  readonly requests: FakeRequest[] = [];
  /** What the `Location` of a CREATE carries: newer servers keep `createparent=false`. */
  keepsCreateParent = true;
  /** As if the DataNode were the only one with its IP address, so that nothing is left when that is excluded. */
  honoursExclusion = false;
  readonly #faults: { server: FakeServer; op: string; fault: Fault }[] = [];
  readonly #nameNode: Server;
  readonly #dataNode: Server;
  #lastFileId = 1;

  private constructor() {
    this.#nameNode = this.#server('NameNode');
    this.#dataNode = this.#server('DataNode');
  }

  static async start(): Promise<FakeWebHdfs> {
    const fake = new FakeWebHdfs();
    await Promise.all([fake.#nameNode, fake.#dataNode].map(listen));
    return fake;
  }

  get nameNodePort(): number {
    return portOf(this.#nameNode);
  }

  get dataNodePort(): number {
    return portOf(this.#dataNode);
  }

  /** The next requests of this kind meet these faults, one each, in this order. */
  fail(server: FakeServer, op: string, ...faults: readonly Fault[]): void {
    for (const fault of faults) this.#faults.push({ server, op, fault });
  }

  /** How often this was asked. */
  count(server: FakeServer, op: string): number {
    return this.requests.filter((request) => request.server === server && request.op === op).length;
  }

  /** The bytes of a file; `undefined` when there is none. */
  file(path: string): Buffer | undefined {
    return this.entries.get(path)?.bytes;
  }

  makeDirectories(path: string): void {
    if (path !== '/') this.makeDirectories(dirname(path));
    if (!this.entries.has(path)) this.entries.set(path, { fileId: this.#nextId(), permission: '755' });
  }

  putFile(path: string, bytes: Uint8Array): void {
    this.entries.set(path, { bytes: Buffer.from(bytes), fileId: this.#nextId(), permission: '644' });
  }

  rename(from: string, to: string): void {
    const entry = this.entries.get(from);
    if (entry === undefined) throw new Error(`${from} is not there`);
    this.entries.delete(from);
    this.entries.set(to, entry);
  }

  async close(): Promise<void> {
    await Promise.all(
      [this.#nameNode, this.#dataNode].map((server) => {
        server.closeAllConnections();
        return new Promise((resolve) => server.close(resolve));
      }),
    );
  }

  #nextId(): number {
    this.#lastFileId += 1;
    return this.#lastFileId;
  }

  #server(kind: FakeServer): Server {
    const handle = (request: IncomingMessage, response: ServerResponse): void => {
      void this.#handle(kind, request, response).catch((error: unknown) => response.destroy(error as Error));
    };
    // Like a DataNode, the fake says `100 Continue` when it is ready for the body, not when Node.js would.
    return createServer(handle).on('checkContinue', handle);
  }

  async #handle(server: FakeServer, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const target = request.url ?? '';
    const [rawPath = '', rawQuery = ''] = target.split('?', 2);
    const query = new URLSearchParams(rawQuery);
    const path = decodeURIComponent(rawPath.replace(/^.*?\/webhdfs\/v1/, ''));
    const op = query.get('op') ?? '';
    const { method = '', headers } = request;
    const fakeRequest: FakeRequest = { server, method, op, path, target, query, headers };
    this.requests.push(fakeRequest);
    const exchange: Exchange = {
      ...fakeRequest,
      request,
      response,
      proceed: async () => this.#answer(exchange),
      perform: async () => {
        if (op === 'CREATE' && server === 'DataNode') response.writeContinue();
        await this.#answer({ ...exchange, response: undefined });
      },
    };
    const index = this.#faults.findIndex((planned) => planned.server === server && planned.op === op);
    const fault = index === -1 ? undefined : this.#faults.splice(index, 1)[0]?.fault;
    await (fault === undefined ? exchange.proceed() : fault(exchange));
  }

  async #answer(
    exchange: Omit<Exchange, 'response'> & { readonly response: ServerResponse | undefined },
  ): Promise<void> {
    const { server, op, path, query, request, response } = exchange;
    const reply = (status: number, body: object | undefined): void => {
      if (response !== undefined) json(response, status, body);
    };
    const missing = (): void => reply(404, remote('FileNotFoundException', `File does not exist: ${path}`));
    const entry = this.entries.get(path);
    if (server === 'NameNode' && (op === 'CREATE' || op === 'OPEN' || op === 'GETFILECHECKSUM')) {
      if (this.honoursExclusion && query.get('excludedatanodes') === '127.0.0.1') {
        return reply(403, remote('IOException', 'Failed to find datanode, suggest to check cluster health.'));
      }
      response?.writeHead(307, { Location: this.location(exchange), 'Content-Length': '0' }).end();
      return;
    }
    switch (op) {
      case 'GETFILESTATUS':
        return entry === undefined ? missing() : reply(200, { FileStatus: statusOf('', entry) });
      case 'MKDIRS':
        this.makeDirectories(path);
        return reply(200, { boolean: true });
      case 'DELETE':
        this.entries.delete(path);
        return reply(200, { boolean: entry !== undefined });
      case 'SETTIMES':
        return reply(200, undefined);
      case 'RENAME': {
        const to = query.get('destination') ?? '';
        if (entry === undefined) return missing();
        if (this.entries.has(to)) {
          return reply(403, remote('FileAlreadyExistsException', `rename destination ${to} already exists`));
        }
        this.rename(path, to);
        return reply(200, undefined);
      }
      case 'OPEN': {
        const bytes = entry?.bytes?.subarray(Number(query.get('offset') ?? 0));
        if (bytes === undefined) return missing();
        response?.writeHead(200, { 'Content-Length': bytes.length, Connection: 'close' }).end(bytes);
        return;
      }
      case 'CREATE': {
        response?.writeContinue();
        const chunks: Buffer[] = [];
        for await (const chunk of request) if (Buffer.isBuffer(chunk)) chunks.push(chunk);
        this.putFile(path, Buffer.concat(chunks));
        return reply(201, undefined);
      }
      default:
        return reply(400, remote('IllegalArgumentException', `Invalid value for webhdfs parameter "op": ${op}`));
    }
  }

  /** Where a NameNode sends the client for step 2. */
  location({ target, query }: FakeRequest): string {
    const [path = ''] = target.split('?', 1);
    const kept = new URLSearchParams(query);
    if (!this.keepsCreateParent) kept.delete('createparent');
    kept.set('namenoderpcaddress', 'localhost:8020');
    return `http://127.0.0.1:${this.dataNodePort}${path}?${kept.toString()}`;
  }
}

/** Ends a request without an answer, by FIN. */
export const hangUp: Fault = ({ request }) => {
  request.socket.end();
};

/** Ends a request without an answer, by RST. */
export const reset: Fault = ({ request }) => {
  request.socket.resetAndDestroy();
};

/** Does what was asked for and loses the answer. */
export const loseAnswer: Fault = async (exchange) => {
  await exchange.perform();
  exchange.request.socket.resetAndDestroy();
};

/** Answers with a RemoteException, as Hadoop does for nearly everything with 403. */
export function refuse(exception: string, message: string, status = 403): Fault {
  return ({ response }) => json(response, status, remote(exception, message));
}

/** Answers with a status and a body of somebody who is not Hadoop. */
export function answer(status: number, body = '', headers: Readonly<Record<string, string>> = {}): Fault {
  return ({ response }) => {
    response.writeHead(status, { 'Content-Length': Buffer.byteLength(body), ...headers }).end(body);
  };
}

function remote(exception: string, message: string): object {
  return { RemoteException: { exception, javaClassName: `org.apache.hadoop.${exception}`, message } };
}

function json(response: ServerResponse, status: number, body: object | undefined): void {
  const text = body === undefined ? '' : JSON.stringify(body);
  const headers = { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(text) };
  response.writeHead(status, headers).end(text);
}

function statusOf(pathSuffix: string, { bytes, fileId, permission }: Entry): object {
  return {
    accessTime: 0,
    fileId,
    group: 'alice',
    length: bytes?.length ?? 0,
    modificationTime: 1_700_000_000_000,
    owner: 'alice',
    pathSuffix,
    permission,
    type: bytes === undefined ? 'DIRECTORY' : 'FILE',
  };
}

function listen(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
}

function portOf(server: Server): number {
  return (server.address() as AddressInfo).port;
}
