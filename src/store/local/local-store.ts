import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { chmod, link, lstat, readdir, rename, rm, stat, unlink, utimes } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { isErrno } from '../../errors/system-error.ts';
import { compareNames } from '../store-path.ts';
import type { Content, FileChecksum, FileStatus, PutOptions, RenameResult, Store } from '../store.ts';
import { ChangedDirectories } from './durable.ts';
import { isParentMissing, makeAncestors, makeOne } from './local-directory.ts';
import { localError, noHardLinks, notADirectory, notAFile, parentMissing, unlessMissing } from './local-errors.ts';
import { LocalPaths } from './local-path.ts';
import { writeFile } from './local-put.ts';
import { localStatus } from './local-status.ts';

/** What file systems without hard links answer: FAT and exFAT, then network ones. The file is our own, so that permission is no reason. */
const NO_HARD_LINKS = ['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS'];

/**
 * A store in a directory of this machine, which need not exist yet. Its clock is this machine's.
 *
 * @param signal once it is aborted, every new call but `now` and `close` fails with its reason, and so does what is under
 * way when it fails
 */
export function openLocalStore(rootPath: string, signal?: AbortSignal): Store {
  return new LocalStore(resolve(rootPath), signal);
}

class LocalStore implements Store {
  readonly address: string;
  readonly hasExactDirectoryRename = true;
  readonly mostRequests = Number.POSITIVE_INFINITY;
  readonly #paths: LocalPaths;
  readonly #changed = new ChangedDirectories();
  readonly #signal: AbortSignal | undefined;

  constructor(root: string, signal: AbortSignal | undefined) {
    this.address = `file://${root}`;
    this.#signal = signal;
    this.#paths = new LocalPaths(root);
  }

  stat(path: string): Promise<FileStatus | undefined> {
    return this.#explaining('look at', path, async () => {
      const place = await this.#paths.target(path);
      const stats = place === undefined ? undefined : await unlessMissing(() => stat(place), undefined);
      return stats === undefined
        ? undefined
        : localStatus(path.slice(path.lastIndexOf('/') + 1), this.#paths.shown(path), stats);
    });
  }

  list(path: string): Promise<readonly FileStatus[] | undefined> {
    return this.#explaining('list', path, async () => {
      const place = await this.#paths.target(path);
      if (place === undefined) return undefined;
      const names = await readdir(place);
      const entries = await Promise.all(names.map((name) => this.stat(path === '' ? name : `${path}/${name}`)));
      return entries.filter((entry) => entry !== undefined).sort(compareNames);
    });
  }

  makeDirectory(path: string, mode: number): Promise<void> {
    return this.#explaining('make the directory', path, async () => {
      const place = await this.#paths.entry(path);
      if (path === '') await makeAncestors(place, this.#changed);
      if (await makeOne(place, this.#paths.shown(path), mode)) {
        // the umask took its part of the mode
        await chmod(place, mode);
      } else {
        // Whoever made it may have been killed before it was on the disk.
        this.#changed.add(place);
      }
      this.#changed.add(dirname(place));
    });
  }

  put(path: string, content: Content, options: PutOptions): Promise<void> {
    return this.#explaining('write', path, async () => {
      const place = await this.#paths.entry(path);
      try {
        await writeFile(place, content, options, this.#signal);
      } catch (error) {
        if (isErrno(error, 'ENOENT') && (await isParentMissing(place))) {
          throw parentMissing(this.#paths.shown(path));
        }
        throw error;
      }
      this.#changed.add(dirname(place));
    });
  }

  async *read(path: string): AsyncIterable<Uint8Array> {
    this.#signal?.throwIfAborted();
    try {
      const place = await this.#paths.target(path);
      for await (const chunk of createReadStream(place ?? this.#paths.shown(path), { highWaterMark: 256 * 1024 })) {
        this.#signal?.throwIfAborted();
        yield chunk;
      }
    } catch (error) {
      this.#signal?.throwIfAborted();
      throw localError(`read ${this.#paths.shown(path)}`, error);
    }
  }

  async checksum(path: string): Promise<FileChecksum> {
    const hash = createHash('sha256');
    for await (const chunk of this.read(path)) hash.update(chunk);
    return { kind: 'sha256', hex: hash.digest('hex') };
  }

  countReplicas(): Promise<undefined> {
    return Promise.resolve(undefined);
  }

  /** rename(2) replaces silently, so a file moves by link(2), which never does, and unlink(2). */
  renameFile(from: string, to: string): Promise<RenameResult> {
    return this.#explaining(`rename to ${this.#paths.shown(to)}`, from, async () => {
      const source = await this.#paths.entry(from);
      const target = await this.#paths.entry(to);
      const stats = await unlessMissing(() => lstat(source), undefined);
      if (stats === undefined) return 'missing';
      if (!stats.isFile()) throw notAFile(this.#paths.shown(from));
      await this.#changed.sync();
      try {
        await link(source, target);
      } catch (error) {
        if (isErrno(error, ...NO_HARD_LINKS)) throw noHardLinks(target, error);
        return await this.#whyNotMoved(error, source, target, to);
      }
      this.#changed.add(dirname(target));
      try {
        await this.#changed.sync();
      } catch (error) {
        // A name that a power loss may take away again is not one to build on.
        await unlink(target);
        throw error;
      }
      // It has the new name for good, whatever becomes of the old one, which counts for nothing.
      await unlink(source).catch(() => undefined);
      this.#changed.add(dirname(source));
      return 'renamed';
    });
  }

  /** Exact as long as nobody else makes an empty directory with the name `to` in the same instant. */
  renameDirectory(from: string, to: string): Promise<RenameResult> {
    return this.#explaining(`rename to ${this.#paths.shown(to)}`, from, async () => {
      const source = await this.#paths.entry(from);
      const target = await this.#paths.entry(to);
      const stats = await unlessMissing(() => lstat(source), undefined);
      if (stats === undefined) return 'missing';
      if (!stats.isDirectory()) throw notADirectory(this.#paths.shown(from));
      // rename(2) replaces an empty directory
      if ((await unlessMissing(() => lstat(target), undefined)) !== undefined) return 'exists';
      await this.#changed.sync();
      try {
        await rename(source, target);
      } catch (error) {
        return await this.#whyNotMoved(error, source, target, to);
      }
      this.#changed.add(dirname(target));
      this.#changed.add(dirname(source));
      await this.#changed.sync();
      return 'renamed';
    });
  }

  delete(path: string): Promise<boolean> {
    return this.#explaining('delete', path, async () => {
      const place = await this.#paths.entry(path);
      if ((await unlessMissing(() => lstat(place), undefined)) === undefined) return false;
      await rm(place, { recursive: true, force: true });
      this.#changed.add(dirname(place));
      return true;
    });
  }

  touch(path: string): Promise<void> {
    return this.#explaining('set the time of', path, async () => {
      const now = new Date();
      await utimes((await this.#paths.target(path)) ?? this.#paths.shown(path), now, now);
    });
  }

  now(): Promise<number> {
    return Promise.resolve(Date.now());
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  async #whyNotMoved(error: unknown, source: string, target: string, to: string): Promise<RenameResult> {
    if (isErrno(error, 'EEXIST', 'ENOTEMPTY')) return 'exists';
    if (isErrno(error, 'ENOENT')) {
      if ((await unlessMissing(() => lstat(source), undefined)) === undefined) return 'missing';
      if (await isParentMissing(target)) throw parentMissing(this.#paths.shown(to));
    }
    throw error;
  }

  /** Runs the work of a call and says what it was about when it fails, or why it had to. */
  async #explaining<Result>(doing: string, path: string, work: () => Promise<Result>): Promise<Result> {
    this.#signal?.throwIfAborted();
    try {
      return await work();
    } catch (error) {
      this.#signal?.throwIfAborted();
      throw localError(`${doing} ${this.#paths.shown(path)}`, error);
    }
  }
}
