import { HdfsVenvError } from '../../errors/hdfs-venv-error.ts';
import { parsePipLog } from '../pip/pip-log.ts';
import type { PipOutcome } from '../pip/pip-process.ts';
import type { PipReport } from '../pip/pip-report.ts';
import { indexFailure } from './index-failure.ts';
import { indexTrouble } from './index-trouble.ts';
import { diskFull, knownError } from './known-errors.ts';

/** What to do instead of naming sources. */
const WAYS_OUT: Readonly<Record<PipReport['refused'][number]['kind'], string>> = {
  folder:
    'A folder: take the line out of the requirements file and give the folder as an argument of its own, with a slash: ./folder',
  editable: 'An editable repository: clone it, and give the folder as an argument of its own, with a slash: ./folder',
  vcs: 'A repository: build a wheel of it (`pip wheel --no-deps "git+https://…"`) and give the .whl file as an argument; or clone it and give the folder, ./folder; or name the archive of the commit, NAME @ https://…/COMMIT.tar.gz, with --build NAME',
  source:
    'An archive: let it be built with --build NAME, or build a wheel of it (`pip wheel --no-deps …`) and give the .whl file as an argument.',
};

type Fields = ConstructorParameters<typeof HdfsVenvError>[0];

/** Every failure of pip that is no missing set of packages: one cause, one action. Pure: the outcome of a run in, the error out. */
export function explainFailure({ report, log, stderr }: PipOutcome): HdfsVenvError {
  const { errors } = parsePipLog(log);
  const fields =
    refused(report) ?? diskFull(log, stderr) ?? indexFailure(report) ?? knownError(errors) ?? indexTrouble(log);
  if (fields !== undefined) return new HdfsVenvError(fields);
  const said = errors.find((error) => !error.startsWith('Exception:')) ?? stderr.trim().split('\n').at(-1) ?? '';
  return new HdfsVenvError({
    code: 'RESOLVE_PIP_FAILED',
    exit: 'resolve',
    message: `Cannot resolve the requirements: pip says ${said === '' ? `exit code ${report.status}` : said}`,
  });
}

function refused({ refused: all }: PipReport): Fields | undefined {
  if (all.length === 0) return undefined;
  const texts = all.map(({ name, location, by }) => {
    return `${name === null ? '' : `${name} @ `}${location}${by === null ? '' : ` (${by})`}`;
  });
  const kinds = new Set(all.map(({ kind }) => kind));
  return {
    code: 'RESOLVE_NOT_A_WHEEL',
    exit: 'resolve',
    message: `Cannot use sources that would have to be built: ${texts.join(', ')}`,
    hints: [...kinds].map((kind) => WAYS_OUT[kind]),
  };
}
