/** What every benchmark takes: spread them into the options of `parseArgs`. */
export const REPORT_OPTIONS = {
  json: { type: 'boolean', default: false },
  write: { type: 'boolean', default: false },
} as const;

/** @throws Error when it is not a whole number from 1 on */
export function parseRuns(text: string): number {
  const runs = Number(text);
  if (!Number.isInteger(runs) || runs < 1) throw new Error(`--runs must be a whole number from 1 on, not ${text}`);
  return runs;
}

/** `a,b` → those of `known`, in the order asked for. @throws Error naming all when there is no such one */
export function pick<T>(
  option: string,
  text: string,
  known: Readonly<Record<string, T>>,
  separator = ',',
): [string, T][] {
  return text.split(separator).map((name) => {
    const found = known[name];
    if (found === undefined || !Object.hasOwn(known, name))
      throw new Error(`${option} knows ${Object.keys(known).join(`${separator} `)}, not ${name}`);
    return [name, found];
  });
}
