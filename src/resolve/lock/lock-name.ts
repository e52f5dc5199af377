import type { Target } from '../../target/target.ts';

const PYLOCK = /^pylock\.(?:[^.]+\.)?toml$/;

/** `pylock.toml` or `pylock.NAME.toml`, without more dots (PEP 751). */
export function isLockName(name: string): boolean {
  return PYLOCK.test(name);
}

/** How locks are called that are read as arguments: uv's, and those of PEP 751. */
export function isReadableLockName(name: string): boolean {
  return name === 'uv.lock' || isLockName(name);
}

/** Also names that PEP 751 rules out, `pylock.a.b.toml`: whoever gives such a file means a lock, and is told what is wrong with its name. */
export function looksLikeLockName(name: string): boolean {
  return name === 'uv.lock' || /^pylock\..*toml$/.test(name);
}

/** `pylock.rhel7-py37.toml`: PEP 751 allows one word between the dots. */
export function pylockName({ name }: Target): string {
  return `pylock.${name}.toml`;
}
