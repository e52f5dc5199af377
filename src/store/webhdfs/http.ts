import { type Agent, type ClientRequest, type IncomingHttpHeaders, request as requestPlain } from 'node:http';
import { request as requestTls } from 'node:https';
import type { LookupAddress } from 'node:dns';
import type { LookupFunction } from 'node:net';
import { Readable } from 'node:stream';
import type { Endpoint } from './options.ts';
import type { RequestBody } from './send-body.ts';

export interface HttpRequest {
  readonly endpoint: Endpoint;
  readonly method: string;
  /** Path and query, encoded. */
  readonly target: string;
  readonly agent: Agent;
  /** Milliseconds, name lookup included. */
  readonly connectTimeout: number;
  /** Milliseconds without a byte in either direction. */
  readonly stallTimeout: number;
  readonly signal: AbortSignal;
  /** Where the host is; looked up when absent. */
  readonly addresses?: readonly LookupAddress[];
  readonly body?: RequestBody;
}

export interface HttpAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  /** `Date`; Hadoop 3 sends it twice. */
  readonly date: string | undefined;
  readonly body: Readable;
  /** The IP address of the server. */
  readonly remoteAddress: string | undefined;
}

/** A request without a whole answer. */
export class TransportError extends Error {
  /** `connect`: not a byte of the request was sent. */
  readonly phase: 'connect' | 'exchange';
  /** An errno (`ECONNREFUSED`) or a code of Node.js (`HPE_INVALID_CONSTANT`). */
  readonly code: string;

  constructor(phase: 'connect' | 'exchange', code: string, message: string, cause?: unknown) {
    super(message, { cause });
    this.name = 'TransportError';
    this.phase = phase;
    this.code = code;
  }
}

/**
 * Sends one request and returns when the head of the answer is there, whatever its status. node:http and not fetch: DataNodes answer every PUT with `100 Continue`, asked or not, at which undici gives up.
 *
 * @throws TransportError; what the body's source throws; the reason of the signal
 */
export function send(request: HttpRequest): Promise<HttpAnswer> {
  const { endpoint, body, signal } = request;
  return new Promise((resolve, reject) => {
    const options = {
      host: endpoint.host,
      port: endpoint.port,
      path: request.target,
      method: request.method,
      agent: request.agent,
      signal,
      timeout: request.stallTimeout,
      headers: body === undefined ? emptyBodyHeaders(request.method) : body.headers,
      ...(request.addresses === undefined ? {} : { lookup: knownAddresses(request.addresses) }),
    };
    const outgoing = endpoint.tls ? requestTls(options) : requestPlain(options);
    let phase: TransportError['phase'] = 'connect';
    onConnected(outgoing, request.connectTimeout, () => {
      phase = 'exchange';
    });
    outgoing.on('timeout', () => {
      outgoing.destroy(new TransportError(phase, 'ETIMEDOUT', `nothing moved for ${request.stallTimeout / 1000} s`));
    });
    const sent = body === undefined ? Promise.resolve() : body.send(outgoing);
    // The body's sender stops by itself; nobody hears of an end before no byte is counted as sent any more.
    const afterBody = (settle: () => void): void => void sent.then(settle);
    outgoing.on('response', (message) => {
      // An answer before the end of the body: what is left of the connection is of no use.
      message.once('close', () => {
        if (!outgoing.writableEnded) outgoing.destroy();
      });
      const { statusCode: status = 0, headers, headersDistinct, socket } = message;
      const date = headersDistinct['date']?.[0];
      afterBody(() => resolve({ status, headers, date, body: message, remoteAddress: socket.remoteAddress }));
    });
    outgoing.on('error', (error) => {
      const status = outgoing.writableEnded ? statusOfUnreadableHead(error) : undefined;
      afterBody(() => {
        if (signal.aborted) reject(signal.reason);
        else if (status === undefined) reject(transportError(error, phase, body));
        else resolve({ status, headers: {}, date: undefined, body: Readable.from([]), remoteAddress: undefined });
      });
    });
    if (body === undefined) outgoing.end();
  });
}

/** Reads an answer to its end. @throws TransportError when it is cut short. */
export async function readText(body: Readable): Promise<string> {
  const chunks: Buffer[] = [];
  try {
    for await (const chunk of body) if (Buffer.isBuffer(chunk)) chunks.push(chunk);
  } catch (error) {
    throw transportError(error, 'exchange');
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** An error of a socket or of the HTTP parser with its phase. Others pass through. */
export function transportError(error: unknown, phase: TransportError['phase'], body?: RequestBody): unknown {
  if (error instanceof TransportError || body?.sourceError?.error === error) return error;
  // Of several addresses that all refused, the last speaks for them.
  const last: unknown = error instanceof AggregateError ? error.errors.at(-1) : error;
  if (!(last instanceof Error)) return error;
  const code = 'code' in last && typeof last.code === 'string' ? last.code : 'EUNKNOWN';
  return new TransportError(phase, code, last.message === '' ? code : last.message, error);
}

/**
 * DataNodes of Hadoop 2 put the path into the `Location` of `201 Created` with every character cut to its low byte, so
 * that some names (`不` ends in a carriage return) make a head that no parser takes. Its status line is whole.
 */
function statusOfUnreadableHead(error: Error): number | undefined {
  if (!('code' in error && String(error.code).startsWith('HPE_'))) return undefined;
  if (!('rawPacket' in error && Buffer.isBuffer(error.rawPacket))) return undefined;
  const head = error.rawPacket.toString('latin1').replace(/^HTTP\/1\.1 100 .*\r\n\r\n/, '');
  return head.startsWith('HTTP/1.1 201 Created\r\n') ? 201 : undefined;
}

/** Without it, some gateways answer 411 to a PUT. */
function emptyBodyHeaders(method: string): Record<string, string> {
  return method === 'PUT' ? { 'Content-Length': '0' } : {};
}

function knownAddresses(addresses: readonly LookupAddress[]): LookupFunction {
  return (_host, options, done) => {
    const first = addresses[0];
    if (options.all === true) done(null, [...addresses]);
    else if (first !== undefined) done(null, first.address, first.family);
  };
}

/** Calls back once the connection stands, and ends the request when that takes too long. */
function onConnected(outgoing: ClientRequest, timeout: number, connected: () => void): void {
  outgoing.on('socket', (socket) => {
    if (!socket.connecting) {
      connected();
      return;
    }
    const timer = setTimeout(() => {
      outgoing.destroy(new TransportError('connect', 'ETIMEDOUT', `no connection after ${timeout / 1000} s`));
    }, timeout);
    const stop = (): void => clearTimeout(timer);
    socket.once('connect', () => {
      stop();
      connected();
    });
    outgoing.once('close', stop);
  });
}
