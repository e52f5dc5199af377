import type { SettingName, Settings } from './settings.ts';
import { tomlValue } from './toml-value.ts';

/** What was found out, and where. */
export interface Found {
  readonly value: string | readonly string[];
  /** `.python-version`, `--python` */
  readonly from: string;
}

export type FoundSettings = Readonly<Partial<Record<SettingName, Found>>>;

/** What is written for people who see such a file for the first time. */
interface Paragraph {
  readonly name: SettingName;
  readonly comment: readonly string[];
  /** What stands there, commented out, when nobody knows the value. */
  readonly example: NonNullable<Settings[SettingName]>;
}

const HEAD = [
  '# What `hdfs-venv publish` locks, builds and publishes. Options of the command line and HDFS_VENV_ variables go',
  '# before this file. `hdfs-venv config` shows every setting in force and where it comes from.',
];

const PARAGRAPHS: readonly Paragraph[] = [
  {
    name: 'requirements',
    comment: [
      'What the environment is made of: requirements ("pandas==2.2.3"), requirements files, wheels, uv.lock, and your own',
      'code: "." is the project in this folder, "./risk_app" a package folder, "./job.py" a file.',
    ],
    example: ['requirements.txt'],
  },
  {
    name: 'python',
    comment: ['The Python of the cluster, not of this machine: what `python3 --version` prints on a node.'],
    example: '3.7.16',
  },
  {
    name: 'platform',
    comment: [
      'The system of the cluster: rhel6, rhel7, rhel8, rhel9, cdh5, cdh6 or cdp7; rhel8-aarch64 on ARM. If in doubt, see what',
      '`ldd --version` prints on a node, and write glibc = "2.17" instead.',
    ],
    example: 'rhel7',
  },
  {
    name: 'address',
    comment: [
      'Where the environment is published: a directory of its own. The port of the NameNode is 9870 on Hadoop 3, 50070 on',
      'Hadoop 2. Two NameNodes: webhdfs://nn1:9870,nn2:9870/user/alice/envs/risk',
    ],
    example: 'webhdfs://namenode:9870/user/alice/envs/risk',
  },
  {
    name: 'user',
    comment: ['Your name on a cluster without Kerberos, if it is not HADOOP_USER_NAME or the name on this machine.'],
    example: 'alice',
  },
  {
    name: 'output',
    comment: ['Where it is built on this machine.'],
    example: 'build/risk',
  },
  {
    name: 'layout',
    comment: [
      'One archive for each wheel ("tar"), which executors unpack with the program tar, or one file on HDFS for each file',
      '("tree"). "auto" is "tar", unless executors-have-tar = false says that it is not there.',
    ],
    example: 'auto',
  },
  {
    name: 'provided',
    comment: ['What the cluster brings besides pyspark and py4j, and is left out.'],
    example: ['numpy==1.21.6'],
  },
];

/** Settings that stand in the file, in their order. */
export const WRITTEN: readonly SettingName[] = PARAGRAPHS.map(({ name }) => name);

/**
 * A configuration file with comments. What nobody knows stands there as an example, commented out, so that the file is valid as it is.
 *
 * @param found values of the settings; `layout` is always there
 */
export function renderInitFile(found: FoundSettings): string {
  const paragraphs = PARAGRAPHS.map(({ name, comment, example }) => {
    const known = found[name];
    const from = known === undefined ? '' : `  # ${known.from}`;
    const value = known === undefined ? example : typeof known.value === 'string' ? known.value : [...known.value];
    const line = `${known === undefined ? '# ' : ''}${name} = ${tomlValue(value)}${from}`;
    return [...comment.map((one) => `# ${one}`), line].join('\n');
  });
  return `${[HEAD.join('\n'), ...paragraphs].join('\n\n')}\n`;
}
