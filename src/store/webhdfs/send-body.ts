import type { ClientRequest } from 'node:http';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { HdfsVenvError } from '../../errors/hdfs-venv-error.ts';
import type { Content } from '../store.ts';

/** A file on its way into a request. */
export class RequestBody {
  readonly headers: Readonly<Record<string, string>>;
  /** What went wrong on our side, in reading the content. */
  sourceError: { readonly error: unknown } | undefined;
  readonly #content: Content;
  readonly #patience: number;
  readonly #onSent: (bytes: number) => void;

  /**
   * @param patience milliseconds to wait for `100 Continue`
   * @param onSent called with the length of every chunk
   */
  constructor(content: Content, patience: number, onSent: (bytes: number) => void) {
    this.#content = content;
    this.#patience = patience;
    this.#onSent = onSent;
    this.headers = {
      'Content-Type': 'application/octet-stream',
      'Content-Length': String(content.size),
      Expect: '100-continue',
    };
  }

  /**
   * Sends the content once the server says that it takes it: permission, quota or a missing parent show before the first
   * byte then, and no answer is lost in a broken connection. Stops when an answer comes early.
   */
  async send(outgoing: ClientRequest): Promise<void> {
    try {
      const exchange = new Exchange(outgoing);
      await exchange.continued(this.#patience);
      await this.#pump(outgoing, exchange);
    } catch (error) {
      this.sourceError = { error };
      outgoing.destroy(error instanceof Error ? error : new Error(String(error)));
    }
  }

  async #pump(outgoing: ClientRequest, exchange: Exchange): Promise<void> {
    const { size } = this.#content;
    let sent = 0;
    if (exchange.isOver) return;
    for await (const chunk of this.#content.open()) {
      // A write into a connection that the server has closed would throw away what it said; a turn of the event loop reads it.
      if (sent > 0) await nextTurn();
      if (exchange.isOver) return;
      sent += chunk.byteLength;
      if (sent > size) throw contentSize(size, `at least ${sent}`);
      this.#onSent(chunk.byteLength);
      if (!outgoing.write(chunk)) await exchange.drained();
    }
    if (sent < size) throw contentSize(size, String(sent));
    if (!exchange.isOver) outgoing.end();
  }
}

/** What happens to a request while its body is sent. */
class Exchange {
  /** True as soon as there is an answer, or no connection. */
  isOver = false;
  readonly #outgoing: ClientRequest;

  constructor(outgoing: ClientRequest) {
    this.#outgoing = outgoing;
    const end = (): void => {
      this.isOver = true;
    };
    outgoing.once('response', end);
    outgoing.once('close', end);
  }

  /** Sends the head and returns when the server wants the body, or after some patience: not every server says so. */
  continued(patience: number): Promise<void> {
    const asked = this.#first(['continue', 'response', 'close'], patience);
    this.#outgoing.flushHeaders();
    return asked;
  }

  drained(): Promise<void> {
    return this.isOver ? Promise.resolve() : this.#first(['drain', 'response', 'close']);
  }

  #first(events: readonly string[], patience?: number): Promise<void> {
    return new Promise((resolve) => {
      let timer: NodeJS.Timeout | undefined;
      const finish = (): void => {
        clearTimeout(timer);
        for (const event of events) this.#outgoing.off(event, finish);
        resolve();
      };
      for (const event of events) this.#outgoing.on(event, finish);
      if (patience !== undefined) timer = setTimeout(finish, patience);
    });
  }
}

function contentSize(expected: number, found: string): HdfsVenvError {
  return new HdfsVenvError({
    code: 'STORE_CONTENT_SIZE',
    exit: 'integrity',
    message: `Cannot send a file: its source gave ${found} bytes instead of ${expected}.`,
    hints: ['The local file changed while it was read. Build again.'],
  });
}
