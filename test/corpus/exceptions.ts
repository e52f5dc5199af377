/** A real wheel that is refused, and why that is right. */
export interface Exception {
  /** The wheel's file name. */
  readonly wheel: string;
  /** `ENV_STANDARD_LIBRARY` */
  readonly code: string;
  readonly reason: string;
}

/** All of them: a wheel that is refused and not named here fails its test, and so does one that is named and accepted. */
export const EXCEPTIONS: readonly Exception[] = [];
