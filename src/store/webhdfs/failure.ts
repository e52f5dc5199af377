import { type Action, classifyException, type Source } from './exceptions.ts';
import { type Endpoint, showEndpoint } from './options.ts';
import { parseRemoteException, type RemoteException } from './remote-exception.ts';

export interface FailureFields {
  readonly action: Action;
  readonly source: Source;
  /** Who failed: `nn1:9870`. */
  readonly server: string;
  /** One line, no secret. */
  readonly reason: string;
  readonly remote?: RemoteException;
  /** Milliseconds that the server asked us to wait. */
  readonly retryAfter?: number;
  /** Not a byte was sent: whatever was asked for has not happened. */
  readonly isBeforeRequest?: boolean;
  readonly cause?: unknown;
}

/** A request that failed, with what is to be done about it. Never leaves `store/webhdfs`: see `userError`. */
export class Failure extends Error {
  readonly action: Action;
  readonly source: Source;
  readonly server: string;
  readonly reason: string;
  readonly remote: RemoteException | undefined;
  readonly retryAfter: number;
  readonly isBeforeRequest: boolean;

  constructor(fields: FailureFields) {
    super(`${fields.source} ${fields.server}: ${fields.reason}`, { cause: fields.cause });
    this.name = 'Failure';
    this.action = fields.action;
    this.source = fields.source;
    this.server = fields.server;
    this.reason = fields.reason;
    this.remote = fields.remote;
    this.retryAfter = fields.retryAfter ?? 0;
    this.isBeforeRequest = fields.isBeforeRequest ?? false;
  }

  /** The same with another consequence. */
  as(action: Action): Failure {
    return new Failure({
      action,
      source: this.source,
      server: this.server,
      reason: this.reason,
      retryAfter: this.retryAfter,
      isBeforeRequest: this.isBeforeRequest,
      cause: this.cause,
      ...(this.remote === undefined ? {} : { remote: this.remote }),
    });
  }
}

/** An answer that is not the one that was asked for. */
export interface RefusedAnswer {
  readonly status: number;
  readonly retryAfter: string | undefined;
  readonly body: string;
}

/**
 * What an answer that is not a success means. Hadoop's own answers are classified by their exception; what else sits on
 * the way (a proxy, a gateway, a server that is no NameNode) by the status.
 *
 * @param isKnown whether this run has had a proper answer from the server before
 */
export function failureOfAnswer(answer: RefusedAnswer, source: Source, endpoint: Endpoint, isKnown: boolean): Failure {
  const server = showEndpoint(endpoint);
  const remote = parseRemoteException(answer.body);
  const retryAfter = parseRetryAfter(answer.retryAfter);
  if (remote !== undefined) {
    const action = answer.status === 401 ? 'authentication' : classifyException(remote, source);
    return new Failure({
      action,
      source,
      server,
      reason: `${remote.exception}: ${remote.message}`,
      remote,
      retryAfter,
    });
  }
  const reason = `HTTP status ${answer.status}${describeBody(answer.body)}`;
  return new Failure({ action: actionOfStatus(answer.status, isKnown), source, server, reason, retryAfter });
}

function actionOfStatus(status: number, isKnown: boolean): Action {
  if (status === 401) return 'authentication';
  const isTemporary = status === 429 || status >= 500;
  return isTemporary || isKnown ? 'back-off' : 'not-webhdfs';
}

function describeBody(body: string): string {
  if (body.trim() === '') return ' with an empty body';
  if (/^\s*</.test(body)) {
    const title = /<title>\s*([^<]{1,80})/i.exec(body)?.[1]?.trim();
    return title === undefined ? ' with HTML' : ` with HTML ("${title}")`;
  }
  return ` with "${body.trim().slice(0, 80).replaceAll(/\s+/g, ' ')}"`;
}

/** Seconds or a date (RFC 9110, 10.2.3) as milliseconds from now. */
function parseRetryAfter(value: string | undefined): number {
  if (value === undefined) return 0;
  const milliseconds = /^\d+$/.test(value) ? Number(value) * 1000 : Date.parse(value) - Date.now();
  return Number.isFinite(milliseconds) ? Math.max(0, milliseconds) : 0;
}
