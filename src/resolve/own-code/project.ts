import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { HdfsVenvError } from '../../errors/hdfs-venv-error.ts';
import type { Target } from '../../target/target.ts';
import { parseWheelName } from '../../wheel/wheel-name.ts';
import type { HostPython } from '../pip/host-python.ts';
import { indexTrouble } from '../failure/index-trouble.ts';
import { tellingLine } from '../failure/telling-line.ts';
import { runPip } from '../pip/pip-process.ts';

export interface ProjectOptions {
  /** As the user typed it, for messages. */
  readonly given: string;
  /** Absolute path of the folder. */
  readonly path: string;
  readonly python: HostPython;
  readonly pip: string | null;
  readonly target: Target;
  /** Empty, private to this build. */
  readonly scratch: string;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Builds the wheel of a project folder with its own build system, isolated (PEP 517), on this machine and without its
 * dependencies; those are resolved for the target afterwards. Nothing is left in the folder by setuptools, and nothing
 * that an earlier build left there gets into the wheel: `build/` and `*.egg-info` are made elsewhere.
 *
 * @returns the wheel's absolute path
 * @throws HdfsVenvError `RESOLVE_BUILD` (resolve) when the build fails, `RESOLVE_HOST_BOUND` (resolve) when the wheel only
 * runs on machines like this one
 */
export async function wheelOfProject(options: ProjectOptions): Promise<string> {
  const { given, path, scratch } = options;
  const wheels = join(scratch, 'wheels');
  await mkdir(wheels, { recursive: true });
  const { report, log, stderr } = await runPip({
    python: options.python,
    pip: options.pip,
    arguments: [
      'wheel',
      '--no-input',
      '--disable-pip-version-check',
      '--progress-bar',
      'off',
      '--no-deps',
      '--no-cache-dir',
      // it says which Python the project runs on, and that is not this one
      '--ignore-requires-python',
      '--wheel-dir',
      wheels,
      '--',
      path,
    ],
    target: null,
    scratch,
    workingDirectory: scratch,
    environment: {
      DIST_EXTRA_CONFIG: await setuptoolsConfig(scratch),
      // as in isolated_build.py: equal sources make equal wheels, wherever they are built
      SOURCE_DATE_EPOCH: process.env['SOURCE_DATE_EPOCH'] ?? '315532800',
      TZ: 'UTC',
      PYTHONHASHSEED: '0',
      PYTHONUTF8: '1',
    },
    signal: options.signal,
  });
  const [fileName] = await readdir(wheels);
  if (report.status !== 0 || fileName === undefined) throw buildError(given, log, stderr);
  const { abiTags, platformTags, pythonTags } = parseWheelName(fileName);
  if (!abiTags.includes('none') || !platformTags.includes('any')) {
    throw new HdfsVenvError({
      code: 'RESOLVE_HOST_BOUND',
      exit: 'resolve',
      message: `Cannot take ${JSON.stringify(given)} along: it builds ${fileName}, which runs on machines like this one only`,
      hints: ["Build the wheel on a machine like the cluster's and give the .whl file as an argument."],
    });
  }
  if (options.target.python.startsWith('2.') && !pythonTags.some((tag) => /^(?:py2|cp2)/.test(tag))) {
    throw new HdfsVenvError({
      code: 'RESOLVE_HOST_BOUND',
      exit: 'resolve',
      message: `Cannot take ${JSON.stringify(given)} along: it builds ${fileName}, which is not for Python ${options.target.python}`,
      hints: [
        'Give the package folder itself (the one with __init__.py): it goes along as it is.',
        'Or say that it runs on both: `universal = 1` below `[bdist_wheel]` in its setup.cfg.',
      ],
    });
  }
  return join(wheels, fileName);
}

/** Settings that setuptools adds to the project's own setup.cfg; other build systems do not look at them. */
async function setuptoolsConfig(scratch: string): Promise<string> {
  const eggInfo = join(scratch, 'egg-info');
  await mkdir(eggInfo, { recursive: true });
  const path = join(scratch, 'setuptools.cfg');
  await writeFile(path, `[build]\nbuild_base = ${join(scratch, 'build')}\n\n[egg_info]\negg_base = ${eggInfo}\n`);
  return path;
}

function buildError(given: string, log: string, stderr: string): HdfsVenvError {
  const trouble = indexTrouble(log);
  if (trouble !== undefined) return new HdfsVenvError(trouble);
  const problem = tellingLine(log) || (stderr.trim().split('\n').at(-1) ?? '');
  return new HdfsVenvError({
    code: 'RESOLVE_BUILD',
    exit: 'resolve',
    message: `Cannot build a wheel of ${JSON.stringify(given)}: ${problem}`,
    hints: [`See all of it: python3 -m pip wheel --no-deps ${given}`],
  });
}
