import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { hostPython, pipInstalled } from '../support/python.ts';
import { dropFromReaper, keepForReaper } from '../support/reaper.ts';

/** The pip whose way of laying out a wheel counts. */
export const PIP_VERSION = '26.3';

/** A file of a tree on disk. */
export interface TreeFile {
  readonly sha256: string;
  readonly executable: boolean;
  /** With its line end; below `bin/` only. */
  readonly firstLine?: string;
  /** sha256 of all that follows the first line; below `bin/` only. */
  readonly rest?: string;
}

/** What Python's `zipfile` and pip make of wheels: one process that answers one question after the other. */
export interface Oracle {
  /** The interpreter, whose path pip writes into scripts. */
  readonly python: string;
  /** `3.11`, of that interpreter. */
  readonly version: string;
  /** sha256 by name, of every file of the archive. */
  archive(wheel: string): Promise<Record<string, string>>;
  /** Lays the wheel out in `into`, which is site-packages and prefix; headers go to `headers` below it. */
  install(wheel: string, into: string, name: string, headers: string): Promise<void>;
  /** By path; an empty directory shows as `path/`. */
  tree(root: string): Promise<Record<string, TreeFile>>;
  /** `sha256=…` by path, as the RECORD in `root` says it. */
  record(root: string, distInfo: string): Promise<Record<string, string>>;
  /** Names of console and GUI programs in entry_points.txt. */
  scripts(root: string, distInfo: string): Promise<string[]>;
  close(): void;
}

/** Every question rejects with an Error that has Python's own words when Python refuses the wheel. */
export async function startOracle(): Promise<Oracle> {
  const python = hostPython();
  const script = fileURLToPath(new URL('oracle.py', import.meta.url));
  const child = spawn(python, ['-W', 'ignore', script], {
    env: { ...process.env, PYTHONPATH: await pipInstalled('pip', PIP_VERSION), PYTHONDONTWRITEBYTECODE: '1' },
    detached: true,
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const { pid } = child;
  if (pid === undefined) throw new Error(`Cannot start ${python}`);
  keepForReaper({ group: pid });
  const answers = createInterface({ input: child.stdout })[Symbol.asyncIterator]();

  const ask = async (question: Record<string, string>): Promise<unknown> => {
    child.stdin.write(`${JSON.stringify(question)}\n`);
    const { value, done } = await answers.next();
    if (done === true) throw new Error(`The oracle ended at ${JSON.stringify(question)}`);
    const { answer, error } = JSON.parse(value) as { answer?: unknown; error?: string };
    if (error !== undefined) throw new Error(error);
    return answer;
  };

  return {
    python,
    version: (await ask({ ask: 'version' })) as string,
    archive: (wheel) => ask({ ask: 'archive', wheel }) as Promise<Record<string, string>>,
    install: async (wheel, into, name, headers) => void (await ask({ ask: 'install', wheel, into, name, headers })),
    tree: (root) => ask({ ask: 'tree', root }) as Promise<Record<string, TreeFile>>,
    record: (root, distInfo) => ask({ ask: 'record', root, dist_info: distInfo }) as Promise<Record<string, string>>,
    scripts: (root, distInfo) => ask({ ask: 'scripts', root, dist_info: distInfo }) as Promise<string[]>,
    close() {
      child.stdin.end();
      child.once('exit', () => dropFromReaper({ group: pid }));
    },
  };
}
