/** One line for the user while wheels are gathered. No secret in it. */
export interface ResolveEvent {
  /**
   * `downloading` and `cached`: a wheel, by file name, comes from the index or was there already. `building`: a project folder or a
   * source distribution is made into a wheel. `notice`: something the user should know but need not act on.
   */
  readonly type: 'downloading' | 'cached' | 'building' | 'notice';
  readonly text: string;
}

export type OnResolveEvent = (event: ResolveEvent) => void;
