import type { HadoopProperties } from './hadoop-xml.ts';

/**
 * The NameNodes of the default file system as an address begins: `webhdfs://namenode:9870`, `swebhdfs://nn1:9871,nn2:9871`. Keys as in Hadoop's hdfs-default.xml.
 *
 * @returns undefined when it is not said in so many words: no WebHDFS address, variables (`${…}`), another default file system than HDFS
 */
export function nameNodesOf(properties: HadoopProperties): string | undefined {
  const service = /^hdfs:\/\/([^/:]+)/.exec(properties.get('fs.defaultFS') ?? '')?.[1];
  if (service === undefined) return undefined;
  const isSecure = properties.get('dfs.http.policy') === 'HTTPS_ONLY';
  const key = `dfs.namenode.${isSecure ? 'https' : 'http'}-address`;
  const isNameService = splitList(properties.get('dfs.nameservices')).includes(service);
  const members = splitList(properties.get(`dfs.ha.namenodes.${service}`));
  const addresses = (members.length === 0 ? [undefined] : members).map((member) => {
    const suffixes = [isNameService ? `.${service}` : '', member === undefined ? '' : `.${member}`];
    // it listens everywhere: then the host is the one of the file system
    return properties.get(`${key}${suffixes.join('')}`)?.replace(/^0\.0\.0\.0(?=:)/, isNameService ? '' : service);
  });
  const known = addresses.filter((address) => address !== undefined && /^[A-Za-z0-9.-]+:\d+$/.test(address));
  if (known.length === 0 || known.length < addresses.length) return undefined;
  return `${isSecure ? 'swebhdfs' : 'webhdfs'}://${known.join(',')}`;
}

function splitList(value = ''): string[] {
  return value.split(/[\s,]+/).filter((one) => one !== '');
}
