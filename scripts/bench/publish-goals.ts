import { OTHERS } from './peers/peers.ts';
import type { Goal, Row } from './results/result.ts';
import { fastestOf, medianOf } from './results/summarise.ts';

const PUT = 'hdfs-put-t16';
/** On few cores the default threads are the limit, and `put` needs none of them. */
const PUT_AT_MOST: Readonly<Record<string, number>> = { 'default threads': 1.5, '64 threads': 0.7 };

/** What publishing is to reach in each setting, as ratios of medians. */
export function publishGoals(rows: readonly Row[]): Goal[] {
  const settings = [...new Set(rows.map(({ setting = '' }) => setting))];
  return settings.flatMap((setting): Goal[] => {
    const of = (peer: string): number => medianOf(rows, peer, setting);
    const beside = (peer: string, atMost: number): Goal => ({
      what: `hdfs-venv beside ${peer}, ${setting}`,
      measured: of('hdfs-venv') / of(peer),
      unit: '×',
      aim: { atMost },
    });
    const putAtMost = PUT_AT_MOST[setting];
    return [
      ...['hdfs-venv-tar', 'hdfs-venv-tar-cold'].map((peer) => ({
        what: `the fastest other upload of the tree takes as many times as long as ${peer}, ${setting}`,
        measured: fastestOf(rows, OTHERS, setting) / of(peer),
        unit: '×',
        aim: { atLeast: 20 },
      })),
      ...(putAtMost === undefined ? [] : [beside(PUT, putAtMost)]),
      beside('npm-webhdfs-16', 0.4),
      beside('npm-webhdfs-128', 0.4),
    ];
  });
}
