const MAX_QUOTED_CHARACTERS = 200;

/** What no terminal shows, or what changes how it shows the rest: controls, unassigned and private characters, fillers. */
const NOT_SHOWN = /[\p{C}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\u2800]|(?! )\p{Zs}/gu;

/** A name from inside an archive, fit for a terminal and a log: quoted, what is not shown escaped, cut. */
export function quoteName(name: string): string {
  const cut = name.length > MAX_QUOTED_CHARACTERS ? `${name.slice(0, MAX_QUOTED_CHARACTERS)}…` : name;
  return JSON.stringify(cut).replaceAll(
    NOT_SHOWN,
    (character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`,
  );
}

/** A name from inside a file, fit for a terminal; quoted only where it must be. */
export function plain(name: string): string {
  return /^[\w.+@~:/ -]+$/.test(name) ? name : quoteName(name);
}
