import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** How a fake daemon answers once it has the whole body. */
export type Answer = 'reset' | { readonly status: number; readonly body: string };

export interface FakeWebHdfs {
  readonly port: number;
  stop(): Promise<void>;
}

/**
 * A NameNode that redirects every CREATE to a DataNode which takes the body and gives `dataNode`; with `nameNode` it
 * gives that instead of redirecting. For answers that a healthy cluster does not give on request, a gateway's 502 say.
 */
export async function startFakeWebHdfs(answers: { dataNode: Answer; nameNode?: Answer }): Promise<FakeWebHdfs> {
  const dataNode = await listen((request, response) => giveAfterBody(request, response, answers.dataNode));
  const nameNode = await listen((request, response) => {
    if (answers.nameNode !== undefined) return giveAfterBody(request, response, answers.nameNode);
    request.resume();
    response.writeHead(307, { Location: `http://127.0.0.1:${portOf(dataNode)}${request.url}` }).end();
  });
  return {
    port: portOf(nameNode),
    stop: async () => {
      await Promise.all([close(nameNode), close(dataNode)]);
    },
  };
}

function giveAfterBody(request: IncomingMessage, response: ServerResponse, answer: Answer): void {
  request.resume().once('end', () => {
    if (answer === 'reset') request.socket.resetAndDestroy();
    else response.writeHead(answer.status, { 'Content-Type': 'application/json' }).end(answer.body);
  });
}

function listen(listener: (request: IncomingMessage, response: ServerResponse) => void): Promise<Server> {
  return new Promise((resolve) => {
    const server = createServer(listener);
    server.listen(0, '127.0.0.1', () => resolve(server));
  });
}

const portOf = (server: Server): number => (server.address() as AddressInfo).port;

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
