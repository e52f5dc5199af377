import type { Budget, RetriedAction } from './retry.ts';

export interface Endpoint {
  readonly host: string;
  readonly port: number;
  readonly tls: boolean;
}

export interface NameNodeAddress {
  readonly host: string;
  readonly port: number;
  /** HTTPS (`swebhdfs`); false unless told. */
  readonly tls?: boolean;
}

export interface WebHdfsOptions {
  /** One, or all of a high-availability pair. */
  readonly nameNodes: readonly NameNodeAddress[];
  /** The environment's directory on HDFS: absolute, literal. */
  readonly path: string;
  /** Sent as `user.name`; without it the server's default user acts. */
  readonly user?: string;
  /** Told in one line why nothing moves for the moment. */
  readonly onWait?: (message: string) => void;
  /** Ends everything under way, with the signal's reason. */
  readonly signal?: AbortSignal;
  readonly limits?: Partial<WebHdfsLimits>;
}

/** Milliseconds. */
export interface WebHdfsLimits {
  /** All tries together, until a NameNode has answered for the first time. */
  readonly firstContact: number;
  /** Looking up a name and opening a connection. */
  readonly connect: number;
  /** No byte in either direction. */
  readonly stall: number;
  /** How long a body waits for `100 Continue`; then it is sent unasked, as RFC 9110 (10.1.1) has it. */
  readonly continue: number;
  readonly budgets: Partial<Readonly<Record<RetriedAction, Budget>>>;
}

export const DEFAULT_LIMITS: WebHdfsLimits = {
  firstContact: 5000,
  connect: 20_000,
  stall: 60_000,
  continue: 1000,
  budgets: {},
};

/** `nn1:9870`, as in an address. */
export function showEndpoint({ host, port }: Pick<Endpoint, 'host' | 'port'>): string {
  return `${host.includes(':') ? `[${host}]` : host}:${port}`;
}
