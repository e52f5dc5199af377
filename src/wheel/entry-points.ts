import { quoteName } from './wheel-error.ts';
import { isInterpreter } from './script-names.ts';
import type { WheelRules } from './wheel-rules.ts';

const SCRIPT_GROUPS: ReadonlySet<string> = new Set(['console_scripts', 'gui_scripts']);
/** One line of entry_points.txt. */
export interface EntryPoint {
  /** `console_scripts` */
  readonly group: string;
  readonly name: string;
  /** `module:function` or `module`, without extras. */
  readonly target: string;
}

/** Python's `str.splitlines`, which installers use here, ends lines at many of these. */
const CONTROL = /[^\P{Cc}\t\r\n]|[\p{Zl}\p{Zp}]/u;
/** `module.sub:object.method [extra]`, which is all that installers make a script of. */
const CALLABLE = /^[\p{L}\p{N}_.]+\s*:\s*[\p{L}\p{N}_.]+\s*(?:\[[^[\]]*\])?$/u;

/**
 * Reads entry_points.txt (entry points specification): an INI file as Python's `configparser` takes it, with `=` only.
 *
 * > "console_scripts … `foomain = foomod:main_bar [bar,baz]`"
 */
export function parseEntryPoints(text: string): EntryPoint[] {
  const points: EntryPoint[] = [];
  for (const { group, line } of linesOf(text)) {
    const equals = line.indexOf('=');
    if (equals <= 0 || /^[;[]/.test(line)) continue;
    const [target = ''] = line.slice(equals + 1).split('[', 1);
    points.push({ group, name: line.slice(0, equals).trimEnd(), target: target.replaceAll(/\s/g, '') });
  }
  return points;
}

/** Lines that are neither empty nor comments for everybody, with the group they stand in. */
function* linesOf(text: string): Generator<{ group: string; line: string }> {
  let group = '';
  for (const line of text.split(/\r\n|\r|\n/).map((one) => one.trim())) {
    if (line.startsWith('[') && line.endsWith(']')) group = line.slice(1, -1).trim();
    else if (line !== '' && !line.startsWith('#')) yield { group, line };
  }
}

/** What an installer would write into `bin` for it: programs of the terminal and of the desktop. */
export function isScript({ group }: EntryPoint): boolean {
  return SCRIPT_GROUPS.has(group);
}

/**
 * Looks at the names of the scripts that an installer would write for entry_points.txt, and at lines on which installers
 * fail or differ.
 *
 * @throws HdfsVenvError `WHEEL_ENTRY_POINT` when a name leads out of `bin`, or is that of the interpreter;
 * `WHEEL_ENTRY_POINT_FORMAT` when a line is no entry point, or stands for a script that nobody could call
 */
export function requireHarmlessEntryPoints(rules: WheelRules, text: string): void {
  const odd = CONTROL.exec(text);
  if (odd !== null) {
    const problem = `its entry_points.txt has the control character ${quoteName(odd[0])}`;
    rules.complain('WHEEL_ENTRY_POINT_FORMAT', problem);
  }
  for (const { group, line } of linesOf(text)) {
    if (group === '' || isWellFormed(group, line)) continue;
    const problem = `its entry_points.txt has the line ${quoteName(line)} in ${quoteName(group)}, expected name = module:object`;
    rules.complain('WHEEL_ENTRY_POINT_FORMAT', problem);
  }
  for (const { name } of parseEntryPoints(text).filter(isScript)) {
    if (/[/\\\p{Cc}\p{Cf}]/u.test(name) || name === '.' || name === '..' || isInterpreter(name)) {
      rules.complain('WHEEL_ENTRY_POINT', `its script ${quoteName(name)} leads out of bin or hides the interpreter`);
    }
  }
}

function isWellFormed(group: string, line: string): boolean {
  const equals = line.indexOf('=');
  const value = line.slice(equals + 1).trim();
  return equals > 0 && !line.startsWith(';') && (!SCRIPT_GROUPS.has(group) || CALLABLE.test(value));
}
