/** Bytes of a file from `offset` on; fewer than `length` where the file ends. */
export type ReadRange = (offset: number, length: number) => Buffer;

/** Why a file's tables cannot be followed. Never leaves `readElf`. */
export class UnreadableElf extends Error {}

const PAGE_BYTES = 4096;
const MAX_PAGES = 1024;
const MAX_STRING_BYTES = 4096;
/** Sums of a few such numbers are exact, and every disk takes them for an offset. */
const MAX_NUMBER = 2n ** 47n;

/**
 * A file read in whole pages, each once: names and tables of one kind lie together. There is an end to the pages, so that
 * no table, however large or tangled, makes anybody read a file of gigabytes.
 */
export class ElfPages {
  readonly #read: ReadRange;
  readonly #pages = new Map<number, Buffer>();

  constructor(read: ReadRange) {
    this.#read = read;
  }

  /** As many of these bytes as the file has. @throws UnreadableElf when too much of the file was asked for */
  upTo(offset: number, length: number): Buffer {
    const parts: Buffer[] = [];
    for (let at = offset; at < offset + length;) {
      const page = this.#page(Math.floor(at / PAGE_BYTES));
      const start = at % PAGE_BYTES;
      const part = page.subarray(start, Math.min(page.length, start + offset + length - at));
      if (part.length === 0) break;
      parts.push(part);
      at += part.length;
    }
    const [first = Buffer.alloc(0)] = parts;
    return parts.length <= 1 ? first : Buffer.concat(parts);
  }

  /** @throws UnreadableElf when the file ends before */
  bytes(offset: number, length: number): Buffer {
    const found = this.upTo(offset, length);
    if (found.length === length) return found;
    throw new UnreadableElf(`it ends before byte ${offset + length}, which its tables name`);
  }

  /** An offset, address or size of 64 bits. @throws UnreadableElf when no file is that large */
  number(bytes: Buffer, offset: number): number {
    const value = bytes.readBigUInt64LE(offset);
    if (value > MAX_NUMBER) throw new UnreadableElf(`its tables name byte ${value}`);
    return Number(value);
  }

  /** Up to the next NUL. @throws UnreadableElf when there is none within reach */
  string(offset: number): string {
    const bytes = this.upTo(offset, MAX_STRING_BYTES);
    const end = bytes.indexOf(0);
    if (end === -1) throw new UnreadableElf(`the name at byte ${offset} has no end`);
    return bytes.toString('utf8', 0, end);
  }

  #page(index: number): Buffer {
    let page = this.#pages.get(index);
    if (page === undefined) {
      if (this.#pages.size === MAX_PAGES) throw new UnreadableElf('its tables are spread over too many pages');
      page = this.#read(index * PAGE_BYTES, PAGE_BYTES);
      this.#pages.set(index, page);
    }
    return page;
  }
}
