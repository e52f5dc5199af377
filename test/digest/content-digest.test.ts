import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { ContentDigester, digestContent } from '../../src/digest/content-digest.ts';
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

describe('digestContent', () => {
  it.each([0, 1, 511, 512, 513, 1024, 600_000])('says of %i bytes at once what a stream says of them', (size) => {
    const digester = new ContentDigester();
    const bytes = Buffer.from(Uint8Array.from({ length: size }, (_, at) => (at * 31 + (at >> 8) * 17) & 255));
    digester.update(bytes);
    expect(digestContent(bytes)).toEqual(digester.finish());
  });

  it('looks at its own part of a larger buffer only', () => {
    const bytes = Buffer.from('around|the content|it');
    expect(digestContent(bytes.subarray(7, 18))).toEqual(digestContent(Buffer.from('the content')));
  });
});
