import { Allowances } from './allowances.ts';
import { DEFAULT_LIMITS, type Limits } from './limits.ts';

/** What a user may change of the checks. */
export interface Rules {
  readonly limits: Limits;
  readonly allowances: Allowances;
}

/** What holds when nobody changes anything. */
export const STRICT: Rules = { limits: DEFAULT_LIMITS, allowances: new Allowances() };
