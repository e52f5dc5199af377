import { HdfsVenvError } from '../errors/hdfs-venv-error.ts';
import { quoteName } from './quote-name.ts';

/** What a wheel's file name says: `{distribution}-{version}(-{build})?-{python}-{abi}-{platform}.whl`. */
export interface WheelName {
  readonly fileName: string;
  /** As written, `ruamel.yaml` or `scikit_learn`; compare with `normaliseName`. */
  readonly distribution: string;
  /** As written, PEP 440: `1.2.3`, `2.0+cu118`. */
  readonly version: string;
  /** The build tag, `1` or `2rhel7`; undefined when there is none. */
  readonly build: string | undefined;
  /** `py2.py3` → `['py2', 'py3']`: a compressed tag set stands for every combination. */
  readonly pythonTags: readonly string[];
  readonly abiTags: readonly string[];
  readonly platformTags: readonly string[];
}

/** Word characters of any script for the name (PEP 427), and what PEP 440 allows in versions. */
const DISTRIBUTION = /^[\p{L}\p{N}](?:[\p{L}\p{N}._]*[\p{L}\p{N}])?$/u;
const VERSION = /^[A-Za-z0-9][A-Za-z0-9._+!]*$/;
const BUILD = /^[0-9][A-Za-z0-9_.]*$/;
const TAG_SET = /^[A-Za-z0-9_]+(?:\.[A-Za-z0-9_]+)*$/;

/** Distribution name as the index compares it: `Ruamel.YAML` → `ruamel-yaml` (PEP 503). */
export function normaliseName(name: string): string {
  return name.replaceAll(/[-_.]+/g, '-').toLowerCase();
}

/**
 * Reads a wheel's file name (PEP 427, PEP 425 compressed tag sets). A directory in front is not accepted.
 *
 * @throws HdfsVenvError `WHEEL_FILE_NAME` when it is not the name of a wheel
 */
export function parseWheelName(fileName: string): WheelName {
  const fields = fileName.endsWith('.whl') ? fileName.slice(0, -'.whl'.length).split('-') : [];
  const [distribution = '', version = ''] = fields;
  const [python = '', abi = '', platform = ''] = fields.slice(-3);
  const build = fields.length === 6 ? fields[2] : undefined;
  const wellFormed =
    (fields.length === 5 || fields.length === 6) &&
    DISTRIBUTION.test(distribution) &&
    VERSION.test(version) &&
    (build === undefined || BUILD.test(build)) &&
    [python, abi, platform].every((tags) => TAG_SET.test(tags));
  if (!wellFormed) {
    throw new HdfsVenvError({
      code: 'WHEEL_FILE_NAME',
      exit: 'integrity',
      message: `Cannot read a wheel's name: expected NAME-VERSION[-BUILD]-PYTHON-ABI-PLATFORM.whl, got ${quoteName(fileName)}`,
    });
  }
  return {
    fileName,
    distribution,
    version,
    build,
    pythonTags: python.split('.'),
    abiTags: abi.split('.'),
    platformTags: platform.split('.'),
  };
}
