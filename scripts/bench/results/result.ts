/** What a peer took under one setting. */
export interface Row {
  readonly peer: string;
  /** What else was changed between rows: only rows of one setting are compared. Rows of one setting stand together. */
  readonly setting?: string;
  /** Every run's wall clock. */
  readonly seconds: readonly number[];
  /** More of the table, as it is shown: heading to cell. */
  readonly columns?: Readonly<Record<string, string>>;
}

/** Something that was aimed at, and what was measured of it. */
export interface Goal {
  /** `hdfs-venv-tar beside the fastest upload of the tree, default`; plain text. */
  readonly what: string;
  /** As measured; `NaN` when a peer that it is about was not measured. */
  readonly measured: number;
  /** Follows both numbers: `×`, `s`, `MB`. */
  readonly unit: string;
  readonly aim: { readonly atMost: number } | { readonly atLeast: number };
}

export interface Machine {
  readonly processor: string;
  readonly cores: number;
  readonly memoryBytes: number;
  /** `linux x64` */
  readonly system: string;
  /** Program to version: `{ Node: '20.20.2', Hadoop: '3.4.3' }`. */
  readonly versions: Readonly<Record<string, string>>;
  /** `2026-01-31`, UTC. */
  readonly date: string;
}

/** A finished measurement. */
export interface Result {
  /** Of the files that are written: `publish`. */
  readonly name: string;
  readonly title: string;
  /** Paragraphs of Markdown: what was run on what, and what is not part of the time. */
  readonly about: readonly string[];
  /** How to do it again, without paths of this machine: see `commandLine`. */
  readonly command: string;
  readonly machine: Machine;
  /** In the order of the table. */
  readonly rows: readonly Row[];
  /** The peer whose median every other one of its setting is divided by; without one, no ratios are shown. */
  readonly reference?: string;
  readonly goals?: readonly Goal[];
}
