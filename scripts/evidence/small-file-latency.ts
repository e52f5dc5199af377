/**
 * The evidence behind docs/decisions/0004-many-small-files.md: how long a DataNode takes for one small file when nothing
 * else is going on. `npx tsx scripts/evidence/small-file-latency.ts [HADOOP_VERSION]`
 */
import { bytesContent } from '../../src/publish/content.ts';
import { openWebHdfsStore } from '../../src/store/webhdfs/webhdfs-store.ts';
import { startHdfs } from '../../test/support/hadoop/cluster.ts';
import { type Claim, reportClaims } from './claims.ts';

const BYTES = Buffer.alloc(9000, 'a module of a wheel\n');
const WARM_UP = 300;
const FILES = 600;

/** The DataNode's HDFS client sleeps this long before it asks again whether the file is complete. Milliseconds. */
const SLEEP = 400;

const [version] = process.argv.slice(2);
const hdfs = await startHdfs(version === undefined ? {} : { version });
const store = openWebHdfsStore({
  nameNodes: [{ host: 'localhost', port: hdfs.nameNodeHttpPort }],
  path: '/user/alice/latency',
  user: 'alice',
});
try {
  await store.makeDirectory('', 0o755);
  const times: number[] = [];
  for (let file = 0; file < WARM_UP + FILES; file += 1) {
    const start = performance.now();
    await store.put(`file-${file}`, bytesContent(BYTES), { mode: 0o644 });
    if (file >= WARM_UP) times.push(performance.now() - start);
  }
  reportClaims(claimsFrom(times));
} finally {
  await store.close();
  await hdfs.stop();
}

function claimsFrom(times: readonly number[]): Claim[] {
  const sorted = times.toSorted((left, right) => left - right);
  const median = sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
  const slept = sorted.filter((time) => time >= SLEEP);
  const between = sorted.filter((time) => time > SLEEP / 2 && time < SLEEP);
  return [
    {
      claim: 'most files take a few milliseconds',
      seen: `${sorted.length} files one after the other: median ${median.toFixed(1)} ms`,
      holds: median < SLEEP / 4,
    },
    {
      claim: 'some take 400 ms more, and hardly any something between',
      seen: `${slept.length} took ${SLEEP} ms or more, ${between.length} between ${SLEEP / 2} and ${SLEEP} ms`,
      holds: slept.length > 2 * between.length,
    },
  ];
}
