import type { WheelDirectories } from './dist-info.ts';
import { quoteName, wheelError } from './wheel-error.ts';

/** With the letters of its ABI: `python3.7m`, `python3.13t`. */
const INTERPRETER = /^(?:python|pythonw|pypy)[\d.]*[dmtu]{0,2}(?:\.exe)?$/i;

/** Whether a program of this name would hide the interpreter from whoever has the environment's `bin` on PATH. */
export function isInterpreter(name: string): boolean {
  return INTERPRETER.test(name);
}

/**
 * The tree is site-packages and prefix in one, so `bin` can be reached in several ways.
 *
 * @param paths of the files in the archive
 * @throws HdfsVenvError `WHEEL_SCRIPT_NAME` when one of them would be the interpreter in `bin`
 */
export function requireHarmlessScripts(wheel: string, { data }: WheelDirectories, paths: readonly string[]): void {
  for (const path of paths) {
    const [top, key, ...rest] = path.split('/');
    const inTree = top === data ? [...(key === 'scripts' ? ['bin'] : []), ...rest] : path.split('/');
    if (inTree.length !== 2 || inTree[0] !== 'bin' || !isInterpreter(inTree[1] ?? '')) continue;
    const problem = `${quoteName(path)} would hide the interpreter from whoever has the environment's bin on PATH`;
    throw wheelError(wheel, 'WHEEL_SCRIPT_NAME', problem);
  }
}
