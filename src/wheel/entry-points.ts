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

/**
 * Reads entry_points.txt (entry points specification): an INI file as Python's `configparser` takes it, with `=` only.
 *
 * > "console_scripts … `foomain = foomod:main_bar [bar,baz]`"
 */
export function parseEntryPoints(text: string): EntryPoint[] {
  const points: EntryPoint[] = [];
  let group = '';
  for (const line of text.split(/\r\n|\r|\n/).map((one) => one.trim())) {
    if (line.startsWith('[') && line.endsWith(']')) group = line.slice(1, -1).trim();
    const equals = line.indexOf('=');
    if (equals <= 0 || /^[#;[]/.test(line)) continue;
    const [target = ''] = line.slice(equals + 1).split('[', 1);
    points.push({ group, name: line.slice(0, equals).trimEnd(), target: target.replaceAll(/\s/g, '') });
  }
  return points;
}

/** What an installer would write into `bin` for it: programs of the terminal and of the desktop. */
export function isScript({ group }: EntryPoint): boolean {
  return SCRIPT_GROUPS.has(group);
}

/**
 * Looks at the names of the scripts that an installer would write for entry_points.txt.
 *
 * @throws HdfsVenvError `WHEEL_ENTRY_POINT` when a name leads out of `bin`, or is that of the interpreter
 */
export function requireHarmlessEntryPoints(rules: WheelRules, text: string): void {
  for (const { name } of parseEntryPoints(text).filter(isScript)) {
    if (/[/\\\p{Cc}\p{Cf}]/u.test(name) || name === '.' || name === '..' || isInterpreter(name)) {
      rules.complain('WHEEL_ENTRY_POINT', `its script ${quoteName(name)} leads out of bin or hides the interpreter`);
    }
  }
}
