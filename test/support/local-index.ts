import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { normaliseName } from '../../src/wheel/wheel-name.ts';
import { makeWheel, wheelFileName, type WheelOptions } from './wheel-maker.ts';

export interface IndexFile {
  readonly fileName: string;
  readonly content: Buffer;
  /** As a page of an index says it beside the link. */
  readonly requiresPython?: string;
  /** Why it was withdrawn (PEP 592), as the page says it; maybe empty. */
  readonly yanked?: string;
  /** METADATA that the index serves by itself (PEP 658), whatever the wheel has. */
  readonly metadata?: string;
}

export interface LocalIndexOptions {
  /** Sees every request first; returns true when it has answered. */
  readonly intercept?: (request: IncomingMessage, response: ServerResponse) => boolean;
}

export interface LocalIndex {
  /** `http://127.0.0.1:…/simple/` */
  readonly url: string;
  /** Paths asked for, in order: `/simple/numpy/`, `/files/numpy-1.0-….whl`. */
  readonly requests: string[];
  close(): Promise<void>;
}

/** A wheel as an index serves it. */
export function indexWheel(options: WheelOptions): IndexFile {
  const requiresPython = options.metadata?.['Requires-Python'];
  return {
    fileName: wheelFileName(options),
    content: makeWheel(options),
    ...(typeof requiresPython === 'string' ? { requiresPython } : {}),
  };
}

/** A package index on loopback (PEP 503): a page per project, every link with its sha256, the files behind it. */
export async function startLocalIndex(
  files: readonly IndexFile[],
  options: LocalIndexOptions = {},
): Promise<LocalIndex> {
  const requests: string[] = [];
  const server = createServer((request, response) => {
    const path = decodeURIComponent((request.url ?? '').replace(/\?.*$/, ''));
    requests.push(path);
    if (options.intercept?.(request, response) === true) return;
    const [, room, name] = /^\/(simple|files)\/([^/]+)\/?$/.exec(path) ?? [];
    const page = room === 'simple' ? files.filter((file) => projectOf(file.fileName) === name) : [];
    const file =
      room === 'files' ? files.find(({ fileName }) => fileName === name?.replace(/\.metadata$/, '')) : undefined;
    if (page.length > 0) {
      response.setHeader('content-type', 'text/html');
      response.end(`<!DOCTYPE html><html><body>${page.map(link).join('\n')}</body></html>`);
    } else if (file === undefined) {
      response.writeHead(404).end();
    } else {
      response.setHeader('content-type', 'application/octet-stream');
      response.end(path.endsWith('.metadata') ? file.metadata : file.content);
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('No port');
  return {
    url: `http://127.0.0.1:${address.port}/simple/`,
    requests,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** The same for those who are `alice` with this password; all others are refused. */
export function startPrivateIndex(files: readonly IndexFile[], password: string): Promise<LocalIndex> {
  const wanted = `Basic ${Buffer.from(`alice:${password}`).toString('base64')}`;
  return startLocalIndex(files, {
    intercept: (request, response) => {
      if (request.headers.authorization === wanted) return false;
      response.writeHead(401, { 'www-authenticate': 'Basic realm="index"' }).end();
      return true;
    },
  });
}

function projectOf(fileName: string): string {
  return normaliseName(fileName.replace(/-\d.*$/, ''));
}

function link({ fileName, content, requiresPython, metadata, yanked }: IndexFile): string {
  const attributes = {
    href: `/files/${encodeURIComponent(fileName)}#sha256=${sha256(content)}`,
    ...(requiresPython === undefined ? {} : { 'data-requires-python': requiresPython }),
    ...(yanked === undefined ? {} : { 'data-yanked': yanked }),
    ...(metadata === undefined ? {} : { 'data-dist-info-metadata': `sha256=${sha256(metadata)}` }),
  };
  const texts = Object.entries(attributes).map(([name, value]) => {
    return ` ${name}="${value.replaceAll('>', '&gt;').replaceAll('<', '&lt;')}"`;
  });
  return `<a${texts.join('')}>${fileName}</a><br>`;
}

function sha256(content: Buffer | string): string {
  return createHash('sha256').update(content).digest('hex');
}
