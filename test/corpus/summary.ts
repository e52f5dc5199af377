import { readFileSync } from 'node:fs';
import { HdfsVenvError } from '../../src/errors/hdfs-venv-error.ts';
import { normaliseName } from '../../src/wheel/wheel-name.ts';
import { type Difference, MEANT } from './compare-tree.ts';
import type { Exception } from './exceptions.ts';
import type { Unavailable } from './prepare.ts';
import type { CorpusWheel } from './wheels.ts';

/** What a run has compared, for people. */
export class Summary {
  readonly #wheels: readonly CorpusWheel[];
  readonly #unavailable: readonly Unavailable[];
  readonly #refusals: HdfsVenvError[] = [];
  readonly #excepted: Exception[] = [];
  readonly #meant = new Map<string, number>();
  #compared = 0;
  #entries = 0;

  constructor(wheels: readonly CorpusWheel[], unavailable: readonly Unavailable[]) {
    this.#wheels = wheels;
    this.#unavailable = unavailable;
  }

  /** @param entries files in the archive */
  compared(entries: number, differences: readonly Difference[]): void {
    this.#compared += 1;
    this.#entries += entries;
    for (const { meant } of differences) {
      if (meant !== undefined) this.#meant.set(meant, (this.#meant.get(meant) ?? 0) + 1);
    }
  }

  /** Of a wheel that was refused where it was expected. */
  excepted(exception: Exception): void {
    this.#excepted.push(exception);
  }

  /** @throws whatever `run` throws */
  async notingRefusal<Result>(run: () => Promise<Result>): Promise<Result> {
    try {
      return await run();
    } catch (error) {
      if (error instanceof HdfsVenvError) this.#refusals.push(error);
      throw error;
    }
  }

  render(): string {
    const names = new Set(this.#wheels.map(({ name }) => normaliseName(name.distribution)));
    const mostUsed = readMostUsed();
    const absent = mostUsed.filter((name) => !names.has(normaliseName(name)));
    const meant = Object.entries(MEANT).map(([kind, text]) => `  ${this.#meant.get(kind) ?? 0} × ${text}`);
    return [
      `${this.#wheels.length} wheels of ${names.size} distributions; ${this.#compared} compared, ${this.#entries} entries`,
      `of the ${mostUsed.length} most-used packages ${mostUsed.length - absent.length} are among them; not: ${absent.join(' ')}`,
      'differences that are meant:',
      ...meant,
      `refused: ${this.#refusals.length}`,
      ...this.#refusals.map(({ code, message }) => `  ${code}: ${message}`),
      `refused where their authors did not mean them to be, and accepted where they did: ${this.#excepted.length}`,
      ...this.#excepted.map(({ code, wheel, reason }) => `  ${code}: ${wheel}: ${reason}`),
      `not to be had: ${this.#unavailable.length}`,
      ...this.#unavailable.map(({ name, reason }) => `  ${name}: ${reason}`),
    ].join('\n');
  }
}

function readMostUsed(): string[] {
  const text = readFileSync(new URL('most-used.txt', import.meta.url), 'utf8');
  return text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
}
