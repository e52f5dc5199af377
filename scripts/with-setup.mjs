// usage: node scripts/with-setup.mjs COMMAND ARGS…
// Makes a fresh clone ready (dependencies as locked, the built command line), then runs COMMAND from node_modules/.bin.
// What is ready already is left alone, so that a second run starts at once and needs no network.
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import { constants } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const binaries = join(root, 'node_modules', '.bin');
const isWindows = process.platform === 'win32';

/** What the development tools run on; the package itself asks for less (`engines`). */
function isNodeSupported() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  return (major === 20 && minor >= 19) || (major === 22 && minor >= 13) || major >= 24;
}

/** npm's own record of what it installed names every package that the lockfile demands on this platform. */
function dependenciesAreAsLocked() {
  const installed = join(root, 'node_modules', '.package-lock.json');
  if (!fs.existsSync(installed)) return false;
  const have = JSON.parse(fs.readFileSync(installed, 'utf8')).packages;
  const want = JSON.parse(fs.readFileSync(join(root, 'package-lock.json'), 'utf8')).packages;
  return Object.keys(want).every(
    (path) => path === '' || want[path].optional || (have[path] && have[path].version === want[path].version),
  );
}

/** Compiles src/ to dist/, where a command line that runs meets each file whole: as it was, or as it is now. */
async function compile() {
  const fresh = join(root, 'build', `dist-${process.pid}`);
  const dist = join(root, 'dist');
  const status = await run('tsc', ['-p', 'tsconfig.build.json', '--outDir', fresh]);
  if (status === 0) {
    for (const name of filesBelow(fresh)) replaceFile(join(fresh, name), join(dist, name));
    for (const name of filesBelow(dist)) if (!hasSource(name)) fs.rmSync(join(dist, name), { force: true });
  }
  fs.rmSync(fresh, { recursive: true, force: true });
  return status;
}

function filesBelow(directory) {
  const names = fs.readdirSync(directory, { recursive: true });
  return names.filter((name) => name.endsWith('.js'));
}

function replaceFile(from, to) {
  if (fs.existsSync(to)) {
    if (fs.readFileSync(from).equals(fs.readFileSync(to))) return;
    // npm has made the linked command line executable
    fs.chmodSync(from, fs.statSync(to).mode);
  }
  fs.mkdirSync(dirname(to), { recursive: true });
  fs.renameSync(from, to);
}

/** Asked of src/ as it is now: another run may have compiled a newer file meanwhile. */
function hasSource(name) {
  return fs.existsSync(join(root, 'src', name.replace(/\.js$/, '.ts')));
}

let forward = () => {};
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => forward(signal));
// npm passes a signal on to the shell between it and this process, and that dies of it in silence
const parent = process.ppid;
const watch = setInterval(() => {
  if (process.ppid === parent) return;
  clearInterval(watch);
  forward('SIGTERM');
}, 500);
watch.unref();

/** Runs a command in a process group of its own, which gets the signals that this process is sent, and ends with it. */
function run(command, args) {
  return new Promise((resolve) => {
    const env = Object.assign({}, process.env, { PATH: binaries + delimiter + process.env.PATH });
    const child = spawn(command, args, { cwd: root, stdio: 'inherit', env, detached: !isWindows, shell: isWindows });
    forward = (signal) => {
      if (isWindows) child.kill(signal);
      else if (child.pid !== undefined) process.kill(-child.pid, signal);
    };
    child.once('error', (error) => {
      console.error(`Cannot run ${command}: ${error.message}`);
      resolve(1);
    });
    child.once('exit', (code, signal) => {
      forward = () => {};
      resolve(signal === null ? code : 128 + constants.signals[signal]);
    });
  });
}

async function main([command, ...args]) {
  if (!isNodeSupported()) {
    console.error(
      `Cannot go on: this is Node ${process.versions.node}; the tools here need 20.19, 22.13, 24 or newer.`,
    );
    return 2;
  }
  const install = ['ci', '--no-fund', '--no-audit', '--loglevel=error'];
  const installed = dependenciesAreAsLocked() ? 0 : await run('npm', install);
  return installed || (await compile()) || run(command, args);
}

void main(process.argv.slice(2)).then((status) => process.exit(status));
