import { setMaxListeners } from 'node:events';
import { Agent as PlainAgent } from 'node:http';
import { Agent as TlsAgent } from 'node:https';
import type { z } from 'zod';
import { DataNodes } from './data-nodes.ts';
import { encodePath } from './encode-path.ts';
import { Failure, failureOfAnswer } from './failure.ts';
import { type HttpAnswer, readText, send, TransportError } from './http.ts';
import { NameNodes } from './name-nodes.ts';
import { DEFAULT_LIMITS, type Endpoint, showEndpoint, type WebHdfsLimits, type WebHdfsOptions } from './options.ts';
import { readRedirect, type Redirect } from './redirect.ts';
import { BUDGETS, type Budgets, Gate, Retries } from './retry.ts';
import type { RequestBody } from './send-body.ts';
import { failureOfTransport } from './transport-failure.ts';
import { WaitNotes } from './wait-notes.ts';

/** One operation of the WebHDFS API, as data. */
export interface Operation {
  readonly method: 'GET' | 'PUT' | 'DELETE';
  /** `GETFILESTATUS` */
  readonly op: string;
  /** On HDFS, absolute. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  /** RENAME and DELETE: when the answer is lost, the state is looked at before anything is sent again. */
  readonly isUnrepeatable?: boolean;
}

/** The outcome of step 1. */
export interface FirstStep {
  readonly redirect: Redirect;
  readonly nameNode: Endpoint;
  /** The IP address that the answer came from. */
  readonly nameNodeAddress: string;
}

/** The head of a DataNode's (or HttpFS's) answer to the second step. */
export interface DataAnswer extends HttpAnswer {
  readonly endpoint: Endpoint;
}

/** Free connections are given up before a server does it (HttpFS and some proxies after 10 to 20 s). Milliseconds. */
const FREE_CONNECTION_LIFE = 5000;

/** Single requests to NameNodes and DataNodes. Every failure is a `Failure`; `Retries.run` goes around. */
export class WebHdfsClient {
  readonly limits: WebHdfsLimits;
  readonly nameNodes: NameNodes;
  readonly dataNodes: DataNodes = new DataNodes();
  /** False once the server took or gave a file's bytes itself, as HttpFS does, or through a gateway. */
  isNameNode = true;

  readonly #user: string | undefined;
  readonly #budgets: Budgets;
  readonly #gate = new Gate();
  readonly #notes: WaitNotes;
  readonly #ending = new AbortController();
  readonly #agents = {
    plain: { keepAlive: new PlainAgent({ keepAlive: true, timeout: FREE_CONNECTION_LIFE }), once: new PlainAgent() },
    tls: { keepAlive: new TlsAgent({ keepAlive: true, timeout: FREE_CONNECTION_LIFE }), once: new TlsAgent() },
  };

  constructor(options: WebHdfsOptions) {
    const { nameNodes, limits, signal, user, onWait } = options;
    this.limits = { ...DEFAULT_LIMITS, ...limits };
    this.nameNodes = new NameNodes(nameNodes.map(({ host, port, tls = false }) => ({ host, port, tls })));
    this.#user = user;
    // every address twice
    const unreachable = { ...BUDGETS.unreachable, tries: 2 * nameNodes.length - 1, total: this.limits.firstContact };
    this.#budgets = { ...BUDGETS, unreachable, ...this.limits.budgets };
    this.#notes = new WaitNotes(onWait);
    // every request under way listens
    setMaxListeners(0, this.#ending.signal);
    if (signal?.aborted === true) this.#ending.abort(signal.reason);
    signal?.addEventListener('abort', () => this.#ending.abort(signal.reason), {
      once: true,
      signal: this.#ending.signal,
    });
  }

  /** The retries of one operation. */
  retries(): Retries {
    return new Retries({
      budgets: this.#budgets,
      nameNodeCount: this.nameNodes.count,
      gate: this.#gate,
      signal: this.#ending.signal,
      onPause: (failure, pause) => this.#notes.pausing(failure, pause),
    });
  }

  /**
   * An operation that the NameNode answers itself. RENAME with options and SETTIMES answer with an empty body.
   * @returns the JSON, `undefined` for an empty body, and the server's `Date`
   */
  async ask(operation: Operation): Promise<{ readonly json: unknown; readonly date: string | undefined }> {
    const { endpoint, answer } = await this.#sendToNameNode(operation);
    const body = await this.#nameNodeText(answer, endpoint, operation);
    const json = answer.status === 200 ? parseBody(body) : undefined;
    if (json === undefined) throw this.#refusal(answer, body, endpoint, operation);
    this.nameNodes.hasAnswered = true;
    return { json: json.value, date: answer.date };
  }

  /** An operation that the NameNode answers with JSON of this shape. */
  async askFor<Schema extends z.ZodType>(operation: Operation, schema: Schema): Promise<z.output<Schema>> {
    const { json } = await this.ask(operation);
    const parsed = schema.safeParse(json);
    if (parsed.success) return parsed.data;
    const server = showEndpoint(this.nameNodes.active);
    const reason = `its answer to ${operation.op} is not what WebHDFS answers`;
    throw new Failure({ action: 'back-off', source: 'NameNode', server, reason, cause: parsed.error });
  }

  /** Step 1 of an operation whose second step is a DataNode's: where it goes. */
  async redirect(operation: Operation): Promise<FirstStep> {
    const { endpoint, answer } = await this.#sendFirst(operation);
    return this.#readRedirect(operation, endpoint, answer);
  }

  /**
   * An operation that reads, both steps: returns with the head of the answer, whose stream is the caller's. HttpFS answers
   * OPEN and GETFILECHECKSUM itself, at once.
   */
  async readData(operation: Operation): Promise<DataAnswer> {
    const { endpoint, answer } = await this.#sendFirst(operation);
    if (answer.status === 200) {
      this.isNameNode = false;
      this.nameNodes.hasAnswered = true;
      return { ...answer, endpoint };
    }
    return this.sendToDataNode(operation, await this.#readRedirect(operation, endpoint, answer), 200);
  }

  /**
   * Step 2, at the server that step 1 named; returns with the head of a successful answer, whose stream is the caller's.
   * @param success the status that counts
   */
  async sendToDataNode(
    operation: Operation,
    { redirect, nameNode, nameNodeAddress }: FirstStep,
    success: number,
    body?: RequestBody,
  ): Promise<DataAnswer> {
    const { endpoint, target } = redirect;
    const addresses = await this.dataNodes.resolve(endpoint, nameNodeAddress);
    try {
      const answer = await send({
        ...this.#common(endpoint, 'once'),
        method: operation.method,
        target,
        addresses,
        connectTimeout: this.limits.connect,
        ...(body === undefined ? {} : { body }),
      });
      if (answer.status === success) return { ...answer, endpoint };
      const text = await readText(answer.body);
      throw failureOfAnswer(refusedAnswer(answer, text), 'DataNode', endpoint, true);
    } catch (error) {
      const failure = failureOfTransport(error, 'DataNode', endpoint);
      if (failure instanceof Failure) {
        if (failure.action === 'exclude' || isTimeout(failure)) this.dataNodes.exclude(endpoint, addresses);
        if (failure.action === 'no-data-node') this.dataNodes.includeAll();
        if (failure.action === 'reconnect') this.nameNodes.turnFrom(nameNode);
      }
      throw failure;
    }
  }

  /** Lets go of all sockets; what is under way fails. */
  close(): void {
    this.#ending.abort(new Error('The store was closed.'));
    for (const { keepAlive, once } of Object.values(this.#agents)) {
      keepAlive.destroy();
      once.destroy();
    }
  }

  async #sendToNameNode(operation: Operation): Promise<{ readonly endpoint: Endpoint; readonly answer: HttpAnswer }> {
    const endpoint = this.nameNodes.active;
    const query = new URLSearchParams({ op: operation.op, ...operation.query });
    if (this.#user !== undefined) query.set('user.name', this.#user);
    const { connect, firstContact } = this.limits;
    const answer = await this.#atNameNode(operation, endpoint, () =>
      send({
        ...this.#common(endpoint, 'keepAlive'),
        method: operation.method,
        target: `/webhdfs/v1${encodePath(operation.path)}?${query.toString()}`,
        connectTimeout: this.nameNodes.hasAnswered
          ? connect
          : Math.min(connect, (0.9 * firstContact) / (2 * this.nameNodes.count)),
      }),
    );
    return { endpoint, answer };
  }

  #sendFirst(operation: Operation): Promise<{ readonly endpoint: Endpoint; readonly answer: HttpAnswer }> {
    const excluded = this.dataNodes.excluded();
    const query = excluded === '' ? operation.query : { ...operation.query, excludedatanodes: excluded };
    return this.#sendToNameNode({ ...operation, ...(query === undefined ? {} : { query }) });
  }

  async #readRedirect(operation: Operation, endpoint: Endpoint, answer: HttpAnswer): Promise<FirstStep> {
    const body = await this.#nameNodeText(answer, endpoint, operation);
    if (answer.status !== 307) throw this.#refusal(answer, body, endpoint, operation);
    this.nameNodes.hasAnswered = true;
    const redirect = readRedirect(answer.headers.location, endpoint, operation.method, operation.path);
    if (!redirect.isDataNode) this.isNameNode = false;
    return { redirect, nameNode: endpoint, nameNodeAddress: answer.remoteAddress ?? 'unknown' };
  }

  #nameNodeText(answer: HttpAnswer, endpoint: Endpoint, operation: Operation): Promise<string> {
    return this.#atNameNode(operation, endpoint, () => readText(answer.body));
  }

  async #atNameNode<Result>(operation: Operation, endpoint: Endpoint, work: () => Promise<Result>): Promise<Result> {
    try {
      return await work();
    } catch (error) {
      const failure = failureOfTransport(error, 'NameNode', endpoint, this.nameNodes.hasAnswered);
      throw failure instanceof Failure ? this.#consider(failure, operation, endpoint) : failure;
    }
  }

  #refusal(answer: HttpAnswer, body: string, endpoint: Endpoint, operation: Operation): Failure {
    const refused = refusedAnswer(answer, body);
    const failure = failureOfAnswer(refused, 'NameNode', endpoint, this.nameNodes.hasAnswered);
    if (failure.remote !== undefined) this.nameNodes.hasAnswered = true;
    return this.#consider(failure, operation, endpoint);
  }

  /** Turns to another NameNode where that may help, and keeps what must not be repeated from being repeated. */
  #consider(failure: Failure, operation: Operation, endpoint: Endpoint): Failure {
    if (failure.action === 'fail-over' || failure.action === 'unreachable') this.nameNodes.turnFrom(endpoint);
    if (failure.action === 'no-data-node') this.dataNodes.includeAll();
    // Without an answer of Hadoop's own, nobody knows whether it was done.
    const isUnknown = failure.remote === undefined && !failure.isBeforeRequest;
    const isPassing = failure.action === 'fail-over' || failure.action === 'back-off';
    return operation.isUnrepeatable === true && isUnknown && isPassing ? failure.as('lost') : failure;
  }

  #common(
    endpoint: Endpoint,
    life: 'keepAlive' | 'once',
  ): Pick<Parameters<typeof send>[0], 'endpoint' | 'agent' | 'signal' | 'stallTimeout'> {
    return {
      endpoint,
      agent: this.#agents[endpoint.tls ? 'tls' : 'plain'][life],
      signal: this.#ending.signal,
      stallTimeout: this.limits.stall,
    };
  }
}

function isTimeout({ cause }: Failure): boolean {
  return cause instanceof TransportError && cause.code === 'ETIMEDOUT';
}

/** `undefined` when it is neither empty nor JSON. */
function parseBody(body: string): { readonly value: unknown } | undefined {
  if (body === '') return { value: undefined };
  try {
    return { value: JSON.parse(body) };
  } catch {
    return undefined;
  }
}

function refusedAnswer(answer: HttpAnswer, body: string): Parameters<typeof failureOfAnswer>[0] {
  return { status: answer.status, retryAfter: answer.headers['retry-after'], body };
}
