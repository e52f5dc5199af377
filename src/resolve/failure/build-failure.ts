import { readFile } from 'node:fs/promises';
import { HdfsVenvError } from '../../errors/hdfs-venv-error.ts';
import { maskSecrets } from '../../errors/mask-secrets.ts';
import type { Target } from '../../target/target.ts';
import { newestFirst } from './blocked.ts';
import { indexTrouble } from './index-trouble.ts';
import { tellingLine } from './telling-line.ts';
import { parsePipLog } from '../pip/pip-log.ts';
import { type PipOutcome, type PipReport, type PipRequest, runPip, type TargetRequest } from '../pip/pip-process.ts';

type Failure = NonNullable<PipReport['buildFailure']>;

interface Explained {
  readonly code: 'RESOLVE_BUILD' | 'RESOLVE_HOST_BOUND';
  readonly text: string;
  readonly hints: readonly string[];
}

/**
 * The error for a run that ended because a source gave no wheel for the target. pip is asked again without that package, and again, so that the
 * user hears of all such packages at once; what was built meanwhile is kept.
 *
 * @returns `RESOLVE_HOST_BOUND` (resolve) when what was built runs only on machines like this one, or not with the target's
 * Python; `RESOLVE_BUILD` (resolve) when a build failed, or several packages are in trouble for different reasons; the codes of
 * `indexTrouble` when a build requirement could not be had. Undefined when no build was the reason
 */
export async function buildErrorOf(
  outcome: PipOutcome,
  request: PipRequest & { readonly target: TargetRequest },
  target: Target,
): Promise<HdfsVenvError | undefined> {
  const explained = new Map<string, Explained>();
  let latest = outcome;
  for (let failure = latest.report.buildFailure; failure !== null && !explained.has(failure.name);) {
    const log = failure.log === null ? '' : maskSecrets(await readFile(failure.log, 'utf8').catch(() => ''));
    const trouble = indexTrouble(log);
    if (trouble !== undefined) return new HdfsVenvError(trouble);
    explained.set(failure.name, explain(failure, log, newestWheel(latest, failure.name), target));
    const skipped = [...request.target.skipped, ...explained.keys()];
    latest = await runPip({ ...request, target: { ...request.target, skipped, resolveOnly: true } });
    failure = latest.report.buildFailure;
  }
  if (explained.size === 0) return undefined;
  const all = [...explained.values()];
  const codes = new Set(all.map(({ code }) => code));
  const [code = 'RESOLVE_BUILD'] = codes;
  const count = all.length === 1 ? 'a package' : `${all.length} packages`;
  return new HdfsVenvError({
    code: codes.size === 1 ? code : 'RESOLVE_BUILD',
    exit: 'resolve',
    message: `Cannot build ${count} for Python ${target.python}: ${all.map(({ text }) => text).join('; ')}`,
    hints: [...new Set(all.flatMap(({ hints }) => hints))],
  });
}

function explain(failure: Failure, log: string, newest: string | undefined, target: Target): Explained {
  const { name, version, wheel, sdist } = failure;
  const minor = target.markerEnvironment['python_version'];
  const exact = version === null ? name : `${name}==${version}`;
  const command = `python${minor} -m pip wheel --no-deps ${exact}`;
  const take =
    newest === undefined ? [] : [`Ask for ${name}==${newest}, the newest version with a wheel for the target.`];
  const elsewhere = `Build ${exact} on a machine or in a container like the cluster's (\`${command}\`) and give the .whl file as an argument.`;
  const provided = `Name it as --provided ${name} if the cluster brings it.`;
  switch (failure.kind) {
    case 'host-bound':
      return {
        code: 'RESOLVE_HOST_BOUND',
        text: `${sdist} builds ${wheel}, which runs on machines like this one only`,
        hints: [...take, elsewhere, provided],
      };
    case 'compiler':
      return {
        code: 'RESOLVE_HOST_BOUND',
        text: `${sdist} needs a compiler (${failure.compilers.join(', ')}), and what one makes here runs on machines like this one only`,
        hints: [...take, elsewhere, provided],
      };
    case 'python':
      return {
        code: 'RESOLVE_HOST_BOUND',
        text: `${sdist} builds ${wheel} with this machine's Python ${failure.python}, and that is not for Python ${target.python}`,
        hints: [
          ...take,
          `Build it with Python ${minor} on any machine (\`${command}\`) and give the .whl file as an argument.`,
          provided,
        ],
      };
    case 'limit':
      return {
        code: 'RESOLVE_BUILD',
        text: `${failure.count - 1} versions of ${name} were built and none goes together with the other requirements`,
        hints: [`Ask for one version, ${name}==…`, ...take],
      };
    case 'failed':
      return {
        code: 'RESOLVE_BUILD',
        text: `the build of ${sdist} failed: ${tellingLine(log)}`,
        hints: [`See all of it: python3 -m pip wheel --no-deps ${exact}`, ...take, elsewhere, provided],
      };
  }
}

function newestWheel({ log }: PipOutcome, name: string): string | undefined {
  return newestFirst(parsePipLog(log).searches.get(name)?.wheels ?? [])[0];
}
