import { Allowances, isAllowable } from '../wheel/allowances.ts';
import type { Rules } from '../wheel/rules.ts';
import type { Manifest } from './manifest.ts';

/** For wheels that a build has checked already: what was allowed then, and no limits. */
export function rulesOf({ allowed }: Manifest): Rules {
  const list = allowed.flatMap(({ code, package: name }) => (isAllowable(code) ? [{ code, package: name }] : []));
  const none = Infinity;
  return {
    limits: { entries: none, fileBytes: none, totalBytes: none, ratio: none, ratioFromBytes: none },
    allowances: new Allowances(list),
  };
}
