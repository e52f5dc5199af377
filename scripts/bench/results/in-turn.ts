/**
 * Measures each of `peers` `runs` times, one after the other; every second round goes the other way round, so that nobody
 * always follows the same one.
 * @param once names of those that are measured in the first round only
 * @returns what was measured of each, in the order of `peers`
 */
export async function inTurn<Peer, Measurement>(
  peers: readonly (readonly [name: string, peer: Peer])[],
  runs: number,
  measure: (name: string, peer: Peer, run: number) => Promise<Measurement>,
  once: readonly string[] = [],
): Promise<Map<string, Measurement[]>> {
  const measured = new Map<string, Measurement[]>(peers.map(([name]) => [name, []]));
  for (let run = 1; run <= runs; run += 1) {
    for (const [name, peer] of run % 2 === 1 ? peers : peers.toReversed())
      if (run === 1 || !once.includes(name)) measured.get(name)?.push(await measure(name, peer, run));
  }
  return measured;
}
