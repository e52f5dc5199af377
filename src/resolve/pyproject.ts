import { readFile } from 'node:fs/promises';
import { satisfies, validRange } from '@renovatebot/pep440';
import { parse, TomlError } from 'smol-toml';
import { z } from 'zod';
import { HdfsVenvError } from '../errors/hdfs-venv-error.ts';
import type { Target } from '../target/target.ts';
import { normaliseName } from '../wheel/wheel-name.ts';
import { type ProjectRequirements, requirementsOf } from './self-reference.ts';

const projectSchema = z.object({
  name: z.string(),
  'requires-python': z.string().optional(),
  dependencies: z.array(z.string()).default([]),
  'optional-dependencies': z.record(z.string(), z.array(z.string())).default({}),
  dynamic: z.array(z.string()).default([]),
});

export interface Project extends ProjectRequirements {
  readonly requiresPython: string | null;
}

/**
 * The requirements that a `pyproject.toml` states: `dependencies`, and those of the extras that were asked for. Markers stay in
 * them. The project itself is not among them.
 *
 * @throws HdfsVenvError `RESOLVE_PYPROJECT` (usage; permission when the file cannot be read), `RESOLVE_EXTRA` (usage) for an extra
 * that it does not have, `RESOLVE_REQUIRES_PYTHON` (resolve) when it does not run on the target's Python
 */
export async function readPyproject(path: string, extras: readonly string[], target: Target): Promise<string[]> {
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    throw new HdfsVenvError({
      code: 'RESOLVE_PYPROJECT',
      exit: 'permission',
      message: `Cannot read ${path}: ${error instanceof Error ? error.message : ''}`,
      cause: error,
    });
  });
  const project = parsePyproject(text, path, extras);
  const { requiresPython } = project;
  if (requiresPython !== null && !satisfies(target.python, requiresPython, { prereleases: true })) {
    throw new HdfsVenvError({
      code: 'RESOLVE_REQUIRES_PYTHON',
      exit: 'resolve',
      message: `Cannot use ${path}: the project wants Python ${requiresPython}, the target is ${target.python}`,
      hints: ['If the cluster runs another Python, say so with --python; else widen requires-python.'],
    });
  }
  return requirementsOf(project, extras);
}

/**
 * Reads the table [project] (packaging.python.org: pyproject.toml specification).
 *
 * @param path for messages
 * @param extras those that were asked for
 * @throws HdfsVenvError `RESOLVE_PYPROJECT` (usage) when it does not state the requirements, `RESOLVE_EXTRA` (usage)
 */
export function parsePyproject(text: string, path: string, extras: readonly string[]): Project {
  const document = parseToml(text, path);
  if (document['project'] === undefined) throw withoutProject(document, path);
  const parsed = projectSchema.safeParse(document['project']);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw pyprojectError(path, `${['project', ...(issue?.path ?? [])].join('.')}: ${issue?.message ?? ''}`);
  }
  const { name, dependencies, dynamic } = parsed.data;
  const optional = new Map(
    Object.entries(parsed.data['optional-dependencies']).map(([extra, list]) => [normaliseName(extra), list]),
  );
  const missing = dynamic.find(
    (key) => key === 'dependencies' || (key === 'optional-dependencies' && extras.length > 0),
  );
  if (missing !== undefined) {
    throw pyprojectError(path, `its ${missing} are dynamic: only building the project tells them`, [
      'Give the project folder instead, with a slash: ./folder. It is built, and what it needs comes along.',
    ]);
  }
  const python = parsed.data['requires-python']?.trim() ?? '';
  if (python !== '' && !validRange(python)) {
    throw pyprojectError(path, `project.requires-python: expected versions as ">=3.7", got ${JSON.stringify(python)}`);
  }
  const nameless = [dependencies, ...optional.values()].flat().find((one) => !/^\s*[A-Za-z0-9]/.test(one));
  if (nameless !== undefined) {
    throw pyprojectError(path, `expected a requirement (PEP 508), got ${JSON.stringify(nameless)}`);
  }
  const unknown = extras.filter((extra) => !optional.has(normaliseName(extra)));
  if (unknown.length > 0) {
    const there = optional.size === 0 ? 'none' : [...optional.keys()].toSorted().join(', ');
    throw new HdfsVenvError({
      code: 'RESOLVE_EXTRA',
      exit: 'usage',
      message: `Cannot find the extra ${unknown.join(', ')} in ${path}: it has ${there}`,
    });
  }
  return { name: normaliseName(name), requiresPython: python === '' ? null : python, dependencies, optional };
}

function parseToml(text: string, path: string): Readonly<Record<string, unknown>> {
  try {
    return parse(text);
  } catch (error) {
    if (!(error instanceof TomlError)) throw error;
    throw pyprojectError(path, `line ${error.line}, column ${error.column}: ${error.message.split('\n')[0] ?? ''}`);
  }
}

/** What a file that states no requirements states instead. */
function withoutProject(document: Readonly<Record<string, unknown>>, path: string): HdfsVenvError {
  const tool = z.record(z.string(), z.unknown()).catch({}).parse(document['tool']);
  const old = ['poetry', 'flit', 'pdm'].find((name) => name in tool);
  const folder = 'Give the project folder instead, with a slash: ./folder. It is built, and what it needs comes along.';
  if (old !== undefined) {
    return pyprojectError(path, `expected a table [project], got [tool.${old}] only, which is ${old}'s own format`, [
      folder,
      ...(old === 'poetry' ? ['Or `poetry export -o requirements.txt`, and give that.'] : []),
    ]);
  }
  return pyprojectError(
    path,
    'expected a table [project] with dependencies, got none',
    'build-system' in document ? [folder] : [],
  );
}

function pyprojectError(path: string, problem: string, hints: readonly string[] = []): HdfsVenvError {
  return new HdfsVenvError({
    code: 'RESOLVE_PYPROJECT',
    exit: 'usage',
    message: `Cannot take the requirements from ${path}: ${problem}`,
    hints,
  });
}
