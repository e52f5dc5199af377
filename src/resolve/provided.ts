import { parse } from '@renovatebot/pep440';
import { HdfsVenvError } from '../errors/hdfs-venv-error.ts';
import { normaliseName } from '../wheel/wheel-name.ts';

/** What every Spark brings along. pyspark has no wheels at all: it could not be downloaded anyway. */
export const DEFAULT_PROVIDED: readonly string[] = ['pyspark', 'py4j'];

/**
 * Reads `NAME` or `NAME==VERSION`, what the cluster brings: normalised name (PEP 503) to version, null when not known.
 * A later entry of the same name wins.
 *
 * @throws HdfsVenvError `RESOLVE_PROVIDED` (usage) for anything else
 */
export function parseProvided(given: readonly string[]): Map<string, string | null> {
  return new Map(
    given.map((text) => {
      const [, name, version] = /^([A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?)(?:==(\S+))?$/.exec(text.trim()) ?? [];
      if (name === undefined || (version !== undefined && parse(version) === null)) {
        throw new HdfsVenvError({
          code: 'RESOLVE_PROVIDED',
          exit: 'usage',
          message: `Cannot take ${JSON.stringify(text)} for a package that the cluster brings: expected NAME or NAME==VERSION`,
        });
      }
      return [normaliseName(name), version ?? null];
    }),
  );
}
