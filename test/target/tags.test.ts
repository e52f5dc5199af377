import { execaSync } from 'execa';
import { describe, expect, it } from 'vitest';
import { parseTarget, type Target } from '../../src/target/target.ts';
import { findPython, hostPython, pipInstalled } from '../support/python.ts';

const PYTHONS = ['2.7', '3.4', '3.5', '3.6', '3.7', '3.8', '3.9', '3.10', '3.11', '3.12', '3.13', '3.14'];
const ABIS = [
  ['2.7', 'cp27m'],
  ['3.13', 'cp313t'],
  ['3.14', 'cp314t'],
] as const;
const PLATFORMS = [
  'rhel6',
  'rhel7',
  'rhel9',
  'rhel8-aarch64',
  'musllinux_1_2_x86_64',
  'musllinux_1_1_aarch64',
  'linux_x86_64',
];

const TARGETS = PLATFORMS.flatMap((platform) => [
  ...PYTHONS.map((python) => parseTarget({ python, platform: [platform] })),
  ...ABIS.map(([python, abi]) => parseTarget({ python, platform: [platform], abi })),
]);

/** Of a list of targets: what `packaging.tags` computes, and what pip makes of the same platforms as --platform options. */
const EXPLICIT = `
import json, sys
sys.path.insert(0, sys.argv[1])
from pip._internal.utils.compatibility_tags import get_supported
from pip._vendor.packaging.tags import compatible_tags, cpython_tags

def of_packaging(python, abi, platforms):
    digits = "cp%d%d" % python
    yield from cpython_tags(python, [abi], platforms)
    yield from compatible_tags(python, digits, platforms)

answers = []
for target in json.load(sys.stdin):
    python = tuple(map(int, target["python"].split(".")[:2]))
    answers.append({
        "packaging": [str(tag) for tag in of_packaging(python, target["abi"], target["platforms"])],
        "pip": [str(tag) for tag in get_supported("%d%d" % python, target["platforms"], "cp", [target["abi"]])],
    })
json.dump(answers, sys.stdout)
`;

/** What an interpreter computes for itself, with its full version and that of its glibc. Written for Python 2.7, too. */
const NATIVE = `
import ctypes, json, platform, sys
sys.path.insert(0, sys.argv[1])
from packaging.tags import sys_tags
glibc = ctypes.CDLL(None).gnu_get_libc_version
glibc.restype = ctypes.c_char_p
json.dump({
    "python": platform.python_version(),
    "glibc": glibc().decode("ascii"),
    "machine": platform.machine(),
    "tags": [str(tag) for tag in sys_tags()],
}, sys.stdout)
`;

/** The newest `packaging` that runs on each. */
const NATIVE_PYTHONS = [
  { versions: ['2.7', '3.6'], packaging: '20.9' },
  { versions: ['3.7', '3.8'], packaging: '24.0' },
  { versions: ['3.9', '3.10', '3.11', '3.12', '3.13', '3.14'], packaging: '26.3' },
].flatMap(({ versions, packaging }) =>
  versions.flatMap((version) => {
    const python = findPython(version);
    return python === undefined ? [] : [{ version, packaging, python }];
  }),
);

interface Answer {
  readonly packaging: readonly string[];
  readonly pip: readonly string[];
}

interface Native {
  readonly python: string;
  readonly glibc: string;
  readonly machine: string;
  readonly tags: readonly string[];
}

describe('the tags of a target are those of packaging.tags', () => {
  it('for every Python, ABI, glibc and musl', async () => {
    const input = JSON.stringify(TARGETS.map(({ python, abi, platforms }) => ({ python, abi, platforms })));
    const program = ['-I', '-c', EXPLICIT, await pipInstalled('pip', '26.3')];
    const answers = JSON.parse(execaSync(hostPython(), program, { input }).stdout) as Answer[];
    expect(answers).toHaveLength(TARGETS.length);
    for (const [index, { packaging, pip }] of answers.entries()) {
      const { name, tags } = TARGETS[index] as Target;
      expect(tags, name).toStrictEqual(packaging);
      // told platforms, pip puts manylinux2010 and manylinux1 right behind manylinux2014: the same tags in another order
      expect(tags.toSorted(), name).toStrictEqual(pip.toSorted());
    }
  });

  it.each(NATIVE_PYTHONS)(
    'Python $version of this machine, with packaging $packaging',
    async ({ packaging, python }) => {
      const program = ['-E', '-s', '-c', NATIVE, await pipInstalled('packaging', packaging)];
      const native = JSON.parse(execaSync(python, program).stdout) as Native;
      const platform = [`manylinux_${native.glibc.replace('.', '_')}_${native.machine}`];
      const target = parseTarget({ python: native.python, platform, abi: native.tags[0]?.split('-')[1] ?? '' });
      // what is built for this very machine comes first since 26.3, and last for us: see compatibleTags
      expect(target.tags.filter(isPortable)).toStrictEqual(withInterpreter(native.tags.filter(isPortable)));
      expect(target.tags.toSorted()).toStrictEqual(withInterpreter(native.tags).toSorted());
    },
  );
});

const isPortable = (tag: string): boolean => !tag.includes('-linux_');

/** `cp37-none-any` was added to what an interpreter accepts after 24.0; wheels of that kind are all but unknown. */
function withInterpreter(tags: readonly string[]): string[] {
  const [interpreter = ''] = tags[0]?.split('-') ?? [];
  const own = `${interpreter}-none-any`;
  return tags.flatMap((tag) => (tag === own ? [] : tag === own.replace('cp', 'py') ? [own, tag] : [tag]));
}
