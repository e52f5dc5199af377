import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { satisfies, validRange } from '@renovatebot/pep440';
import type { Found } from '../../config/init-file.ts';
import { isLockName } from '../../resolve/lock/lock-name.ts';
import { lockToolOf } from '../../resolve/lock/save-lock.ts';
import { PROFILE_NAMES } from '../../target/platform.ts';
import { KNOWN_PYTHONS } from '../../target/python-version.ts';

export interface FoundTarget {
  readonly python?: Found;
  readonly platform?: Found;
}

/** What the cluster runs, as far as a lock of ours, `.python-version` or `requires-python` tell. */
export async function findTarget(directory: string, requiresPython: string | undefined): Promise<FoundTarget> {
  const locked = await readLockedTarget(directory);
  if (locked !== undefined) return locked;
  const python = (await readPythonVersion(directory)) ?? onlyPythonOf(requiresPython);
  return python === undefined ? {} : { python };
}

/** Several locks are for several clusters: then none of them tells. */
async function readLockedTarget(directory: string): Promise<FoundTarget | undefined> {
  const names = (await readdir(directory)).filter((name) => isLockName(name));
  const texts = await Promise.all(names.map((name) => readFile(join(directory, name), 'utf8').catch(() => '')));
  const locks = names.flatMap((name, index) => {
    const target = lockToolOf(texts[index] ?? '', name)?.target;
    return target === undefined ? [] : [{ name, target }];
  });
  const [lock, other] = locks;
  if (lock === undefined || other !== undefined) return undefined;
  const { name, target } = lock;
  const [, profile] = /^(.*)-py\d+$/.exec(target.name) ?? [];
  // `rhel6-cp27m`: with another ABI than python and platform mean
  if (profile === undefined) return undefined;
  const isProfile = PROFILE_NAMES.includes(profile.replace(/-aarch64$/, ''));
  return {
    python: { value: target.python, from: name },
    platform: { value: isProfile ? profile : target.platform, from: name },
  };
}

/** As pyenv and uv write it; other implementations (`pypy3.9-7.3`) and names of environments tell nothing. */
async function readPythonVersion(directory: string): Promise<Found | undefined> {
  const text = await readFile(join(directory, '.python-version'), 'utf8').catch(() => '');
  const version = text.split(/\s+/).find((word) => /^\d+\.\d+(?:\.\d+)?$/.test(word));
  const minor = version?.split('.').slice(0, 2).join('.') ?? '';
  return version === undefined || !KNOWN_PYTHONS.includes(minor)
    ? undefined
    : { value: version, from: '.python-version' };
}

/** Most projects state the oldest that they run on, which tells nothing of a cluster; one that allows a single Python does. */
function onlyPythonOf(requiresPython: string | undefined): Found | undefined {
  if (requiresPython === undefined || !validRange(requiresPython)) return undefined;
  const from = `requires-python = ${JSON.stringify(requiresPython)}`;
  const [, exact] = /^==\s*(\d+\.\d+\.\d+)$/.exec(requiresPython.trim()) ?? [];
  if (exact !== undefined) return { value: exact, from };
  const releases = Array.from({ length: 60 }, (_, patch) => patch);
  const [only, other] = KNOWN_PYTHONS.filter((minor) =>
    releases.some((patch) => satisfies(`${minor}.${patch}`, requiresPython)),
  );
  return only === undefined || other !== undefined ? undefined : { value: only, from };
}
