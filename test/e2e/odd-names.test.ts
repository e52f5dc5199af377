import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import WebHDFS, { type FileStatus } from 'webhdfs';
import { manifestSchema } from '../../src/env/manifest.ts';
import { scratchDirectory } from '../support/scratch.ts';
import { type HdfsCluster, startHdfs } from '../support/hadoop/cluster.ts';
import { writeWheel } from '../support/wheel-maker.ts';
import { barePython } from './cluster-python.ts';
import { hdfsVenvSucceeds, publish, type Published, submit } from './hdfs-venv.ts';
import { readLine } from './report.ts';

/** Path below the environment's root to size in bytes and sha256. */
type Digests = Record<string, [size: number, sha256: string]>;

const JOBS = join(import.meta.dirname, '../../fixtures/jobs');

const FILES = {
  'odd/__init__.py': '',
  'odd/with space.txt': 'a space\n',
  'odd/plus+sign.txt': 'a plus\n',
  'odd/hash#tag.txt': 'a number sign\n',
  'odd/percent%41.txt': 'not an A\n',
  'odd/parentheses (1).txt': 'parentheses\n',
  'odd/Füße 漢字 😀.txt': 'more than one byte per letter\n',
  'odd/empty': '',
  'odd/a folder (with) + # % é/bytes': Buffer.from(Array.from({ length: 70_000 }, (_, index) => index % 251)),
};

describe('files with odd names, and empty ones', () => {
  const scratch = scratchDirectory('odd');
  let hdfs: HdfsCluster;
  let published: Published;
  /** `hdfs:///user/alice/envs/odd/trees/…` */
  let tree: string;
  let expected: Digests;

  beforeAll(async () => {
    hdfs = await startHdfs();
    const wheel = writeWheel(scratch.path, { name: 'odd', version: '1.0', files: FILES });
    const directory = join(scratch.path, 'build');
    const code = join(JOBS, 'digest_files.py');
    await hdfsVenvSucceeds('build', wheel, code, '--python', '3.11', '--platform', 'rhel8', '-o', directory);
    const { files } = manifestSchema.parse(JSON.parse(readFileSync(join(directory, 'manifest.json'), 'utf8')));
    expected = Object.fromEntries(files.map((file) => [file.path, [file.size, file.sha256]]));
    published = await publish(hdfs, directory, 'odd');
    tree = (await hdfsVenvSucceeds('show', published.address, '--path', '--user', 'alice')).stdout.trim();
  });

  afterAll(async () => {
    await hdfs?.stop();
    scratch.remove();
  });

  it('have their names in the manifest, with the digests of what the wheel holds', () => {
    for (const [path, content] of Object.entries(FILES)) {
      expect(expected[path], path).toEqual([Buffer.byteLength(content), sha256(content)]);
    }
  });

  it("reach Spark's executors", async () => {
    const python = await barePython('3.11', join(scratch.path, 'bare'));
    const args = [published.bootstrap, published.environment, 'digest_files:main', 'odd'];
    const result = await submit(hdfs, { version: '3.5.9', python, args });
    const odd = Object.fromEntries(Object.entries(expected).filter(([path]) => path.startsWith('odd/')));
    expect(readLine(result)).toEqual({ workers: [odd, odd] });
  });

  it('are read back by npm webhdfs', async () => {
    const client = WebHDFS.createClient({
      user: 'alice',
      host: 'localhost',
      port: String(hdfs.nameNodeHttpPort),
      path: '/webhdfs/v1',
    });
    expect(await digestsByWebhdfs(client, new URL(tree).pathname)).toEqual(expected);
  });

  it("are read back by Hadoop's FsShell", async () => {
    const copy = join(scratch.path, 'copy');
    mkdirSync(copy);
    const result = await hdfs.fsShell(['-get', `${tree}/*`, copy], { user: 'alice' });
    expect(result.exitCode, result.stderr).toBe(0);
    expect(digestsOfDirectory(copy)).toEqual(expected);
  });
});

/** The client puts a path into its URL as it is, so the path comes encoded. */
async function digestsByWebhdfs(client: WebHDFS, root: string, below = ''): Promise<Digests> {
  const readdir = promisify<string, FileStatus[]>(client.readdir.bind(client));
  const readFile = promisify<string, Buffer>(client.readFile.bind(client));
  const digests: Digests = {};
  for (const { pathSuffix, type } of await readdir(encoded(join(root, below)))) {
    const path = join(below, pathSuffix);
    if (type === 'DIRECTORY') Object.assign(digests, await digestsByWebhdfs(client, root, path));
    else {
      const content = await readFile(encoded(join(root, path)));
      digests[path] = [content.length, sha256(content)];
    }
  }
  return digests;
}

function encoded(path: string): string {
  return path.split('/').map(encodeURIComponent).join('/');
}

function digestsOfDirectory(root: string): Digests {
  const paths = readdirSync(root, { recursive: true, encoding: 'utf8' }).map((name) => join(root, name));
  const files = paths.filter((path) => statSync(path).isFile());
  return Object.fromEntries(
    files.map((path) => {
      const content = readFileSync(path);
      return [relative(root, path), [content.length, sha256(content)]];
    }),
  );
}

function sha256(content: string | Buffer): string {
  return createHash('sha256').update(content).digest('hex');
}
