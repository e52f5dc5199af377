import { basename } from 'node:path';
import { buildEnvironment } from '../../env/build-environment.ts';
import { resolveWheels } from '../../resolve/resolve-wheels.ts';
import { parseTarget, type Target } from '../../target/target.ts';
import { cacheDirectory } from '../environment.ts';
import { formatBytes, formatFiles, formatSeconds } from '../format.ts';
import { TOOL } from '../package.ts';
import { createProgress } from '../progress.ts';
import { type AddCommand, collectValues, type CommandContext } from '../run-command.ts';

interface BuildFlags {
  readonly requirement: readonly string[];
  readonly python: string;
  readonly platform: readonly string[];
  readonly abi?: string;
  readonly provided: readonly string[];
  readonly output: string;
  readonly json?: true;
}

export const addBuild: AddCommand = (program, run) => {
  program
    .command('build')
    .summary('download, check and unpack what the cluster needs')
    .description(
      "Resolves requirements for the cluster's Python and platform, downloads the wheels with pip, checks every file and unpacks them into DIR/venv. Your own code goes along: a project folder, a package folder or a .py file.",
    )
    .argument('[requirement...]', 'requirements (pandas==2.2.3), requirements files (*.txt), wheels, or your own code')
    .option('-r, --requirement <file>', 'a requirements file; may be given several times', collectValues, [])
    .requiredOption('--python <version>', 'the Python of the cluster: 3.7 or 3.7.16')
    .requiredOption(
      '--platform <name>',
      'a profile (rhel7, cdh6 …) or a platform tag; may be given several times',
      collectValues,
      [],
    )
    .option('--abi <tag>', 'another ABI than the usual one, such as cp27m')
    .option(
      '--provided <name[==version]>',
      'what the cluster brings besides pyspark and py4j; may be given several times',
      collectValues,
      [],
    )
    .requiredOption('-o, --output <dir>', 'where the environment is built')
    .option('--json', 'print one JSON document on stdout')
    .action((requirements: string[], flags: BuildFlags) =>
      run(flags.json === true, (context) => runBuild(requirements, flags, context)),
    );
};
