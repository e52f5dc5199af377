import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execaSync } from 'execa';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { checkClosure } from '../../src/resolve/closure.ts';
import { findHostPython } from '../../src/resolve/pip/host-python.ts';
import { normaliseName } from '../../src/wheel/wheel-name.ts';
import { parseTarget } from '../../src/target/target.ts';
import { scratchDirectory } from '../support/scratch.ts';
import { freshResolveCache } from '../support/resolve-cache.ts';
import { type WheelOptions, writeWheel } from '../support/wheel-maker.ts';

const BOOTSTRAP = fileURLToPath(new URL('../../bootstrap', import.meta.url));
const DRIVER = `
import json, sys
request = json.load(sys.stdin)
sys.path[:0] = [request['pip'], request['bootstrap']]
from pip_target import use_markers
use_markers(request['target']['environment'])
from wheel_closure import check_closure
report = {'roots': request['roots'], 'chosen': request['chosen'], 'unreadable': []}
check_closure(request['target'], report)
print(json.dumps(report))
`;

interface Report {
  readonly wheels: readonly { readonly file: string; readonly name: string; readonly version: string }[];
  readonly unreadable: { readonly file: string; readonly reason: string }[];
  readonly provided: readonly { readonly name: string; readonly requirements: readonly string[] }[];
  readonly asked: readonly { readonly name: string; readonly requirement: string; readonly by: string }[];
  readonly unknownExtras: readonly unknown[];
  readonly missing: { readonly requirement: string; readonly chain: string[]; readonly found: string | null }[];
}

let cache: Awaited<ReturnType<typeof freshResolveCache>>;
let python: string;
let work: ReturnType<typeof scratchDirectory>;
beforeAll(async () => {
  cache = await freshResolveCache();
  ({ path: python } = await findHostPython(undefined));
}, 300_000);
afterAll(() => cache?.remove());
beforeEach(() => {
  work = scratchDirectory('closure');
});
afterEach(() => work.remove());

/** The closure of `wheels`, as pip's `packaging` of that version sees it, when the user asked for `root`. */
function close(
  pip: string,
  wheels: readonly WheelOptions[],
  root = 'app',
  provided: Readonly<Record<string, string | null>> = {},
): Report {
  for (const wheel of wheels) writeWheel(work.path, wheel);
  const [, name = '', extras = ''] = /^([a-z]+)(?:\[(.+)\])?$/.exec(root) ?? [];
  const input = {
    pip: join(cache.path, 'pip', pip),
    bootstrap: BOOTSTRAP,
    target: {
      environment: parseTarget({ python: '3.7.16', platform: ['rhel7'] }).markerEnvironment,
      provided,
      destination: work.path,
    },
    roots: [{ name, extras: extras === '' ? [] : extras.split(','), text: root, applies: true }],
    chosen: readdirSync(work.path)
      .toSorted()
      .map((file) => {
        const [distribution = '', version = ''] = file.split('-');
        const url = `https://example.invalid/${file}`;
        return { file, name: normaliseName(distribution), version, url, comesFrom: null };
      }),
  };
  return JSON.parse(execaSync(python, ['-I', '-B', '-c', DRIVER], { input: JSON.stringify(input) }).stdout);
}

const PIPS = ['24.0', '26.3'];

describe.each(PIPS)('the closure, with the packaging of pip %s', (pip) => {
  it('is met when every marker that holds is met, over cycles', () => {
    const report = close(
      pip,
      [
        {
          name: 'App',
          version: '1.0',
          requires: ['Lib.One (>=1.0)', 'absent; python_version >= "3.8"', 'absent; extra == "x"'],
        },
        {
          name: 'lib_one',
          version: '1.5',
          requires: ['app', 'pyspark>=3 ; sys_platform == "linux"'],
          metadata: { 'Requires-Python': '>=3.6' },
        },
      ],
      'app',
      { pyspark: null },
    );
    expect(report).toMatchObject({
      missing: [],
      unreadable: [],
      provided: [{ name: 'pyspark', requirements: ['pyspark>=3'] }],
    });
    const source = { url: expect.stringContaining('https://example.invalid/'), comesFrom: null };
    expect(report.wheels).toStrictEqual([
      { file: 'App-1.0-py3-none-any.whl', name: 'app', version: '1.0', requiresPython: null, ...source },
      { file: 'lib_one-1.5-py3-none-any.whl', name: 'lib-one', version: '1.5', requiresPython: '>=3.6', ...source },
    ]);
  });

  it('names the chain to what is not there, to what is too old and to a wrong Python', () => {
    const report = close(
      pip,
      [
        { name: 'app', version: '1.0', requires: ['lib[fast]>=2', 'numpy>=1.22', 'other'] },
        {
          name: 'lib',
          version: '1.5',
          requires: ['gone; extra == "Fast"', 'not-asked; extra == "slow"'],
          metadata: { 'Provides-Extra': ['Fast', 'slow'] },
        },
        { name: 'other', version: '2.0', metadata: { 'Requires-Python': '>=3.8' } },
      ],
      'app',
      { numpy: '1.21.6' },
    );
    expect(report.missing).toStrictEqual([
      { requirement: 'lib[fast]>=2', chain: ['app 1.0'], found: '1.5' },
      { requirement: 'numpy>=1.22', chain: ['app 1.0'], found: '1.21.6' },
      { requirement: 'gone', chain: ['app 1.0', 'lib 1.5'], found: null },
      { requirement: 'Python >=3.8', chain: ['app 1.0', 'other 2.0'], found: '3.7.16' },
    ]);
    const target = parseTarget({ python: '3.7.16', platform: ['rhel7'] });
    expect(() => checkClosure(report, target)).toThrow(
      expect.objectContaining({
        code: 'RESOLVE_CLOSURE',
        exit: 'resolve',
        message:
          'Cannot complete the environment for Python 3.7.16: nothing meets app 1.0 → lib[fast]>=2 (there is 1.5); app 1.0 → numpy>=1.22 (there is 1.21.6); app 1.0 → lib 1.5 → gone; app 1.0 → other 2.0 → Python >=3.8 (there is 3.7.16)',
      }),
    );
  });

  it('follows an extra that is asked for only later', () => {
    const report = close(pip, [
      { name: 'app', version: '1.0', requires: ['lib', 'other'] },
      { name: 'lib', version: '1.0', requires: ['gone; extra == "x"'], metadata: { 'Provides-Extra': 'x' } },
      { name: 'other', version: '1.0', requires: ['lib[x]'] },
    ]);
    expect(report.missing).toStrictEqual([
      { requirement: 'gone', chain: ['app 1.0', 'other 1.0', 'lib 1.0'], found: null },
    ]);
  });

  it('says of a pre-release that it meets a requirement, and finds what the user asked for', () => {
    expect(
      close(pip, [
        { name: 'lib', version: '2.0rc1' },
        { name: 'app', version: '1.0', requires: ['lib>=1'] },
      ]).missing,
    ).toStrictEqual([]);
    expect(close(pip, [], 'gone').missing).toStrictEqual([{ requirement: 'gone', chain: [], found: null }]);
  });

  it('follows extras of extras, of the wheel itself, and in circles', () => {
    const report = close(
      pip,
      [
        {
          name: 'app',
          version: '1.0',
          requires: [
            'app[Data_Science,web]; extra == "all"',
            'lib[a]; extra == "data.science"',
            'gone; extra == "web"',
          ],
          metadata: { 'Provides-Extra': ['all', 'data-science', 'web'] },
        },
        {
          name: 'lib',
          version: '1.0',
          requires: ['lib[b]; extra == "a"', 'app[all]; extra == "b"', 'deep; extra == "b" and python_version < "3.8"'],
          metadata: { 'Provides-Extra': ['a', 'b'] },
        },
      ],
      'app[ALL]',
    );
    expect(report.missing).toStrictEqual([
      { requirement: 'gone', chain: ['app 1.0'], found: null },
      { requirement: 'deep', chain: ['app 1.0', 'lib 1.0'], found: null },
    ]);
    expect(report.unknownExtras).toStrictEqual([]);
  });

  it('asks for each requirement once, however many extras are asked for', () => {
    const report = close(
      pip,
      [
        {
          name: 'app',
          version: '1.0',
          requires: ['lib; python_version < "3.8"', 'lib>=1; extra == "x"'],
          metadata: { 'Provides-Extra': ['x', 'y'] },
        },
        { name: 'lib', version: '1.0' },
      ],
      'app[x,y]',
    );
    expect(report.asked.map(({ requirement }) => requirement)).toStrictEqual(['lib', 'lib>=1']);
  });

  it('passes over extras that a wheel does not have, as pip does, and tells of them', () => {
    const report = close(
      pip,
      [
        { name: 'app', version: '1.0', requires: ['lib[fast]'] },
        { name: 'lib', version: '1.5', requires: ['gone; extra == "fast"'] },
      ],
      'app[slow]',
    );
    expect(report.missing).toStrictEqual([]);
    expect(report.unknownExtras).toStrictEqual([
      { name: 'app', version: '1.0', extra: 'slow', by: null },
      { name: 'lib', version: '1.5', extra: 'fast', by: 'app 1.0' },
    ]);
  });

  it('takes versions as PEP 440 does: addresses, local versions, arbitrary equality', () => {
    const report = close(
      pip,
      [
        {
          name: 'app',
          version: '1.0',
          requires: [
            'linked @ https://example.invalid/linked-9-py3-none-any.whl',
            'local==1.0',
            'local!=1.0+cpu',
            'same===2.0',
            'early>=1.0',
            'early<2',
          ],
        },
        { name: 'linked', version: '1.0' },
        { name: 'local', version: '1.0+cpu' },
        { name: 'same', version: '2.0' },
        { name: 'early', version: '1.5.dev3' },
      ],
      'app',
    );
    expect(report.missing.map(({ requirement }) => requirement)).toStrictEqual(['local!=1.0+cpu']);
  });

  it('counts every wheel of the set, also one that nobody asks for by name', () => {
    const report = close(pip, [
      { name: 'app', version: '1.0' },
      {
        name: 'orphan',
        version: '1.0',
        requires: ['gone'],
        metadata: { 'Requires-Python': '>=3.8', 'Metadata-Version': '2.4', Dynamic: 'Platform' },
      },
    ]);
    expect(report.missing).toStrictEqual([
      { requirement: 'Python >=3.8', chain: ['orphan 1.0'], found: '3.7.16' },
      { requirement: 'gone', chain: ['orphan 1.0'], found: null },
    ]);
  });

  it('does not believe the name of a file', () => {
    const report = close(pip, [
      { name: 'app', version: '1.0', requires: ['lib'] },
      { name: 'lib', version: '1.0', distInfo: { METADATA: 'Metadata-Version: 2.1\nName: app\nVersion: 1.0\n' } },
      { name: 'other', version: '1.0', distInfo: { METADATA: 'Metadata-Version: 2.1\nName: other\nVersion: 2.0\n' } },
      { name: 'same', version: '1.0', distInfo: { METADATA: 'Metadata-Version: 2.1\nName: Same\nVersion: 1.0.0\n' } },
      { name: 'nameless', version: '1.0', distInfo: { METADATA: 'Metadata-Version: 2.1\n' } },
      {
        name: 'twice',
        version: '1.0',
        files: { 'other-1.0.dist-info/METADATA': 'Metadata-Version: 2.1\nName: twice\nVersion: 1.0\n' },
      },
    ]);
    expect(report.unreadable).toStrictEqual([
      { file: 'lib-1.0-py3-none-any.whl', reason: 'METADATA is of app 1.0, expected lib 1.0' },
      { file: 'nameless-1.0-py3-none-any.whl', reason: 'METADATA has no Name' },
      { file: 'other-1.0-py3-none-any.whl', reason: 'METADATA is of other 2.0, expected other 1.0' },
      { file: 'twice-1.0-py3-none-any.whl', reason: 'it has 2 files METADATA' },
    ]);
  });

  it('tells of wheels that cannot be read', () => {
    writeFileSync(join(work.path, 'broken-1.0-py3-none-any.whl'), 'no archive');
    const report = close(pip, [
      { name: 'app', version: '1.0', distInfo: { METADATA: 'Name: app\nVersion: 1.0\nRequires-Dist: a b c\n' } },
    ]);
    expect(report.unreadable.map(({ file }) => file)).toStrictEqual([
      'app-1.0-py3-none-any.whl',
      'broken-1.0-py3-none-any.whl',
    ]);
    expect(() => checkClosure(report, parseTarget({ python: '3.7', platform: ['rhel7'] }))).toThrow(
      expect.objectContaining({ code: 'RESOLVE_METADATA', exit: 'integrity' }),
    );
  });
});

it('reads what wheels for Python 2.7 say, with the packaging of pip 24.0', () => {
  const requires = ['pytz (>=2011k)', 'old (<0.9dev)', 'gone ; (python_version=="3.7")', "other; os.name == 'posix'"];
  const report = close('24.0', [
    { name: 'app', version: '1.0', requires },
    { name: 'pytz', version: '2020.1' },
    { name: 'old', version: '0.8' },
  ]);
  expect(report.unreadable).toStrictEqual([]);
  expect(report.missing.map(({ requirement }) => requirement)).toStrictEqual(['gone', 'other']);
});
