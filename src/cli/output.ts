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

/**
 * Wheels, indexes and servers have a say in what is printed (a licence, a name, a status line): none of it may move the
 * cursor, turn the direction of writing or hide.
 */
function visible(text: string): string {
  return text.replaceAll(
    /[^\P{C}\n\t]|[\p{Zl}\p{Zp}]/gu,
    (character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`,
  );
}

/** The same in JSON's own way, which leaves some of these characters as they are. */
function escaped(json: string): string {
  return json.replaceAll(/[^\P{C}\n]|[\p{Zl}\p{Zp}]/gu, (character) =>
    character
      .split('')
      .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
      .join(''),
  );
}

export function createOutput(stdout: Writable, stderr: Writable, json: boolean): Output {
  return {
    print: (text) => {
      if (!json) stdout.write(`${visible(text)}\n`);
    },
    printJson: (document) => {
      if (json) stdout.write(`${escaped(JSON.stringify(document, undefined, 2))}\n`);
    },
    note: (text) => stderr.write(`${visible(text)}\n`),
    stderr,
    json,
  };
}
