import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { XMLParser } from 'fast-xml-parser';
import { z } from 'zod';

/** Names to values, as Hadoop's own `Configuration` reads `<property>` elements; a later one counts. */
export type HadoopProperties = ReadonlyMap<string, string>;

const propertySchema = z.object({ name: z.string(), value: z.string() });

const documentSchema = z.object({ configuration: z.object({ property: z.array(z.unknown()) }) });

/** Where Hadoop's programs look for their configuration, the first that is set. */
export function hadoopDirectory(env: NodeJS.ProcessEnv): string {
  const { HADOOP_CONF_DIR: directory = '', HADOOP_HOME: home = '' } = env;
  if (directory !== '') return directory;
  return home === '' ? '/etc/hadoop/conf' : join(home, 'etc', 'hadoop');
}

/** What core-site.xml and hdfs-site.xml in a directory say. One that is not there, or is no such file, says nothing. */
export async function readHadoopProperties(directory: string): Promise<HadoopProperties> {
  const properties = new Map<string, string>();
  for (const name of ['core-site.xml', 'hdfs-site.xml']) {
    const source = await readFile(join(directory, name), 'utf8').catch(() => '');
    for (const [key, value] of parseHadoopXml(source)) properties.set(key, value);
  }
  return properties;
}

function parseHadoopXml(source: string): HadoopProperties {
  const parser = new XMLParser({ parseTagValue: false, isArray: (name) => name === 'property' });
  let document: unknown;
  try {
    document = parser.parse(source);
  } catch {
    return new Map();
  }
  const parsed = documentSchema.safeParse(document);
  const properties = parsed.success ? parsed.data.configuration.property : [];
  return new Map(
    properties.flatMap((property): [string, string][] => {
      // one without a value, or with something else in it
      const one = propertySchema.safeParse(property);
      return one.success ? [[one.data.name, one.data.value]] : [];
    }),
  );
}
