import { mkdirSync, rmSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { execa } from 'execa';
import { type HdfsCluster, startHdfs } from '../../test/support/hadoop/cluster.ts';
import { makeVirtualenv } from '../../test/support/python.ts';
import { sparkHome } from '../../test/support/spark/spark-home.ts';
import { sparkSubmit } from '../../test/support/spark/spark-submit.ts';
import { lookAtMachine, type Machine } from './machine.ts';
import { indented, printCommand, printDurations, step } from './narrate.ts';
import { faultsOfOrigins } from './origins.ts';

const repository = fileURLToPath(new URL('../..', import.meta.url));
const folder = join(repository, 'build', 'demo');
const PACKAGES = ['numpy', 'pandas', 'scipy', 'sklearn', 'rent_model'];

/** Where an environment is published, and how a job on Spark finds it there. */
interface Place {
  readonly publishAddress: string;
  readonly jobAddress: string;
  readonly user?: string;
  readonly hadoopConfDir?: string;
}

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { hdfs: { type: 'boolean', default: false } } });
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });

  const machine = await step('What this machine has', describeMachine);
  const python = await step('A Python that cannot import pandas, as on a cluster', () => makeBarePython(machine));
  await step(`Apache Spark ${machine.spark} (from PyPI, kept for the next time)`, () => sparkHome(machine.spark));
  const hdfs = values.hdfs
    ? await step('A real HDFS: a NameNode and two DataNodes (kept for the next time, too)', () => startHdfs())
    : undefined;
  try {
    const place = hdfs === undefined ? localPlace() : hdfsPlace(hdfs);
    await step('1. Build the environment', () => build(machine));
    await step('2. Publish it', () => publish(place));
    const output = await step('3. Run a job with it', () => submit(machine, python, place, values.hdfs));
    verify(output);
  } finally {
    await hdfs?.stop();
  }
  printDurations();
}

async function describeMachine(): Promise<Machine> {
  const machine = await lookAtMachine();
  console.log(
    `   Node ${process.version}, Python ${machine.python} (${machine.interpreter}), Java 17 (${machine.java.home})`,
  );
  console.log('   hdfs-venv below is node dist/cli/main.js');
  return machine;
}

async function makeBarePython(machine: Machine): Promise<string> {
  const python = await makeVirtualenv(machine.interpreter, join(folder, 'cluster-python'));
  for (const name of ['pandas', 'sklearn']) {
    const attempt = await execa(python, ['-c', `import ${name}`], { reject: false });
    if (attempt.exitCode === 0)
      throw new Error(`${python} can import ${name} without an environment, so it would prove nothing`);
    console.log(`   ${attempt.stderr.trim().split('\n').at(-1)}`);
  }
  return python;
}

function localPlace(): Place {
  const address = `file://${join(folder, 'store', 'rents')}`;
  return { publishAddress: address, jobAddress: address };
}

function hdfsPlace(hdfs: HdfsCluster): Place {
  const path = '/user/alice/envs/rents';
  return {
    publishAddress: `${hdfs.webhdfsUrl.replace(/^http:/, 'webhdfs:')}${path}`,
    jobAddress: `${hdfs.nameNodeRpc}${path}`,
    user: 'alice',
    hadoopConfDir: hdfs.configurationDirectory,
  };
}

function build(machine: Machine): Promise<void> {
  const target = ['--python', machine.python, '--platform', machine.platform];
  return hdfsVenv([
    'build',
    '-r',
    'fixtures/demo/requirements.txt',
    'fixtures/demo/rent_model',
    ...target,
    '-o',
    'build/demo/rents',
  ]);
}

function publish(place: Place): Promise<void> {
  const user = place.user === undefined ? [] : ['--user', place.user];
  return hdfsVenv(['publish', 'build/demo/rents', place.publishAddress, ...user]);
}

async function hdfsVenv(args: readonly string[]): Promise<void> {
  printCommand('hdfs-venv', args);
  const { exitCode } = await execa(process.execPath, [join(repository, 'dist', 'cli', 'main.js'), ...args], {
    cwd: repository,
    stdio: 'inherit',
    reject: false,
  });
  if (exitCode !== 0) throw new Error(`hdfs-venv ${args[0]} ended with exit code ${exitCode}`);
}

async function submit(machine: Machine, python: string, place: Place, separate: boolean): Promise<string> {
  const master = separate ? 'local-cluster[2,1,1024]' : 'local[2]';
  const args = [`${place.jobAddress}/activate_env.py`, place.jobAddress, 'rent_model.forecast:main'];
  printCommand(`PYSPARK_PYTHON=${relative(repository, python)} spark-submit`, ['--master', master, ...args]);
  const result = await sparkSubmit({
    version: machine.spark,
    python,
    master,
    args,
    ...(place.hadoopConfDir === undefined ? {} : { hadoopConfDir: place.hadoopConfDir }),
    env: { HADOOP_USER_NAME: place.user ?? 'demo' },
    onOutput: indented((text) => process.stdout.write(text)),
  });
  if (result.exitCode !== 0) {
    console.log(result.executorLogs.slice(-4000));
    throw new Error(`spark-submit ended with exit code ${result.exitCode}`);
  }
  return result.stdout;
}

function verify(output: string): void {
  const faults = faultsOfOrigins(output, PACKAGES);
  if (faults.length > 0) throw new Error(`The job did not use the environment:\n  ${faults.join('\n  ')}`);
  console.log(
    `\nThe driver and both workers imported ${PACKAGES.join(', ')} from the environment, and from nowhere else.`,
  );
  console.log(`Everything this run made is in ${relative(process.cwd(), folder)}.\n`);
}

try {
  await main();
} catch (error) {
  console.error(`\nThe demo failed: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
}
