import { stringify } from 'smol-toml';
import type { Settings } from './settings.ts';

/** A value as it is written in a file: `"3.7"`, `["numpy", "pandas"]`, `128`. */
export function tomlValue(value: NonNullable<Settings[keyof Settings]>): string {
  if (Array.isArray(value)) return `[${value.map((one) => tomlValue(one)).join(', ')}]`;
  return stringify({ x: value }).replace(/^x = /, '').trimEnd();
}
