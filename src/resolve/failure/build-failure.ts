import { readFile } from 'node:fs/promises';
import { HdfsVenvError } from '../../errors/hdfs-venv-error.ts';
import { maskSecrets } from '../../errors/mask-secrets.ts';
import type { Target } from '../../target/target.ts';
import { parsePipLog } from '../pip/pip-log.ts';
import { OLDEST_MINOR } from '../pip/host-python.ts';
import type { PipOutcome } from '../pip/pip-process.ts';
import type { PipReport } from '../pip/pip-report.ts';
import { newestFirst } from './blocked.ts';
import { indexTrouble } from './index-trouble.ts';
import type { Problem } from './problem.ts';
import { missingTool, tellingLine } from './telling-line.ts';

type Failure = NonNullable<PipReport['buildFailure']>;

/**
 * Why a source gives no wheel for the target, with all ways out. Undefined when no build ended the run.
 *
 * @throws HdfsVenvError the codes of `indexTrouble` when what the build needs could not be asked for
 */
export async function findBuildProblem(outcome: PipOutcome, target: Target): Promise<Problem | undefined> {
  const failure = outcome.report.buildFailure;
  if (failure === null) return undefined;
  const log = failure.log === null ? '' : maskSecrets(await readFile(failure.log, 'utf8').catch(() => ''));
  const trouble = indexTrouble(log);
  if (trouble !== undefined) throw new HdfsVenvError(trouble);
  const wheels = parsePipLog(outcome.log).searches.get(failure.name)?.wheels ?? [];
  return explain(failure, log, newestFirst(wheels)[0], target);
}

function explain(failure: Failure, log: string, newest: string | undefined, target: Target): Problem {
  const { name, version, wheel, sdist } = failure;
  const minor = target.markerEnvironment['python_version'];
  const exact = version === null ? name : `${name}==${version}`;
  const command = `python${minor} -m pip wheel --no-deps ${exact}`;
  const take =
    newest === undefined ? [] : [`Ask for ${name}==${newest}, the newest version with a wheel for the target.`];
  const provided = `Name it as --provided ${name} if the cluster brings it.`;
  const elsewhere = [
    ...take,
    `Build ${exact} on a machine or in a container like the cluster's (\`${command}\`) and give the .whl file as an argument.`,
    provided,
  ];
  switch (failure.kind) {
    case 'host-bound':
      return problem(
        'host-bound',
        name,
        `${sdist} builds ${wheel}, which runs on machines like this one only`,
        elsewhere,
      );
    case 'compiler': {
      const compilers = failure.compilers.join(', ');
      const text = `${sdist} needs a compiler (${compilers}), and what one makes here runs on machines like this one only`;
      return problem('host-bound', name, text, elsewhere);
    }
    case 'python': {
      const text = `${sdist} builds ${wheel} with this machine's Python ${failure.python}, and that is not for Python ${target.python}`;
      const here = `Build it with Python ${minor} on any machine (\`${command}\`) and give the .whl file as an argument.`;
      return problem('host-bound', name, text, [...take, here, provided]);
    }
    case 'limit': {
      const text = `${failure.count - 1} versions of ${name} were built and none goes together with the other requirements`;
      return problem('build', name, text, [`Ask for one version, ${name}==…`, ...take]);
    }
    case 'failed': {
      const text = `the build of ${sdist} failed: ${tellingLine(log)}`;
      const tool = missingTool(log);
      const first =
        tool === undefined
          ? `See all of it: python3 -m pip wheel --no-deps ${exact}`
          : `Put ${tool} where the packages come from: this machine's Python needs it to build.`;
      return problem('build', name, text, [first, ...olderPython(failure.python, target), ...elsewhere]);
    }
  }
}

/** Sources of an older Python's time often build with that one only. */
function olderPython(host: string, { markerEnvironment, python }: Target): string[] {
  const isNewer = !python.startsWith('3.') || minorOf(host) > minorOf(markerEnvironment['python_version']);
  if (!isNewer || minorOf(host) <= OLDEST_MINOR) return [];
  return [`Or build with an older Python, 3.${OLDEST_MINOR} or later: set HDFS_VENV_PYTHON; this was ${host}.`];
}

function minorOf(version: string | undefined): number {
  return Number(version?.split('.')[1]);
}

function problem(
  kind: Problem['kind'],
  name: string,
  text: string,
  [hint = '', ...others]: readonly string[],
): Problem {
  return { kind, name, text, hint, others };
}
