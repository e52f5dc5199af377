import { HdfsVenvError } from '../errors/hdfs-venv-error.ts';

export interface PublishArguments {
  /** A directory that was built; undefined when it has yet to be. */
  readonly directory?: string;
  readonly address?: string;
}

/**
 * Tells the arguments of `publish` apart: what begins with a scheme (`webhdfs:/…`, `file:/…`) or an alias (`prod:/…`) is the
 * address, all else a directory, so that each may be left out. A directory whose name looks like that is written with `./`
 * in front.
 *
 * @throws HdfsVenvError `CLI_PUBLISH_ARGUMENTS` (usage) unless there is at most one of each, the directory first
 */
export function readPublishArguments(given: readonly string[]): PublishArguments {
  const [first, second] = given;
  if (first === undefined) return {};
  if (second === undefined) return isAddress(first) ? { address: first } : { directory: first };
  // two as ever: parseAddress says what is wrong with the second one
  if (!isAddress(first)) return { directory: first, address: second };
  throw new HdfsVenvError({
    code: 'CLI_PUBLISH_ARGUMENTS',
    exit: 'usage',
    message: `Cannot publish ${JSON.stringify(second)}: the address was given first, expected the directory, then the address`,
    hints: ['hdfs-venv publish [DIR] [ADDRESS]'],
  });
}

/** `prod:/risk` is one, `C:/risk` a directory. */
function isAddress(text: string): boolean {
  return /^[a-z][\w+.-]+:\//i.test(text);
}
