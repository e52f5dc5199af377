import { createHash } from 'node:crypto';
import AdmZip from 'adm-zip';
import type { SourceFile } from './source-files.ts';

export interface WheelSource {
  /** As in the file name, `risk_app`. */
  readonly name: string;
  readonly version: string;
  readonly files: readonly SourceFile[];
}

export interface WrittenWheel {
  readonly fileName: string;
  readonly content: Buffer;
}

/** One wheel for Python 2 and 3: whoever gives plain sources knows what they run on. */
const TAGS = ['py2-none-any', 'py3-none-any'];

/**
 * Plain Python files as a wheel (PEP 427). Equal files, equal bytes, on every machine: entries are stored rather than
 * compressed, because zlib's output changes between versions; times are 1980, modes 0644.
 */
export function writeWheel({ name, version, files }: WheelSource): WrittenWheel {
  const distInfo = `${name}-${version}.dist-info`;
  const tags = TAGS.map((tag) => `Tag: ${tag}\n`).join('');
  const entries: SourceFile[] = [
    ...files,
    {
      path: `${distInfo}/METADATA`,
      content: Buffer.from(`Metadata-Version: 2.1\nName: ${name}\nVersion: ${version}\n`),
    },
    {
      path: `${distInfo}/WHEEL`,
      content: Buffer.from(`Wheel-Version: 1.0\nGenerator: hdfs-venv\nRoot-Is-Purelib: true\n${tags}`),
    },
  ];
  const recordPath = `${distInfo}/RECORD`;
  const rows = entries.map(({ path, content }) => {
    return `${csvField(path)},sha256=${createHash('sha256').update(content).digest('base64url')},${content.length}\n`;
  });
  entries.push({ path: recordPath, content: Buffer.from(`${rows.join('')}${recordPath},,\n`) });

  const zip = new AdmZip(undefined, { noSort: true });
  for (const { path, content } of entries) {
    const entry = zip.addFile(path, content, '', 0o644);
    entry.header.method = 0;
    // local time, as the archive has it: the same bytes in every time zone
    entry.header.time = new Date(1980, 0, 1);
    // made on Unix, whatever this machine is: only then do the modes count
    entry.header.made = (3 << 8) | 20;
  }
  return { fileName: `${name}-${version}-py2.py3-none-any.whl`, content: zip.toBuffer() };
}

/** RFC 4180, as Python's csv module writes and reads it. */
function csvField(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
