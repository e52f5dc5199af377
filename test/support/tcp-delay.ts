import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

export interface TcpDelayOptions {
  /** Of the server on loopback. */
  readonly port: number;
  /** How long each piece of what clients send waits, at least. */
  readonly milliseconds: number;
}

export interface TcpDelay {
  /** On 127.0.0.1. */
  readonly port: number;
  /** What was delayed so far: a piece is what one read brought, with the RPC of Hadoop usually one call. */
  readonly delayed: () => { readonly connections: number; readonly chunks: number; readonly bytes: number };
  /** Ends the server and every connection. */
  readonly close: () => Promise<void>;
}

/** Bytes of one connection that are held at most, and what one more read brings. */
const HELD_BYTES = 1 << 20;

/**
 * A TCP proxy before a server which makes it as far away as it is not: what a client sends arrives later by the given
 * time, in order; answers are not delayed. Pieces wait at the same time, as they travel on a wire, so it takes away no
 * throughput.
 */
export async function startTcpDelay(options: TcpDelayOptions): Promise<TcpDelay> {
  const sockets = new Set<Socket>();
  const count = { connections: 0, chunks: 0, bytes: 0 };
  const server = createServer({ allowHalfOpen: true, noDelay: true }, (client) => {
    const upstream = connect({ host: '127.0.0.1', port: options.port, allowHalfOpen: true, noDelay: true });
    count.connections += 1;
    for (const [socket, other] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      sockets.add(socket);
      socket.on('error', () => other.resetAndDestroy());
      socket.on('close', () => sockets.delete(socket));
    }
    upstream.pipe(client);
    forwardLater(client, upstream, options.milliseconds, (bytes) => {
      count.chunks += 1;
      count.bytes += bytes;
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    delayed: () => ({ ...count }),
    close: async () => {
      const closed = once(server, 'close');
      server.close();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

/** Sends on what `from` gives, and its end; stops reading while too much waits or `to` takes nothing. */
function forwardLater(from: Socket, to: Socket, milliseconds: number, onChunk: (bytes: number) => void): void {
  const waiting: (() => void)[] = [];
  const timers = new Set<NodeJS.Timeout>();
  let held = 0;
  const later = (send: () => void): void => {
    waiting.push(send);
    const timer = setTimeout(() => {
      timers.delete(timer);
      // the oldest one, whichever timer was the first
      waiting.shift()?.();
    }, milliseconds);
    timers.add(timer);
  };
  to.once('close', () => {
    for (const timer of timers) clearTimeout(timer);
  });
  const release = (bytes: number): void => {
    held -= bytes;
    if (held < HELD_BYTES) from.resume();
  };
  from.on('data', (chunk) => {
    onChunk(chunk.length);
    held += chunk.length;
    if (held >= HELD_BYTES) from.pause();
    later(() => to.write(chunk, () => release(chunk.length)));
  });
  from.on('end', () => later(() => to.end()));
}
