import { quoteName, wheelError } from './wheel-error.ts';

const GROUPS = new Set(['console_scripts', 'gui_scripts']);
/** Names that would hide the interpreter from whoever has the environment's `bin` on PATH. */
const INTERPRETER = /^(?:python|pythonw|pypy)[\d.]*(?:\.exe)?$/i;

/**
 * Looks at the names of the scripts that an installer would write for entry_points.txt (entry points specification).
 *
 * @throws HdfsVenvError `WHEEL_ENTRY_POINT` when a name leads out of `bin`, or is that of the interpreter
 */
export function requireHarmlessEntryPoints(wheel: string, text: string): void {
  let group = '';
  for (const line of text.split(/\r\n|\r|\n/)) {
    group = /^\s*\[(.*)\]\s*$/.exec(line)?.[1]?.trim() ?? group;
    const name = /^\s*([^#;[=][^=]*?)\s*=/.exec(line)?.[1];
    if (name === undefined || !GROUPS.has(group)) continue;
    if (/[/\\\p{Cc}\p{Cf}]/u.test(name) || name === '.' || name === '..' || INTERPRETER.test(name)) {
      throw wheelError(
        wheel,
        'WHEEL_ENTRY_POINT',
        `its script ${quoteName(name)} leads out of bin or hides the interpreter`,
      );
    }
  }
}
