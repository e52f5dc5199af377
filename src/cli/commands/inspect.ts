import { statSync } from 'node:fs';
import { readManifest } from '../../env/read-manifest.ts';
import { reportBuilt } from '../../env/report/report-built.ts';
import { wheelDistribution } from '../../env/report/wheel-distribution.ts';
import { openWheel } from '../../wheel/open-wheel.ts';
import { report, type Report } from '../../env/report/report.ts';
import { HdfsVenvError } from '../../errors/hdfs-venv-error.ts';
import type { Rules } from '../../wheel/rules.ts';
import { describeReport } from '../describe-report.ts';
import { addRuleOptions, readRules, type RuleFlags } from '../rule-options.ts';
import type { AddCommand } from '../run-command.ts';

interface InspectFlags extends RuleFlags {
  readonly json?: true;
}

export const addInspect: AddCommand = (program, run) => {
  const command = program
    .command('inspect')
    .summary('show what wheels or a built environment need besides Python')
    .description(
      'Shows what is in wheels, or in what "hdfs-venv build -o DIR" made: console scripts and how to call them, .pth files, namespace packages, and the system libraries that the cluster must have. Several wheels are looked at as one set. Whatever is found, the exit code is 0.',
    )
    .argument('<path...>', 'wheels, or one directory that a build made');
  addRuleOptions(command)
    .option('--json', 'print one JSON document on stdout')
    .action((paths: string[], flags: InspectFlags) =>
      run(flags.json === true, async ({ output, signal }) => {
        const { found, target } = await inspect(paths, readRules(flags), signal);
        output.print(describeReport(found));
        output.printJson({ target, ...found });
      }),
    );
};

interface Inspection {
  readonly found: Report;
  /** As the manifest has it; null for wheels, which are compared with their own tags. */
  readonly target: object | null;
}

async function inspect(paths: readonly string[], rules: Rules, signal: AbortSignal): Promise<Inspection> {
  const [directory, ...others] = paths.filter(isDirectory);
  if (directory === undefined) {
    const distributions = [...new Set(paths)].map((path) => {
      signal.throwIfAborted();
      if (!path.endsWith('.whl')) throw notInspectable(path, 'it is neither a wheel (*.whl) nor a directory');
      return wheelDistribution(openWheel(path, rules));
    });
    return { found: await report({ distributions, added: [], target: undefined, signal }), target: null };
  }
  if (others.length > 0 || paths.length > 1)
    throw notInspectable(directory, 'it is a directory, and not the only path');
  const manifest = await readManifest(directory);
  return { found: await reportBuilt(directory, manifest, { signal }), target: manifest.target };
}

function isDirectory(path: string): boolean {
  const status = statSync(path, { throwIfNoEntry: false });
  if (status === undefined) throw notInspectable(path, 'there is no such file or directory');
  return status.isDirectory();
}

function notInspectable(path: string, why: string): HdfsVenvError {
  return new HdfsVenvError({
    code: 'CLI_INSPECT_PATH',
    exit: 'usage',
    message: `Cannot inspect ${path}: ${why}`,
    hints: ['Give wheels, or one directory that `hdfs-venv build -o` wrote.'],
  });
}
