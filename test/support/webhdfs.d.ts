/** The part of npm `webhdfs` that this project reads back with, and measures as a peer. */
declare module 'webhdfs' {
  import type { Writable } from 'node:stream';

  export interface FileStatus {
    readonly pathSuffix: string;
    readonly type: 'FILE' | 'DIRECTORY';
  }

  type Callback<T> = (error: Error | null, value: T) => void;

  export default class WebHDFS {
    static createClient(options: { user: string; host: string; port: string; path: string }): WebHDFS;
    readdir(path: string, callback: Callback<FileStatus[]>): void;
    createWriteStream(path: string): Writable;
    writeFile(path: string, data: Buffer, callback: (error: Error | null) => void): void;
    mkdir(path: string, callback: (error: Error | null) => void): void;
    readFile(path: string, callback: Callback<Buffer>): void;
  }
}
