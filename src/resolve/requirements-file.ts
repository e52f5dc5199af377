import { readFile, stat } from 'node:fs/promises';
import { dirname, isAbsolute, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { normaliseRequirement } from './normalise-requirement.ts';

/** One logical line of a requirements file: continued lines joined, comments gone, nested files followed. */
export interface RequirementsLine {
  /** `option` is one that holds for all of pip: `--extra-index-url https://…`, `--pre`. */
  readonly kind: 'requirement' | 'constraint' | 'option';
  /**
   * Requirements in their normal form (`normaliseRequirement`), options as `--name value`. Variables are left as they are written where they
   * may stand for a secret, in addresses. It may hold a secret all the same.
   */
  readonly text: string;
  /** As pip reads it, with the values of variables: never shown or written. */
  readonly expanded: string;
  /** Of `--find-links`: the value with a relative path resolved, from the file's own directory if it is there, as for pip. */
  readonly findLinks?: string;
}

/** pip's short options that may stand in a requirements file. */
const LONG_NAMES: Readonly<Record<string, string>> = {
  '-r': '--requirement',
  '-c': '--constraint',
  '-e': '--editable',
  '-i': '--index-url',
  '-f': '--find-links',
};

/**
 * Reads a requirements file and all that it names with `-r` and `-c`, the way pip does: what a file names counts from that
 * file's own directory. What lies behind an address is not read; the address stands for it. A file that cannot be read has no
 * lines here: pip says what is wrong with it.
 *
 * Only for what must be known without pip: whether a lock still fits, and where pip itself may come from. What a line
 * means is for pip to say.
 */
export async function readRequirementsFile(given: string, workingDirectory: string): Promise<RequirementsLine[]> {
  return readNested(given, workingDirectory, 'requirement', new Set());
}

async function readNested(
  given: string,
  directory: string,
  kind: 'requirement' | 'constraint',
  seen: Set<string>,
): Promise<RequirementsLine[]> {
  if (/^https?:/i.test(given)) return [{ kind, text: `-r ${given}`, expanded: `-r ${given}` }];
  const path = localPath(given, directory);
  const key = `${kind} ${path}`;
  if (seen.has(key)) return [];
  seen.add(key);
  const text = await readFile(path).then(decode, () => '');
  const lines: RequirementsLine[] = [];
  for (const written of logicalLines(text)) {
    const line = expandVariables(written);
    const option = readOption(line);
    if (option === undefined) {
      const expanded = normaliseRequirement(line);
      lines.push({ kind, text: line.includes('://') ? normaliseRequirement(written) : expanded, expanded });
    } else if (option.name === '--requirement') {
      lines.push(...(await readNested(option.value, dirname(path), 'requirement', seen)));
    } else if (option.name === '--constraint') {
      lines.push(...(await readNested(option.value, dirname(path), 'constraint', seen)));
    } else if (option.name === '--editable') {
      lines.push({ kind, text: describeOption(readOption(written)), expanded: describeOption(option) });
    } else if (option.name === '--find-links') {
      const beside = localPath(option.value, dirname(path));
      const isBeside = !/^[a-z]+:/i.test(option.value) && (await exists(beside));
      const findLinks = isBeside ? beside : option.value;
      lines.push({
        kind: 'option',
        text: describeOption(readOption(written)),
        expanded: describeOption(option),
        findLinks,
      });
    } else {
      lines.push({ kind: 'option', text: describeOption(readOption(written)), expanded: describeOption(option) });
    }
  }
  return lines;
}

/** `${NAME}` as pip takes it: upper case only, and left alone when it has no value. */
function expandVariables(line: string): string {
  return line.replaceAll(/\$\{([A-Z0-9_]+)\}/g, (written, name: string) => {
    const value = process.env[name];
    return value === undefined || value === '' ? written : value;
  });
}

function describeOption(option: Option | undefined): string {
  return option === undefined ? '' : `${option.name} ${option.value}`.trim();
}

function localPath(given: string, directory: string): string {
  if (/^file:/i.test(given)) return fileURLToPath(given);
  return isAbsolute(given) ? given : resolve(join(directory, given));
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}

/** A byte order mark tells the encoding, as for pip; else it is UTF-8. */
function decode(bytes: Buffer): string {
  const [first, second] = bytes;
  if (first === 0xff && second === 0xfe) return new TextDecoder('utf-16le').decode(bytes);
  if (first === 0xfe && second === 0xff) return new TextDecoder('utf-16be').decode(bytes);
  return new TextDecoder().decode(bytes);
}

/** A backslash at its end continues a line; `#` begins a comment at the start of a line or after a blank. */
function logicalLines(text: string): string[] {
  const lines: string[] = [];
  let open = '';
  for (const physical of text.split(/\r\n|\r|\n/)) {
    const isComment = /^\s*#/.test(physical);
    if (!isComment && physical.endsWith('\\')) {
      open += physical.slice(0, -1);
      continue;
    }
    // a comment ends what was continued into it
    lines.push(isComment ? open : open + physical);
    open = '';
  }
  lines.push(open);
  return lines.map((line) => line.replace(/(?:^|\s)#.*$/, '').trim()).filter((line) => line !== '');
}

interface Option {
  readonly name: string;
  readonly value: string;
}

function readOption(line: string): Option | undefined {
  const [, name, rest = ''] = /^(--[a-z][a-z-]*|-[rcefi])(.*)$/i.exec(line) ?? [];
  if (name === undefined) return undefined;
  const value = rest.replace(/^\s*=?\s*/, '').trim();
  return { name: LONG_NAMES[name] ?? name, value: value.replace(/^(["'])(.*)\1$/, '$2') };
}
