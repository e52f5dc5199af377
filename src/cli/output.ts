import type { Writable } from 'node:stream';

/** Where a command's words go: results to stdout, everything else to stderr. */
export interface Output {
  /** One line, or several, of result; only when JSON was not asked for. */
  readonly print: (text: string) => void;
  /** The one JSON document; only when JSON was asked for. */
  readonly printJson: (document: unknown) => void;
  /** One line for the person who watches. */
  readonly note: (text: string) => void;
  readonly stderr: Writable;
  readonly json: boolean;
}

export function createOutput(stdout: Writable, stderr: Writable, json: boolean): Output {
  return {
    print: (text) => {
      if (!json) stdout.write(`${text}\n`);
    },
    printJson: (document) => {
      if (json) stdout.write(`${JSON.stringify(document, undefined, 2)}\n`);
    },
    note: (text) => stderr.write(`${text}\n`),
    stderr,
    json,
  };
}
