import { parse, TomlError } from 'smol-toml';
import type { z } from 'zod';
import { HdfsVenvError } from '../../errors/hdfs-venv-error.ts';
import { maskSecrets } from '../../errors/mask-secrets.ts';

/** The error for a lock that is not what its format asks for; `problem` says what was expected and what is there. */
export function lockFormatError(name: string, problem: string, hints: readonly string[] = []): HdfsVenvError {
  return new HdfsVenvError({
    code: 'RESOLVE_LOCK_FORMAT',
    exit: 'usage',
    message: maskSecrets(`Cannot read the lock ${JSON.stringify(name)}: ${problem}`),
    hints,
  });
}

/**
 * The TOML document of a lock.
 *
 * @throws HdfsVenvError `RESOLVE_LOCK_FORMAT` with line and column when it is no TOML
 */
export function parseLockToml(text: string, name: string): Readonly<Record<string, unknown>> {
  try {
    return parse(text);
  } catch (error) {
    if (!(error instanceof TomlError)) throw error;
    const [problem = ''] = error.message.split('\n');
    throw lockFormatError(name, `line ${error.line}, column ${error.column}: ${problem}`);
  }
}

/**
 * The document in the shape of `schema`; keys that the schema does not know are left out.
 *
 * @throws HdfsVenvError `RESOLVE_LOCK_FORMAT` with the first place that differs, `packages[3].version`
 */
export function checkLockSchema<Schema extends z.ZodType>(
  schema: Schema,
  document: unknown,
  name: string,
): z.output<Schema> {
  const parsed = schema.safeParse(document);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const where = (issue?.path ?? []).map((key) => (typeof key === 'number' ? `[${key}]` : `.${String(key)}`)).join('');
  throw lockFormatError(name, `${where.replace(/^\./, '')}: ${issue?.message ?? 'it has another shape'}`);
}
