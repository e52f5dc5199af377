/** `pandas/core/x.py` → `pandas` */
export function topLevelOf(path: string): string {
  const slash = path.indexOf('/');
  return slash === -1 ? path : path.slice(0, slash);
}

/** `a/b/c.py` → `a`, `a/b` */
export function* parentsOf(path: string): Generator<string> {
  for (let slash = path.indexOf('/'); slash !== -1; slash = path.indexOf('/', slash + 1)) yield path.slice(0, slash);
}
