import { readFileSync } from 'node:fs';
import { z } from 'zod';

/** What package.json says of this installation; it lies two directories above, seen from src/ and from dist/. */
const { version } = z
  .object({ version: z.string() })
  .parse(JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')));

export const VERSION: string = version;

/** How manifests and releases name the tool that made them. */
export const TOOL = `hdfs-venv ${version}`;
