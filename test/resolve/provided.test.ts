import { describe, expect, it } from 'vitest';
import { parseProvided } from '../../src/resolve/provided.ts';

describe('parseProvided', () => {
  it('normalises names and keeps versions', () => {
    expect([...parseProvided(['PySpark', 'ruamel.YAML==0.17.21', 'numpy==1.0', 'numpy'])]).toStrictEqual([
      ['pyspark', null],
      ['ruamel-yaml', '0.17.21'],
      ['numpy', null],
    ]);
  });

  it.each(['pyspark>=3', 'pyspark==', 'pyspark==x', 'pyspark[sql]', '', '-x', 'a b'])('refuses %j', (text) => {
    expect(() => parseProvided([text])).toThrow(expect.objectContaining({ code: 'RESOLVE_PROVIDED', exit: 'usage' }));
  });
});
