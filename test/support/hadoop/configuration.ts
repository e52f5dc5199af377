import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export type Properties = Readonly<Record<string, string>>;

const escapeXml = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

/** Hadoop's XML of name and value. */
export function renderConfiguration(properties: Properties): string {
  const lines = Object.entries(properties).map(
    ([name, value]) => `  <property><name>${escapeXml(name)}</name><value>${escapeXml(value)}</value></property>`,
  );
  return ['<?xml version="1.0"?>', '<configuration>', ...lines, '</configuration>', ''].join('\n');
}

const LOG4J = [
  'log4j.rootLogger=INFO,console',
  'log4j.appender.console=org.apache.log4j.ConsoleAppender',
  'log4j.appender.console.target=System.err',
  'log4j.appender.console.layout=org.apache.log4j.PatternLayout',
  'log4j.appender.console.layout.ConversionPattern=%d{ISO8601} %p %c{1}: %m%n',
  '',
].join('\n');

/** Makes a configuration directory (for HADOOP_CONF_DIR) with these site files. */
export function writeConfiguration(directory: string, core: Properties, hdfs: Properties): void {
  mkdirSync(directory, { recursive: true });
  writeFileSync(join(directory, 'core-site.xml'), renderConfiguration(core));
  writeFileSync(join(directory, 'hdfs-site.xml'), renderConfiguration(hdfs));
  writeFileSync(join(directory, 'log4j.properties'), LOG4J);
}

/** The web applications that the daemons look for on their class path; without pages, WebHDFS is served all the same. */
export function writeWebApplications(directory: string): void {
  for (const name of ['hdfs', 'datanode', 'static', 'logs']) {
    const information = join(directory, 'webapps', name, 'WEB-INF');
    mkdirSync(information, { recursive: true });
    writeFileSync(join(information, 'web.xml'), '<web-app version="2.4" xmlns="http://java.sun.com/xml/ns/j2ee"/>\n');
  }
}
