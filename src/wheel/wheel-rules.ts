import { type AllowableCode, isAllowable } from './allowances.ts';
import type { Limits } from './limits.ts';
import type { Rules } from './rules.ts';
import { type WheelCode, wheelError } from './wheel-error.ts';
import { normaliseName, type WheelName } from './wheel-name.ts';

/** The checks of this room that can be switched off. */
export type AllowableWheelCode = AllowableCode & WheelCode;

/** The rules as they are for one wheel, and what of them it needed. */
export class WheelRules {
  /** The wheel's file name, for messages. */
  readonly wheel: string;
  readonly limits: Limits;
  /** Checks that failed, or that were not made at all, because the user switched them off for this package. */
  readonly used = new Set<AllowableWheelCode>();
  readonly #permits: (code: AllowableWheelCode) => boolean;

  constructor(name: WheelName, { limits, allowances }: Rules) {
    this.wheel = name.fileName;
    this.limits = limits;
    this.#permits = (code) => allowances.permit(code, normaliseName(name.distribution));
  }

  /** For a check that is made later, elsewhere: whether it is to be left out. */
  leavesOut(code: AllowableWheelCode): boolean {
    const isPermitted = this.#permits(code);
    if (isPermitted) this.used.add(code);
    return isPermitted;
  }

  /**
   * A check has failed. Returns only when it is one that can be switched off, and is: then what `ALLOWABLE` says of it has
   * to happen.
   *
   * @throws HdfsVenvError with this code
   */
  complain(code: WheelCode, problem: string): void {
    if (!isAllowable(code) || !this.leavesOut(code)) throw wheelError(this.wheel, code, problem);
  }
}
