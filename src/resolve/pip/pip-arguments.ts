import type { Target } from '../../target/target.ts';
import { indexArguments, type IndexOptions } from './index-options.ts';

export interface DownloadRequest {
  readonly target: Target;
  /** Empty directory for the wheels. */
  readonly destination: string;
  /** pip's own cache, of index pages and metadata above all. */
  readonly httpCache: string;
  /** Requirements files, paths as typed: pip's messages name them. */
  readonly files: readonly string[];
  readonly index: IndexOptions;
  /** False to get what is named and nothing else; true when left out. */
  readonly withDependencies?: boolean;
  readonly requirements: readonly string[];
}

/**
 * `pip download` for the target. All platform tags are listed, because pip takes each by its letters: with
 * `manylinux2014_x86_64` alone it passes over a wheel that says `manylinux1_x86_64`.
 */
export function pipArguments(request: DownloadRequest): string[] {
  const { target, destination, httpCache, files, index, withDependencies = true, requirements } = request;
  return [
    'download',
    '--no-input',
    '--disable-pip-version-check',
    '--no-color',
    '--progress-bar',
    'off',
    '--only-binary=:all:',
    '--python-version',
    target.python,
    '--implementation',
    target.implementation,
    '--abi',
    target.abi,
    ...target.platforms.flatMap((tag) => ['--platform', tag]),
    '--dest',
    destination,
    '--cache-dir',
    httpCache,
    ...(withDependencies ? [] : ['--no-deps']),
    ...indexArguments(index),
    ...index.constraints.flatMap((file) => ['--constraint', file]),
    ...files.flatMap((file) => ['--requirement', file]),
    '--',
    ...requirements,
  ];
}
