import type { Progress } from '../env/progress.ts';

export type OnProgress = (progress: Progress) => void;

/** Adds up the progress of many uploads that run at once; the numbers only grow, but for bytes that are sent again. */
export class ProgressCounter {
  readonly #onProgress: OnProgress | undefined;
  readonly #totalFiles: number;
  readonly #totalBytes: number;
  #files = 0;
  #bytes = 0;

  constructor(files: readonly { readonly size: number }[], onProgress: OnProgress | undefined) {
    this.#onProgress = onProgress;
    this.#totalFiles = files.length;
    this.#totalBytes = files.reduce((sum, file) => sum + file.size, 0);
    this.#report();
  }

  addBytes(bytes: number): void {
    this.#bytes += bytes;
    this.#report();
  }

  addFile(): void {
    this.#files += 1;
    this.#report();
  }

  #report(): void {
    this.#onProgress?.({
      files: this.#files,
      bytes: this.#bytes,
      totalFiles: this.#totalFiles,
      totalBytes: this.#totalBytes,
    });
  }
}
