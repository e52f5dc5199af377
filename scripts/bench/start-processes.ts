import { readdirSync, readFileSync } from 'node:fs';
import { processorSeconds } from './cpu.ts';

/**
 * The processor time, in seconds, of a running driver: of its JVM `pid` and its Python, and of what the JVM has started
 * besides, the executors with their own Python and tar. All zero where there is no /proc.
 */
export function processorSecondsBelow(pid: number): { readonly driver: number; readonly executors: number } {
  const children = childrenOfAll();
  const below = (parent: number): number[] => [
    parent,
    ...(children.get(parent) ?? []).flatMap((child) => below(child)),
  ];
  const used = (pids: readonly number[]): number =>
    pids.map(processorSeconds).reduce((sum, seconds) => sum + (Number.isNaN(seconds) ? 0 : seconds), 0);
  const executors = (children.get(pid) ?? []).filter(isJava).flatMap(below);
  return { driver: used(below(pid).filter((one) => !executors.includes(one))), executors: used(executors) };
}

/** Source: proc_pid_stat(5), field 4. */
function childrenOfAll(): Map<number, number[]> {
  const children = new Map<number, number[]>();
  for (const name of readProcess('').filter((entry) => /^\d+$/.test(entry))) {
    const [stat = ''] = readProcess(`${name}/stat`);
    // The second field is the program's name in parentheses, which may hold blanks.
    const parent = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
    children.set(parent, [...(children.get(parent) ?? []), Number(name)]);
  }
  return children;
}

function isJava(pid: number): boolean {
  return readProcess(`${pid}/comm`)[0]?.startsWith('java') === true;
}

/** The lines of a file below /proc, or the names in /proc itself; none when it is not there (any more). */
function readProcess(name: string): string[] {
  try {
    return name === '' ? readdirSync('/proc') : readFileSync(`/proc/${name}`, 'latin1').split('\n');
  } catch {
    return [];
  }
}
