import { HdfsVenvError } from '../../errors/hdfs-venv-error.ts';
import type { OwnWheel } from '../own-wheels.ts';
import type { PipReport } from '../pip/pip-report.ts';

/**
 * Refuses own code that would silently stand in for a package: one that is asked for by its name as well, in an argument, a requirements
 * file or by another package. Wheels that are given may do so, their name and version were chosen for it; and what is the user's own may
 * ask for one another.
 *
 * @throws HdfsVenvError `RESOLVE_OWN_NAME` (usage) with who else asks for it
 */
export function checkOwnNames(own: readonly OwnWheel[], { roots, asked }: Pick<PipReport, 'roots' | 'asked'>): void {
  const ownNames = new Set(own.map(({ name }) => name));
  for (const { name, given, fileName, isOwnCode } of own) {
    if (!isOwnCode) continue;
    const root = roots.find((one) => one.name === name && one.applies && one.file !== fileName);
    const wheel = asked.find((one) => one.name === name && !ownNames.has(one.by.split(' ', 1)[0] ?? ''));
    if (root !== undefined) {
      const other = own.find((one) => one.fileName === root.file);
      const text = other === undefined ? root.text : JSON.stringify(other.given);
      throw nameError(given, name, `${text}${root.by === null ? '' : ` (${root.by})`} is asked for, too`);
    }
    if (wheel !== undefined) throw nameError(given, name, `${wheel.by} asks for ${wheel.requirement}`);
  }
}

function nameError(given: string, name: string, problem: string): HdfsVenvError {
  return new HdfsVenvError({
    code: 'RESOLVE_OWN_NAME',
    exit: 'usage',
    message: `Cannot take ${JSON.stringify(given)} along as the package ${name}: ${problem}`,
    hints: [
      'Rename your own code, or leave out the other one. What is meant to stand in for it: give it as a wheel (.whl).',
    ],
  });
}
