import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'smol-toml';
import { z } from 'zod';
import type { Found } from '../../config/init-file.ts';
import { isFile } from '../../resolve/pip/local-files.ts';

const projectSchema = z.object({
  project: z.object({ name: z.string().optional(), 'requires-python': z.string().optional() }).optional(),
  'build-system': z.unknown().optional(),
});

/** What a pyproject.toml says that matters here. */
export interface ProjectFacts {
  /** It has a table [project]. */
  readonly statesProject: boolean;
  /** A wheel can be made of the folder. */
  readonly isBuildable: boolean;
  readonly name: string | undefined;
  readonly requiresPython: string | undefined;
}

/** One that cannot be read says nothing: whoever builds it hears why. */
export async function readProjectFacts(directory: string): Promise<ProjectFacts> {
  const hasSetup = await isFile(join(directory, 'setup.py'));
  const text = await readFile(join(directory, 'pyproject.toml'), 'utf8').catch(() => '');
  const { project, 'build-system': buildSystem } = projectSchema.catch({}).parse(parseOrNothing(text));
  return {
    statesProject: project !== undefined,
    isBuildable: hasSetup || buildSystem !== undefined,
    name: project?.name,
    requiresPython: project?.['requires-python'],
  };
}

/**
 * What the environment is made of: the lock of another tool, else requirements.txt; and the project in the folder, if a wheel can be made of it. Without all these, the
 * dependencies that pyproject.toml states.
 */
export async function findRequirements(directory: string, project: ProjectFacts): Promise<Found | undefined> {
  const lists = ['uv.lock', 'pylock.toml', 'requirements.txt'];
  const there = await Promise.all(lists.map((name) => isFile(join(directory, name))));
  const list = lists.find((_, index) => there[index] === true);
  const value = [...(list === undefined ? [] : [list]), ...(project.isBuildable ? ['.'] : [])];
  if (value.length > 0) return { value, from: 'found here' };
  return project.statesProject ? { value: ['pyproject.toml'], from: 'found here' } : undefined;
}

function parseOrNothing(text: string): unknown {
  try {
    return parse(text);
  } catch {
    return {};
  }
}
