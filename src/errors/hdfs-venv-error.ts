/** Exit codes of the command line. They are part of the interface: scripts branch on them. */
export const EXIT_CODES = {
  other: 1,
  usage: 2,
  resolve: 3,
  integrity: 4,
  network: 5,
  permission: 6,
  conflict: 7,
  differences: 8,
  interrupted: 130,
} as const;

export type ExitReason = keyof typeof EXIT_CODES;

export interface ErrorFields {
  /** Stable and searchable, `ROOM_CASE`, for example `WHEEL_RECORD_HASH`. */
  readonly code: string;
  readonly exit: ExitReason;
  /** What happened, with both values: "Cannot <do> <thing>: …". One line, no secret. */
  readonly message: string;
  /** What the user can do about it, one sentence each. */
  readonly hints?: readonly string[];
  readonly cause?: unknown;
}

/** Every failure that a user can be told about. Anything else that reaches the top is a bug of ours. */
export class HdfsVenvError extends Error {
  readonly code: string;
  readonly exit: ExitReason;
  readonly hints: readonly string[];

  constructor(fields: ErrorFields) {
    super(fields.message, fields.cause === undefined ? undefined : { cause: fields.cause });
    this.name = 'HdfsVenvError';
    this.code = fields.code;
    this.exit = fields.exit;
    this.hints = fields.hints ?? [];
  }

  get exitCode(): number {
    return EXIT_CODES[this.exit];
  }
}
