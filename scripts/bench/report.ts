export interface Measurement {
  readonly peer: string;
  /** Wall clock, from the first request to the last answer. */
  readonly seconds: number;
  /** In seconds, `NaN` where it cannot be told: on few cores it is what everybody's time is made of. */
  readonly processorSeconds: { readonly client: number; readonly servers: number };
}

export interface Summary {
  readonly peer: string;
  readonly seconds: readonly number[];
  readonly medianSeconds: number;
  /** Medians, of the processor time of the client and of all servers. */
  readonly processorSeconds: { readonly client: number; readonly servers: number };
  readonly filesPerSecond: number;
  /** Millions of bytes. */
  readonly megabytesPerSecond: number;
  /** This median divided by that of the first peer. */
  readonly ratio: number;
}

export function summarise(
  measurements: readonly Measurement[],
  sent: { readonly files: number; readonly bytes: number },
): Summary[] {
  const peers = [...new Set(measurements.map(({ peer }) => peer))];
  const of = (peer: string): Measurement[] => measurements.filter((one) => one.peer === peer);
  const secondsOf = (peer: string): number[] => of(peer).map(({ seconds }) => seconds);
  const reference = median(secondsOf(peers[0] ?? ''));
  return peers.map((peer) => {
    const seconds = secondsOf(peer);
    const medianSeconds = median(seconds);
    return {
      peer,
      seconds,
      medianSeconds,
      processorSeconds: {
        client: median(of(peer).map((one) => one.processorSeconds.client)),
        servers: median(of(peer).map((one) => one.processorSeconds.servers)),
      },
      filesPerSecond: sent.files / medianSeconds,
      megabytesPerSecond: sent.bytes / 1e6 / medianSeconds,
      ratio: medianSeconds / reference,
    };
  });
}

/** Of an even number of values, what lies between the two in the middle. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((left, right) => left - right);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2;
}

/** A table in plain text, the reference first. */
export function renderTable(summaries: readonly Summary[]): string {
  const rows = summaries.map((row) => [
    row.peer,
    row.seconds.map((seconds) => seconds.toFixed(1)).join(' / '),
    row.medianSeconds.toFixed(1),
    row.filesPerSecond.toFixed(0),
    row.megabytesPerSecond.toFixed(1),
    row.ratio.toFixed(2),
    row.processorSeconds.client.toFixed(1),
    row.processorSeconds.servers.toFixed(1),
  ]);
  const table = [['', 'seconds', 'median', 'files/s', 'MB/s', 'ratio', 'client CPU s', 'servers CPU s'], ...rows];
  return layOut(table);
}

/** Columns of text, each as wide as its widest cell. */
export function layOut(table: readonly (readonly string[])[]): string {
  const widths = (table[0] ?? []).map((_, column) => Math.max(...table.map((row) => row[column]?.length ?? 0)));
  return table
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}
