/** One row of the table that the application prints: where a process got a package from. */
interface Origin {
  readonly role: string;
  readonly pid: string;
  readonly name: string;
  readonly file: string;
}

const ROOT = /^SparkFiles root of (driver|worker) (\d+): (.+)$/gm;
const ROW = /^(driver|worker) +(\S+) +(\d+) +(\S+) +(\S+) +(\/.+)$/gm;

/**
 * Believes nothing of what the application says about its imports but compares it: every file must lie under the SparkFiles
 * root of its process, and driver and workers must be processes of their own that have every one of `packages`.
 * @returns what is wrong, one sentence each; nothing when all is well
 */
export function faultsOfOrigins(output: string, packages: readonly string[]): string[] {
  const roots = new Map([...output.matchAll(ROOT)].map(([, , pid = '', root = '']) => [pid, root]));
  const origins = [...output.matchAll(ROW)].map(([, role = '', , pid = '', name = '', , file = '']): Origin => ({
    role,
    pid,
    name,
    file,
  }));
  const faults = origins.flatMap(({ role, pid, name, file }) => {
    const root = roots.get(pid);
    return root !== undefined && file.startsWith(`${root}/`)
      ? []
      : [`the ${role} ${pid} has ${name} from ${file}, which is not under its SparkFiles root ${root ?? '(unknown)'}`];
  });
  for (const role of ['driver', 'worker']) {
    for (const name of packages) {
      if (!origins.some((origin) => origin.role === role && origin.name === name))
        faults.push(`no ${role} said where it has ${name} from`);
    }
  }
  const processes = { driver: pidsOf(origins, 'driver'), worker: pidsOf(origins, 'worker') };
  if (processes.worker.size < 2) faults.push(`two workers were to answer, and ${processes.worker.size} did`);
  if ([...processes.driver].some((pid) => processes.worker.has(pid))) faults.push('the driver answered for a worker');
  return faults;
}

function pidsOf(origins: readonly Origin[], role: string): Set<string> {
  return new Set(origins.filter((origin) => origin.role === role).map(({ pid }) => pid));
}
