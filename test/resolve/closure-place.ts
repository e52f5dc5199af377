import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execaSync } from 'execa';
import { afterAll, afterEach, beforeAll, beforeEach } from 'vitest';
import { findHostPython } from '../../src/resolve/pip/host-python.ts';
import { parseTarget } from '../../src/target/target.ts';
import { normaliseName } from '../../src/wheel/wheel-name.ts';
import { freshResolveCache } from '../support/resolve-cache.ts';
import { scratchDirectory } from '../support/scratch.ts';
import { type WheelOptions, writeWheel } from '../support/wheel-maker.ts';

/** Whose `packaging` takes part: of the pip for Python up to 3.7, and of the newest. */
export const PIPS = ['24.0', '26.3'];

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

/** What `check_closure` of wheel_closure.py found. */
interface ClosureReport {
  readonly wheels: readonly { readonly file: string; readonly name: string; readonly version: string }[];
  readonly unreadable: { readonly file: string; readonly reason: string }[];
  readonly provided: readonly { readonly name: string; readonly requirements: readonly string[] }[];
  readonly asked: readonly { readonly name: string; readonly requirement: string; readonly by: string }[];
  readonly unknownExtras: readonly unknown[];
  readonly missing: { readonly requirement: string; readonly chain: string[]; readonly found: string | null }[];
}

interface ClosurePlace {
  /** Where the wheels are; empty at the beginning of every test. */
  readonly path: string;
  /** The closure of `wheels`, as pip's `packaging` of that version sees it, when the user asked for `root`. */
  readonly close: (
    pip: string,
    wheels: readonly WheelOptions[],
    root?: string,
    provided?: Readonly<Record<string, string | null>>,
  ) => ClosureReport;
}

/** Sets the place up for all tests of a file. */
export function useClosure(): ClosurePlace {
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

  function close(
    pip: string,
    wheels: readonly WheelOptions[],
    root = 'app',
    provided: Readonly<Record<string, string | null>> = {},
  ): ClosureReport {
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
  return {
    get path() {
      return work.path;
    },
    close,
  };
}
