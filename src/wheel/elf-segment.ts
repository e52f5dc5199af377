/** Types of program headers that somebody here asks for (System V ABI, `p_type`). */
export const LOAD = 1;
export const DYNAMIC = 2;

/** A range of the file, and where in memory it goes. */
export interface Segment {
  readonly type: number;
  /** In the file. */
  readonly offset: number;
  /** In memory. */
  readonly address: number;
  /** Bytes that the file has of it. */
  readonly size: number;
}
