import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { checkClosure } from '../../src/resolve/closure.ts';
import { parseTarget } from '../../src/target/target.ts';
import { PIPS, useClosure } from './closure-place.ts';

const place = useClosure();
const { close } = place;

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

  it('says of a pre-release that it meets a requirement, and finds what the user asked for', () => {
    expect(
      close(pip, [
        { name: 'lib', version: '2.0rc1' },
        { name: 'app', version: '1.0', requires: ['lib>=1'] },
      ]).missing,
    ).toStrictEqual([]);
    expect(close(pip, [], 'gone').missing).toStrictEqual([{ requirement: 'gone', chain: [], found: null }]);
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
    writeFileSync(join(place.path, 'broken-1.0-py3-none-any.whl'), 'no archive');
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
