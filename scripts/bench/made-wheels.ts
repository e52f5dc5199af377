import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { cacheDirectory } from '../../test/support/cache.ts';
import { downloadOnce } from '../../test/support/download.ts';
import { writeWheel } from '../../test/support/wheel-maker.ts';

const FILES_PER_WHEEL = 1000;
/** METADATA, WHEEL and RECORD. */
const FILES_OF_DIST_INFO = 3;
const FILES_PER_DIRECTORY = 50;
/** Raised when the wheels change. */
const MADE = 2;

export interface MadeWheels {
  readonly directory: string;
  /** `made_000==1.0` */
  readonly requirements: readonly string[];
}

/** Wheels of small Python files, 1,000 in each, the same bytes on every machine; kept in the test cache. @param files a multiple of 1,000 */
export async function madeWheels(files: number): Promise<MadeWheels> {
  if (files < FILES_PER_WHEEL || files % FILES_PER_WHEEL !== 0)
    throw new Error(`The number of files must be a multiple of ${FILES_PER_WHEEL}, not ${files}`);
  const names = Array.from({ length: files / FILES_PER_WHEEL }, (_, index) => `made_${pad(index, 3)}`);
  const place = join(cacheDirectory('bench-scale'), `${MADE}-${files}`);
  const directory = await downloadOnce(place, async (into) => {
    for (const name of names) writeWheel(into, { name, version: '1.0', files: packageOf(name) });
  });
  return { directory, requirements: names.map((name) => `${name}==1.0`) };
}

function packageOf(name: string): Record<string, string> {
  const files: Record<string, string> = {};
  for (let index = 0; index < FILES_PER_WHEEL - FILES_OF_DIST_INFO; index += 1) {
    const part = `part_${pad(Math.floor(index / FILES_PER_DIRECTORY), 2)}`;
    const path = `${name}/${part}/module_${pad(index, 3)}.py`;
    files[path] = moduleText(path, index);
  }
  return files;
}

/** 150 to 600 bytes, of which about half cannot be compressed. */
function moduleText(path: string, index: number): string {
  const lines = Array.from({ length: 1 + (index % 7) }, (_, line) => {
    const digest = createHash('sha256').update(`${path} ${line}`).digest('hex');
    return `VALUE_${line} = "${digest}"\n`;
  });
  return `"""What stands in ${path}."""\n\n${lines.join('')}`;
}

function pad(number: number, digits: number): string {
  return String(number).padStart(digits, '0');
}
