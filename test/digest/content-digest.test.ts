import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { ContentDigester } from '../../src/digest/content-digest.ts';
import { HdfsChecksum } from '../../src/digest/hdfs-checksum.ts';

describe('ContentDigester', () => {
  it('knows the empty content', () => {
    expect(new ContentDigester().finish()).toEqual({
      size: 0,
      sha256: 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
      hdfsChecksum: '70bc8f4b72a86921468bf8e8441dce51',
    });
  });

  it('takes size, sha256 and HDFS checksum in one pass', () => {
    const bytes = Buffer.alloc(3000, 'digest');
    const digester = new ContentDigester();
    digester.update(bytes.subarray(0, 700));
    digester.update(bytes.subarray(700));
    const hdfs = new HdfsChecksum();
    hdfs.update(bytes);
    expect(digester.finish()).toEqual({
      size: 3000,
      sha256: createHash('sha256').update(bytes).digest('hex'),
      hdfsChecksum: hdfs.finish(),
    });
  });
});
