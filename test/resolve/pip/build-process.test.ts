import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { indexWheel } from '../../support/local-index.ts';
import { filesOf, resolveBench } from '../../support/resolve-bench.ts';
import { indexSdist } from '../../support/sdist-maker.ts';

/** Fails when this process, or one that has led to it, was started with the password as an argument. */
const LOOK = `
pid = os.getpid()
while pid > 1:
    if 's3cret' in open('/proc/%d/cmdline' % pid).read():
        raise ValueError('the password can be seen')
    pid = int(open('/proc/%d/stat' % pid).read().rsplit(')', 1)[1].split()[1])
`;
const SLEEP = `
import time
with open(os.environ['PID_FILE'] + '.new', 'w') as file:
    file.write(str(os.getpid()))
os.rename(file.name, os.environ['PID_FILE'])
time.sleep(600)
`;

const OLD = `
import setuptools
if setuptools.MAJOR > 80:
    import pkg_resources
`;

const bench = resolveBench([
  ...[80, 99].map((major) =>
    indexWheel({
      name: 'setuptools',
      version: `${major}.0`,
      files: { 'setuptools.py': `MAJOR = ${major}\n`, ...(major > 80 ? {} : { 'pkg_resources.py': '' }) },
    }),
  ),
  indexSdist({ name: 'old', version: '1.0', buildRequires: ['setuptools'], program: OLD }),
  indexSdist({ name: 'tool', version: '1.0', tag: 'py2.py3-none-any', program: LOOK }),
  indexSdist({ name: 'made', version: '1.0', tag: 'py2.py3-none-any', buildRequires: ['tool'] }),
  indexSdist({ name: 'slow', version: '1.0', program: SLEEP }),
]);

describe('a build', () => {
  // pip 24.0 and the newest one
  it.runIf(process.platform === 'linux').each(['2.7', '3.9'])(
    'gets what it needs without showing a password to the machine, target %s',
    async (python) => {
      vi.stubEnv('PIP_INDEX_URL', bench.index.url.replace('//', '//me:s3cret@'));
      const resolution = await bench.run(['made'], ['made'], { python });
      expect(filesOf(resolution)).toStrictEqual(['made-1.0-py2.py3-none-any.whl']);
      expect(resolution.packages[0]?.source?.tools).toStrictEqual(['tool==1.0']);
      expect(JSON.stringify(resolution)).not.toContain('s3cret');
    },
  );

  it('that misses what setuptools once had gets an older one', async () => {
    const resolution = await bench.run(['old'], ['old']);
    expect(resolution.packages[0]?.source?.tools).toStrictEqual(['setuptools==80.0']);
    expect(bench.texts('building')).toHaveLength(2);
  });

  it('ends with all that it has started when the user interrupts', async () => {
    const file = join(bench.workPath, 'pid');
    vi.stubEnv('PID_FILE', file);
    const controller = new AbortController();
    const running = bench.run(['slow'], ['slow'], { signal: controller.signal });
    const outcome = expect(running).rejects.toMatchObject({ code: 'RESOLVE_INTERRUPTED' });
    await vi.waitFor(() => expect(existsSync(file)).toBe(true), { timeout: 60_000 });
    controller.abort();
    await outcome;
    const pid = Number(readFileSync(file, 'utf8'));
    // whoever inherits it has to notice first
    await vi.waitFor(() => expect(() => process.kill(pid, 0)).toThrow('ESRCH'), { timeout: 60_000 });
  });
});
