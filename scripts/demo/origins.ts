/** One row of the table that the application prints: where a process got a package from. */
interface Origin {
  readonly role: string;
  readonly pid: string;
  readonly name: string;
  readonly file: string;
}

const ROOT = /^SparkFiles root of (driver|worker) (\d+): (.+)$/gm;
const ROW = /^(driver|worker) +\S+ +(\d+) +(\S+) +\S+ +(\/.+)$/gm;

/**
 * Believes nothing of what the application says about its imports but compares it: every file must lie under the SparkFiles
 * root of its process, and the driver and two workers must be processes of their own that have every one of `packages`.
 * @returns what is wrong, one sentence each; nothing when all is well
 */
export function faultsOfOrigins(output: string, packages: readonly string[]): string[] {
  const roots = new Map([...output.matchAll(ROOT)].map(([, , pid = '', root = '']) => [pid, root]));
  const origins = [...output.matchAll(ROW)].map(([, role = '', pid = '', name = '', file = '']): Origin => ({
    role,
    pid,
    name,
    file,
  }));
  const outside = origins.filter(({ pid, file }) => !file.startsWith(`${roots.get(pid) ?? 'no root'}/`));
  const drivers = pidsOf(origins, 'driver');
  const workers = pidsOf(origins, 'worker');
  const has = (role: string, pid: string, name: string): boolean =>
    origins.some((origin) => origin.role === role && origin.pid === pid && origin.name === name);
  const silent = (role: string, pids: readonly string[]): string[] =>
    pids.flatMap((pid) =>
      packages
        .filter((name) => !has(role, pid, name))
        .map((name) => `the ${role} ${pid} did not say where it has ${name} from`),
    );
  return [
    ...outside.map(
      ({ role, pid, name, file }) =>
        `the ${role} ${pid} has ${name} from ${file}, not from its SparkFiles root ${roots.get(pid) ?? '(unknown)'}`,
    ),
    ...silent('driver', drivers),
    ...silent('worker', workers),
    ...(drivers.length === 1 ? [] : [`one driver was to answer, and ${drivers.length} did`]),
    ...(workers.length === 2 ? [] : [`two workers were to answer, and ${workers.length} did`]),
    ...(workers.some((pid) => drivers.includes(pid)) ? ['the driver answered for a worker'] : []),
  ];
}

function pidsOf(origins: readonly Origin[], role: string): string[] {
  return [...new Set(origins.filter((origin) => origin.role === role).map(({ pid }) => pid))];
}
