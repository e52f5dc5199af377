import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { HdfsVenvError } from '../errors/hdfs-venv-error.ts';

/** `activate_env.py` as it is published. */
export interface BootstrapFile {
  readonly bytes: Buffer;
  /** 64 hexadecimal digits. */
  readonly sha256: string;
  /** `BOOTSTRAP_VERSION` in the file: grows with every change of it. */
  readonly version: number;
}

/** From `src/activate` and from `dist/activate` alike. */
const LOCATION = new URL('../../bootstrap/activate_env.py', import.meta.url);

const VERSION = /^BOOTSTRAP_VERSION = (\d+)$/m;

/**
 * Reads the `activate_env.py` of this package.
 *
 * @throws ACTIVATE_BOOTSTRAP when the installed package lacks it or it states no version.
 */
export async function readBootstrap(location: URL = LOCATION): Promise<BootstrapFile> {
  let bytes: Buffer;
  try {
    bytes = await readFile(location);
  } catch (cause) {
    throw damaged(location, cause instanceof Error ? cause.message : String(cause), cause);
  }
  const version = bootstrapVersionOf(bytes);
  if (version === undefined) throw damaged(location, 'it states no BOOTSTRAP_VERSION');
  return { bytes, sha256: createHash('sha256').update(bytes).digest('hex'), version };
}

/** The version that the bytes of some `activate_env.py` state; `undefined` when they state none. */
export function bootstrapVersionOf(bytes: Uint8Array): number | undefined {
  const digits = VERSION.exec(Buffer.from(bytes).toString('utf8'))?.[1];
  return digits === undefined ? undefined : Number(digits);
}

function damaged(location: URL, reason: string, cause?: unknown): HdfsVenvError {
  return new HdfsVenvError({
    code: 'ACTIVATE_BOOTSTRAP',
    exit: 'other',
    message: `Cannot read ${fileURLToPath(location)}: ${reason}`,
    hints: ['The installation of hdfs-venv is damaged: install it again.'],
    cause,
  });
}
