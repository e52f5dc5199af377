import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { hadoopDirectory, readHadoopProperties } from '../../src/config/hadoop-xml.ts';
import { nameNodesOf } from '../../src/config/name-nodes-of.ts';
import { temporaryDirectories } from '../support/environment-maker.ts';

const freshDirectory = temporaryDirectories('hadoop-xml');
let directory: string;
beforeEach(() => {
  directory = freshDirectory();
});

function writeXml(name: string, ...properties: string[]): void {
  writeFileSync(
    join(directory, name),
    `<?xml version="1.0"?>\n<!-- by hand -->\n<configuration>\n${properties.join('\n')}\n</configuration>\n`,
  );
}

const property = (name: string, value: string): string =>
  `<property>\n  <name> ${name} </name><value>${value}</value><final>true</final></property>`;

describe("Hadoop's files", () => {
  test('hdfs-site.xml counts after core-site.xml; numbers stay as written, and what has no value is passed over', async () => {
    writeXml('core-site.xml', property('a', '1'), property('b', ' 007 '));
    writeXml('hdfs-site.xml', property('a', 'x &amp; y'), '<property><name>c</name></property>');
    expect(Object.fromEntries(await readHadoopProperties(directory))).toEqual({ a: 'x & y', b: '007' });
  });

  test('what is not there, is broken or is something else says nothing', async () => {
    writeFileSync(join(directory, 'core-site.xml'), '<configuration><property><name>a</name>');
    writeFileSync(join(directory, 'hdfs-site.xml'), '<project/>');
    expect((await readHadoopProperties(directory)).size).toBe(0);
    expect((await readHadoopProperties(join(directory, 'none'))).size).toBe(0);
  });

  test('are looked for where Hadoop looks', () => {
    expect(hadoopDirectory({ HADOOP_CONF_DIR: '/conf', HADOOP_HOME: '/opt/hadoop' })).toBe('/conf');
    expect(hadoopDirectory({ HADOOP_CONF_DIR: '', HADOOP_HOME: '/opt/hadoop' })).toBe('/opt/hadoop/etc/hadoop');
    expect(hadoopDirectory({})).toBe('/etc/hadoop/conf');
  });
});

describe('the NameNodes', () => {
  const ha = {
    'fs.defaultFS': 'hdfs://prod',
    'dfs.nameservices': 'dev, prod',
    'dfs.ha.namenodes.prod': 'nn1,nn2',
    'dfs.namenode.http-address.prod.nn1': 'one.example.invalid:50070',
    'dfs.namenode.http-address.prod.nn2': 'two.example.invalid:50070',
  };
  test.each([
    ['one', { 'fs.defaultFS': 'hdfs://nn:8020', 'dfs.namenode.http-address': 'nn:9870' }, 'webhdfs://nn:9870'],
    [
      'one that listens everywhere',
      { 'fs.defaultFS': 'hdfs://nn:8020', 'dfs.namenode.http-address': '0.0.0.0:9870' },
      'webhdfs://nn:9870',
    ],
    [
      'over TLS only',
      {
        'fs.defaultFS': 'hdfs://nn',
        'dfs.http.policy': 'HTTPS_ONLY',
        'dfs.namenode.http-address': 'nn:9870',
        'dfs.namenode.https-address': 'nn:9871',
      },
      'swebhdfs://nn:9871',
    ],
    ['high availability', ha, 'webhdfs://one.example.invalid:50070,two.example.invalid:50070'],
    ['one of two that is not said', { ...ha, 'dfs.namenode.http-address.prod.nn2': '${nn2}:50070' }, undefined],
    ['no address', { 'fs.defaultFS': 'hdfs://nn:8020' }, undefined],
    ['another file system', { 'fs.defaultFS': 's3a://x', 'dfs.namenode.http-address': 'nn:9870' }, undefined],
    ['nothing', {}, undefined],
  ])('%s', (_, properties, expected) => {
    expect(nameNodesOf(new Map(Object.entries(properties)))).toBe(expected);
  });
});
