import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { setImmediate } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { startTcpDelay, type TcpDelay } from './tcp-delay.ts';

const DELAY = 3_600_000;

/** A server that greets and keeps what it is sent, behind a proxy whose time stands still unless a test moves it. */
let received: { socket: Socket; text: string; hasEnded: boolean }[];
let stopServer: () => Promise<void>;
let proxy: TcpDelay;

beforeEach(async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  received = [];
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    const connection = { socket, text: '', hasEnded: false };
    received.push(connection);
    socket.setEncoding('utf8').on('data', (text: string) => (connection.text += text));
    socket.on('end', () => (connection.hasEnded = true)).on('error', () => {});
    socket.write('hello');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  proxy = await startTcpDelay({ port: (server.address() as AddressInfo).port, milliseconds: DELAY });
  stopServer = async () => {
    for (const { socket } of received) socket.destroy();
    server.close();
    await once(server, 'close');
  };
});

afterEach(async () => {
  await proxy.close();
  await stopServer();
  vi.useRealTimers();
});

async function until(isTrue: () => boolean): Promise<void> {
  while (!isTrue()) await setImmediate();
}

/** A client that has been greeted, which took no time. */
async function greetedClient(): Promise<Socket> {
  const client = connect({ host: '127.0.0.1', port: proxy.port, allowHalfOpen: true }).setEncoding('utf8');
  const [greeting] = await once(client, 'data');
  expect(greeting).toBe('hello');
  return client;
}

/** Sends a text that is read by itself. */
async function send(client: Socket, text: string): Promise<void> {
  const { chunks } = proxy.delayed();
  client.write(text);
  await until(() => proxy.delayed().chunks > chunks);
}

/** Gives bytes that are under way the time to arrive: a round trip by another connection of the same processes. */
async function roundTrip(): Promise<void> {
  (await greetedClient()).destroy();
}

test('what a client sends arrives after the delay, in order; all of it waits at the same time', async () => {
  const client = await greetedClient();
  await send(client, 'one ');
  vi.advanceTimersByTime(DELAY - 1);
  await send(client, 'two ');
  await roundTrip();
  expect(received[0]!.text).toBe('');
  vi.advanceTimersByTime(1);
  await until(() => received[0]!.text !== '');
  expect(received[0]!.text).toBe('one ');
  await send(client, 'three');
  vi.advanceTimersByTime(DELAY);
  await until(() => received[0]!.text.length === 'one two three'.length);
  expect(received[0]!.text).toBe('one two three');
  expect(proxy.delayed()).toEqual({ connections: 2, chunks: 3, bytes: 13 });
  client.destroy();
});

test('the end of what a client sends waits behind it, and the answer still comes', async () => {
  const client = await greetedClient();
  await send(client, 'question');
  client.end();
  await roundTrip();
  expect(received[0]).toMatchObject({ text: '', hasEnded: false });
  vi.advanceTimersByTime(DELAY);
  // the end is delayed from when it was seen, which may be later than the question
  await until(() => {
    vi.advanceTimersByTime(DELAY);
    return received[0]!.hasEnded;
  });
  expect(received[0]!.text).toBe('question');
  received[0]!.socket.end('answer');
  const [answer] = await once(client, 'data');
  expect(answer).toBe('answer');
  await once(client, 'end');
});

test('what one client sends does not wait for another', async () => {
  const first = await greetedClient();
  await send(first, 'first');
  vi.advanceTimersByTime(DELAY / 2);
  const second = await greetedClient();
  await send(second, 'second');
  vi.advanceTimersByTime(DELAY / 2);
  await until(() => received[0]!.text === 'first');
  expect(received[1]!.text).toBe('');
  first.destroy();
  second.destroy();
});

test('holds a bounded part of what a client sends, and all of it arrives', async () => {
  const client = await greetedClient();
  const text = 'x'.repeat(16 << 20);
  client.write(text);
  await until(() => proxy.delayed().bytes >= 1 << 20);
  await roundTrip();
  expect(proxy.delayed().bytes).toBeLessThan(2 << 20);
  await until(() => {
    vi.advanceTimersByTime(DELAY);
    return received[0]!.text.length === text.length;
  });
  client.destroy();
});

test('a client that breaks off is forgotten by the server, too', async () => {
  const client = await greetedClient();
  await send(client, 'lost');
  client.resetAndDestroy();
  await new Promise((resolve) => received[0]!.socket.on('close', resolve));
  vi.advanceTimersByTime(DELAY);
  expect(received[0]!.text).toBe('');
});

test('closing ends every connection, whatever waits', async () => {
  const clients = [await greetedClient(), await greetedClient()];
  await send(clients[0]!, 'never');
  const ended = clients.map((client) =>
    once(
      client.on('error', () => {}),
      'close',
    ),
  );
  await proxy.close();
  // allowHalfOpen: a client that only sees the end closes itself
  for (const client of clients) client.end();
  await Promise.all(ended);
  expect(received.map(({ text }) => text)).toEqual(['', '']);
});

test('a server that is not there is a broken connection', async () => {
  await stopServer();
  const client = connect({ host: '127.0.0.1', port: proxy.port });
  const error = await new Promise((resolve) => client.on('error', resolve));
  expect(error).toMatchObject({ code: 'ECONNRESET' });
});
