/**
 * The port to a place that holds environments. `publish/` knows this file and nothing behind it.
 *
 * Paths are relative to the store's root (the environment's directory), POSIX, without leading slash;
 * `''` is the root itself. Times are milliseconds since the epoch by the store's own clock.
 */
export interface Store {
  /** The address as a user may see it: no password, no token. */
  readonly address: string;

  /**
   * False when RENAME of a directory may create missing parents or land inside another directory (HttpFS).
   * Known at the latest after the first `put`.
   */
  readonly hasExactDirectoryRename: boolean;

  /** `undefined` when nothing is there. */
  stat(path: string): Promise<FileStatus | undefined>;

  /** The entries of a directory, sorted by name; `undefined` when nothing is there. A file is an error. */
  list(path: string): Promise<readonly FileStatus[] | undefined>;

  /** Makes one directory, whose parent must exist (missing parents of the root itself are made), with `mode`. Exists already = fine. */
  makeDirectory(path: string, mode: number): Promise<void>;

  /**
   * Writes a whole file, replacing what is there. The parent must exist. After it returns the store has acknowledged
   * every byte; length and checksum are the caller's to compare. Nobody but this publisher may write to `path`.
   */
  put(path: string, content: Content, options: PutOptions): Promise<void>;

  /** Reads a file as chunks. Missing: an error with code `STORE_NOT_FOUND`. */
  read(path: string): AsyncIterable<Uint8Array>;

  /** What the store itself says of the file's bytes; `undefined` where it cannot (erasure-coded, encrypted): read back instead. */
  checksum(path: string): Promise<FileChecksum | undefined>;

  /**
   * Moves a file to a name that nobody has, atomically: of several who try the same `to`, one wins. Never replaces
   * and never moves inside a directory.
   */
  renameFile(from: string, to: string): Promise<RenameResult>;

  /** Moves a directory to a name that nobody has. Only where `hasExactDirectoryRename`. */
  renameDirectory(from: string, to: string): Promise<RenameResult>;

  /** Deletes a file, or a directory with all it holds. False when nothing was there. */
  delete(path: string): Promise<boolean>;

  /** Sets the modification time to the store's present. */
  touch(path: string): Promise<void>;

  /** The store's clock. */
  now(): Promise<number>;

  /** Lets go of sockets. */
  close(): Promise<void>;
}

export interface FileStatus {
  /** The last segment; `''` for the root. */
  readonly name: string;
  readonly type: 'file' | 'directory';
  /** Bytes; 0 for a directory. */
  readonly size: number;
  /** Permission bits, sticky bit included: `0o1777`. */
  readonly mode: number;
  readonly owner: string;
  readonly group: string;
  readonly modifiedAt: number;
}

/** Bytes that can be sent more than once: every call of `open` starts at the first byte. */
export interface Content {
  readonly size: number;
  open(): AsyncIterable<Uint8Array>;
}

export interface PutOptions {
  readonly mode: number;
  /** Called with the bytes sent since the last call; with a negative number when a file is sent again from the start. */
  readonly onProgress?: (bytes: number) => void;
}

export type FileChecksum =
  | { readonly kind: 'sha256'; readonly hex: string }
  | {
      /** Hadoop's MD5MD5CRC32FileChecksum (`op=GETFILECHECKSUM`). */
      readonly kind: 'md5-of-md5-of-crc';
      readonly crc: 'CRC32' | 'CRC32C';
      /** Bytes per CRC, 512 by default. */
      readonly chunkBytes: number;
      /** 0 when the file has a single block. */
      readonly chunksPerBlock: number;
      readonly hex: string;
    };

/** `exists`: something has the name `to`, nothing moved. `missing`: nothing has the name `from`. */
export type RenameResult = 'renamed' | 'exists' | 'missing';
