import type { Rules } from '../../wheel/rules.ts';
import type { Manifest } from '../manifest.ts';
import type { Progress } from '../progress.ts';

export interface BuildOptions {
  /** Paths of wheels on the local disk, one per distribution. */
  readonly wheels: readonly string[];
  /** As the manifest says it; other fields are not looked at. */
  readonly target: Readonly<Omit<Manifest['target'], 'platforms'>> & { readonly platforms: readonly string[] };
  readonly inputs: { readonly requirements: readonly string[]; readonly digest: string };
  readonly provided: readonly {
    readonly name: string;
    readonly version: string | null;
    readonly requirements: readonly string[];
  }[];
  /** `hdfs-venv 0.1.0` */
  readonly tool: string;
  /** `activate_env.py`, laid beside the tree: in client mode, Spark before 2.3 takes its primary file from the local disk only. */
  readonly bootstrap?: Uint8Array;
  /** Receives `venv/` or `wheels/`, `manifest.json` and `activate_env.py`. Missing, empty, or what an earlier build made. */
  readonly directory: string;
  /** Threads that unpack; one per core by default (8 at most), 0 for none besides the caller's. */
  readonly workers?: number;
  /** `tar`: everything is checked, and nothing unpacked; DIR gets the wheels. `tree` by default. */
  readonly layout?: Manifest['layout'];
  /** With `tar`, archives of the wheels are made there, in `layers/`, and the manifest names them; without it every publish makes them. */
  readonly layerCache?: string;
  /** Strict by default. */
  readonly rules?: Rules;
  readonly onProgress?: (progress: Progress) => void;
  /** One line for the user about something odd that stops nothing. */
  readonly onNote?: (note: string) => void;
  /** Called when the directory already holds this environment, byte for byte, and nothing is unpacked. */
  readonly onReused?: () => void;
  readonly signal?: AbortSignal;
}
