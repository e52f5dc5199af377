import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** What somebody would hand to pip. */
export interface RequirementSet {
  readonly name: string;
  /** Lines of a requirements file; options such as `--pre` are allowed. */
  readonly requirements: readonly string[];
  /** Lines of a constraints file that the requirements file names. */
  readonly constraints?: readonly string[];
}

/**
 * Writes the set as requirements files into `directory`.
 * @returns the path of the one for `-r`
 */
export function writeRequirements(set: RequirementSet, directory: string): string {
  mkdirSync(directory, { recursive: true });
  const lines = [...set.requirements];
  if (set.constraints !== undefined) {
    writeFileSync(join(directory, 'constraints.txt'), asFile(set.constraints));
    lines.unshift('-c constraints.txt');
  }
  const path = join(directory, 'requirements.txt');
  writeFileSync(path, asFile(lines));
  return path;
}

function asFile(lines: readonly string[]): string {
  return lines.map((line) => `${line}\n`).join('');
}
