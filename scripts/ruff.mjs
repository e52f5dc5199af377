// Lints and formats the Python files that ship, with a pinned ruff in a folder of its own: usage node scripts/ruff.mjs [--fix]
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

const VERSION = '0.17.6';
const PATHS = ['bootstrap', 'fixtures', 'test'];

const base =
  process.env.HDFS_VENV_TEST_CACHE ?? join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'hdfs-venv-test');
const folder = join(base, `ruff-${VERSION}`);

function run(command, args) {
  const { status, error } = spawnSync(command, args, { stdio: 'inherit' });
  if (error !== undefined) console.error(`Cannot run ${command}: ${error.message}`);
  return status ?? 1;
}

if (!existsSync(folder)) {
  mkdirSync(base, { recursive: true });
  const temporary = `${folder}.${process.pid}`;
  const options = ['--quiet', '--no-deps', '--target', temporary];
  const status = run('python3', ['-m', 'pip', 'install', ...options, `ruff==${VERSION}`]);
  // another run may have been faster
  if (status === 0 && !existsSync(folder)) renameSync(temporary, folder);
  rmSync(temporary, { recursive: true, force: true });
  if (status !== 0) process.exit(status);
}
const ruff = join(folder, 'bin', 'ruff');
const fix = process.argv.includes('--fix');
const lint = run(ruff, ['check', ...(fix ? ['--fix'] : []), ...PATHS]);
const format = run(ruff, ['format', ...(fix ? [] : ['--check']), ...PATHS]);
process.exit(lint || format);
