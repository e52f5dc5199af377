import { basename } from 'node:path';
import { HdfsVenvError } from '../../src/errors/hdfs-venv-error.ts';
import { findHostPython } from '../../src/resolve/pip/host-python.ts';
import { resolveWheels } from '../../src/resolve/resolve-wheels.ts';
import { parseTarget, type Target } from '../../src/target/target.ts';
import { cacheDirectory } from '../support/cache.ts';
import { scratchDirectory } from '../support/scratch.ts';
import type { NativePython } from './native-python.ts';
import type { Outcome } from './outcome.ts';
import { type RequirementSet, writeRequirements } from './requirement-set.ts';

/** The target that this machine would be as a cluster with that Python. */
export function targetOf(python: NativePython): Target {
  return parseTarget({ python: python.version, platform: [python.platform], abi: python.abi });
}

/**
 * The target with the markers of the interpreter that runs pip, which is how pip by itself would resolve for it: what a
 * comparison must notice.
 */
export async function withHostMarkers(target: Target, host?: string): Promise<Target> {
  const { major, minor } = await findHostPython(host);
  const markers = parseTarget({ python: `${major}.${minor}`, platform: target.platforms }).markerEnvironment;
  return { ...target, markerEnvironment: markers };
}

/** What we choose for a target, with paths of the wheels. */
export type OurOutcome = Outcome & {
  /** Absolute paths; none for a failure. */
  readonly paths: readonly string[];
};

/**
 * What we choose for the target on another Python.
 * @param host the interpreter that runs pip; else the one that is found
 * @throws whatever is no answer about the set: the network, the disk, a crash
 */
export async function resolveOurs(target: Target, set: RequirementSet, host?: string): Promise<OurOutcome> {
  const scratch = scratchDirectory('ours');
  try {
    const { wheels } = await resolveWheels({
      requirements: [],
      requirementFiles: [writeRequirements(set, scratch.path)],
      target,
      provided: [],
      cacheDirectory: cacheDirectory('differential', 'ours'),
      workingDirectory: scratch.path,
      ...(host === undefined ? {} : { python: host }),
    });
    return { wheels: wheels.map((path) => basename(path)).sort(), paths: wheels };
  } catch (error) {
    if (!(error instanceof HdfsVenvError) || error.exit !== 'resolve') throw error;
    return { failure: [`${error.code}: ${error.message}`, ...error.hints].join('\n'), paths: [] };
  } finally {
    scratch.remove();
  }
}
