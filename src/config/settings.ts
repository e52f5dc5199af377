import { z } from 'zod';

/** What must stand there, as messages say it: `expected a whole number from 1 up`. */
const text = z.string({ error: 'a text in quotes' }).min(1, { error: 'a text that is not empty' });
const list = z.union([text, z.array(text)], { error: 'a text in quotes, or a list of them: ["…", "…"]' });
const count = z.int({ error: 'a whole number from 1 up' }).min(1, { error: 'a whole number from 1 up' });
const yesOrNo = z.boolean({ error: 'true or false' });

/**
 * Every setting there is, under the name of the flag that says the same. A list may be written as one text. What a setting means beyond its type (is there such a
 * platform?) is checked by the command that uses it.
 */
export const settingsSchema = z
  .strictObject({
    address: text.describe(
      'Where the environment is published: webhdfs://namenode:9870/user/alice/envs/risk, or file:///path.',
    ),
    user: text.describe('The user name on a cluster without Kerberos.'),
    requirements: list.describe(
      'What the environment is made of, as arguments of `hdfs-venv build`: requirements (pandas==2.2.3), requirements files (requirements.txt; "-r NAME" for one with another ending), wheels, pyproject.toml, uv.lock, or your own code (./risk_app).',
    ),
    constraint: list.describe('Constraints files, as for pip.'),
    python: text.describe('The Python of the cluster: "3.7.16", or "3.7" for the newest 3.7.'),
    platform: list.describe(
      'The system of the cluster: rhel6, rhel7, rhel8, rhel9, cdh5, cdh6, cdp7, for ARM with -aarch64, or platform tags.',
    ),
    glibc: text.describe('Instead of platform: the version of the glibc of the nodes, "2.17".'),
    arch: text.describe('x86_64 (default) or aarch64.'),
    abi: text.describe('Another ABI than the usual one, such as cp27m.'),
    'complete-platform': text.describe(
      'Instead of python, platform, glibc, arch and abi: a complete platform of pex, a file with JSON.',
    ),
    provided: list.describe('What the cluster brings besides pyspark and py4j: NAME or NAME==VERSION.'),
    build: list.describe('Packages without wheels that may be built here, if pure Python comes of it.'),
    'index-url': text.describe("The package index, instead of the one in pip's settings. Without a password."),
    'extra-index-url': list.describe('More package indexes. Without passwords.'),
    'find-links': list.describe('Directories or pages with wheels.'),
    'no-index': yesOrNo.describe('Take wheels from find-links only; nothing is asked of the network.'),
    'trusted-host': list.describe('Indexes without a certificate that can be checked.'),
    'pip-wheel': text.describe('The wheel of pip that chooses, where no index offers it.'),
    allow: list.describe('Checks that are switched off for one package: CODE=PACKAGE.'),
    limit: list.describe('What a wheel may hold: NAME=NUMBER with entries, file-bytes, total-bytes or ratio.'),
    lock: z
      .union([text, z.literal(false)], { error: 'a text in quotes, or false' })
      .describe('The lock (default: pylock.TARGET.toml beside this file); false: resolve anew every time.'),
    locked: yesOrNo.describe('Fail when the lock is missing or does not fit any more.'),
    output: text.describe('The directory where the environment is built.'),
    layout: z
      .enum(['auto', 'tree', 'tar'], { error: '"auto", "tree" or "tar"' })
      .describe(
        'How the environment lies on HDFS: one file for each file (tree), or one archive for each wheel, which executors unpack with the program tar (tar). auto: tar, unless executors-have-tar is false.',
      ),
    'executors-have-tar': yesOrNo.describe('Whether the executors have the program tar: what layout = "auto" goes by.'),
    concurrency: count.describe('The most uploads at once.'),
    replication: count.describe(
      "Replicas of each uploaded file (default: the cluster's own; of an archive, as many as there are DataNodes, where that is 4 to 10).",
    ),
  })
  .partial();

/** The values of one source, or of all of them taken together. What nobody said is missing. */
export type Settings = z.infer<typeof settingsSchema>;

export type SettingName = keyof Settings;

/** Of all settings, in the order in which they are shown. */
export const SETTING_NAMES: readonly SettingName[] = settingsSchema.keyof().options;

export function isSettingName(name: string): name is SettingName {
  return Object.hasOwn(settingsSchema.shape, name);
}

/** Whether a setting takes several values. */
export function isListSetting(name: SettingName): boolean {
  return settingsSchema.shape[name].safeParse(['x']).success;
}

/** The JSON schema (draft 2020-12) of `hdfs-venv.toml` and of `[tool.hdfs-venv]`, for editors. */
export function settingsJsonSchema(): object {
  return { ...z.toJSONSchema(settingsSchema), title: 'hdfs-venv.toml, or [tool.hdfs-venv] of pyproject.toml' };
}
