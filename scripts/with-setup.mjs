// usage: node scripts/with-setup.mjs COMMAND ARGS…
// Makes a fresh clone ready (dependencies as locked, the built command line), then runs COMMAND from node_modules/.bin.
// What is ready already is left alone, so that a second run starts at once and needs no network.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const binaries = join(root, 'node_modules', '.bin');

/** npm's own record of what it installed names every package that the lockfile demands on this platform. */
function dependenciesAreAsLocked() {
  const installed = join(root, 'node_modules', '.package-lock.json');
  if (!existsSync(installed)) return false;
  const have = JSON.parse(readFileSync(installed, 'utf8')).packages;
  const want = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')).packages;
  return Object.entries(want).every(
    ([path, { version, optional }]) => path === '' || optional === true || have[path]?.version === version,
  );
}

function run(command, args) {
  const env = { ...process.env, PATH: `${binaries}${delimiter}${process.env.PATH}` };
  const { status, signal, error } = spawnSync(command, args, {
    cwd: root,
    stdio: 'inherit',
    env,
    shell: process.platform === 'win32',
  });
  if (error !== undefined) console.error(`Cannot run ${command}: ${error.message}`);
  return signal === null ? (status ?? 1) : 130;
}

function runOrExit(command, args) {
  const status = run(command, args);
  if (status !== 0) process.exit(status);
}

const [major, minor] = process.versions.node.split('.').map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  console.error(`Cannot go on: this is Node ${process.versions.node}, and hdfs-venv needs 20.19 or newer.`);
  process.exit(2);
}
if (!dependenciesAreAsLocked()) runOrExit('npm', ['ci', '--no-fund', '--no-audit', '--loglevel=error']);
runOrExit('tsc', ['-p', 'tsconfig.build.json']);
const [command, ...args] = process.argv.slice(2);
process.exit(run(command, args));
