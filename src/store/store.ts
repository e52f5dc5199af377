/**
 * The port to a place that holds environments. `publish/` knows this file and nothing behind it.
 *
 * Paths are relative to the store's root (the environment's directory), POSIX, without leading slash;
 * `''` is the root itself. Times are milliseconds since the epoch by the store's own clock.
 *
 * A path that not every store can keep is refused by every method with STORE_NAME_REFUSED before anything is sent
 * (`requireStorePath` in store-path.ts says which). Whoever has no right gets STORE_PERMISSION, whoever has no room
 * STORE_QUOTA; a store that cannot be reached after retries is an error with exit reason `network`. When the signal that
 * a store was opened with is aborted, what is under way fails with the signal's reason.
 */
export interface Store {
  /** The address as a user may see it: no password, no token. */
  readonly address: string;

  /**
   * False when RENAME of a directory may create missing parents or land inside another directory (HttpFS).
   * Known at the latest after the first `put`.
   */
  readonly hasExactDirectoryRename: boolean;

  /**
   * How many requests at once it takes well: no bound for a cluster, a few for a gateway, which is one server for all.
   * Known at the latest after the first `put` or `read`.
   */
  readonly mostRequests: number;

  /** `undefined` when nothing is there. */
  stat(path: string): Promise<FileStatus | undefined>;

  /**
   * The entries of a directory, sorted by the bytes of their names in UTF-8; `undefined` when nothing is there.
   * @throws STORE_NOT_A_DIRECTORY for a file
   */
  list(path: string): Promise<readonly FileStatus[] | undefined>;

  /**
   * Makes one directory with exactly `mode`. Its parent must exist, except that missing parents of the root itself are
   * made. A directory that exists already is fine and stays as it is.
   * @throws STORE_PARENT_MISSING; STORE_NOT_A_DIRECTORY when a file has the name
   */
  makeDirectory(path: string, mode: number): Promise<void>;

  /**
   * Writes a whole file, replacing what is there. The parent must exist. After it returns the store has acknowledged
   * every byte; length and checksum are the caller's to compare. Nobody but this publisher may write to `path`. A failure
   * may leave a part of the file there.
   * @throws STORE_PARENT_MISSING; STORE_NOT_A_FILE when a directory has the name; STORE_CONTENT_SIZE when `open` gives
   * more or fewer bytes than `size`; what `open` throws
   */
  put(path: string, content: Content, options: PutOptions): Promise<void>;

  /**
   * Reads a file as chunks; never less than the whole without an error.
   * @throws STORE_NOT_FOUND; STORE_NOT_A_FILE
   */
  read(path: string): AsyncIterable<Uint8Array>;

  /**
   * What the store itself says of the file's bytes; `undefined` where it cannot (erasure-coded, encrypted): read back instead.
   * @throws STORE_NOT_FOUND
   */
  checksum(path: string): Promise<FileChecksum | undefined>;

  /**
   * How many machines would each hold a copy of one file, counted up to `most`; rather too few than too many. `undefined`
   * where there are no copies, or nothing is said of them. Writes the file `path`, which must be nobody else's, and removes it.
   * @throws STORE_PARENT_MISSING
   */
  countReplicas(path: string, most: number): Promise<number | undefined>;

  /**
   * Moves a file to a name that nobody has, atomically: of several who try the same `to`, one wins. Never replaces
   * and never moves inside a directory. `from` must be the caller's own: nobody else moves it meanwhile.
   * @throws STORE_PARENT_MISSING when the directory of `to` does not exist; STORE_NOT_A_FILE
   */
  renameFile(from: string, to: string): Promise<RenameResult>;

  /**
   * Moves a directory to a name that nobody has; of several who try the same `from`, one wins. Without
   * `hasExactDirectoryRename` only for names that nobody else can use: it may make missing parents of `to` then, and a
   * directory that has the name would swallow what is moved.
   * @throws STORE_PARENT_MISSING when the directory of `to` does not exist; STORE_NOT_A_DIRECTORY
   */
  renameDirectory(from: string, to: string): Promise<RenameResult>;

  /** Deletes a file, or a directory with all it holds. False when nothing was there. */
  delete(path: string): Promise<boolean>;

  /**
   * Sets the modification time of a file or a directory to the store's present, as `now` has it.
   * @throws STORE_NOT_FOUND
   */
  touch(path: string): Promise<void>;

  /** The store's clock. It may count whole seconds (WebHDFS: the `Date` of the server's answer), and is then up to one behind. */
  now(): Promise<number>;

  /** Lets go of sockets; what is still under way fails. */
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
  /** On how many machines; the store's own number unless told. A store that keeps no copies does not heed it. */
  readonly replication?: number | undefined;
  /** Called with the bytes sent since the last call; with a negative number when a file is sent again from the start. */
  readonly onProgress?: (bytes: number) => void;
  /**
   * Called whenever a try failed as it may when too much is asked for at once: a timeout, a broken connection, "too busy".
   * The store tries again by itself.
   */
  readonly onStrain?: () => void;
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
