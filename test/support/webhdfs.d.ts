/** The part of npm `webhdfs` that this project reads back with. */
declare module 'webhdfs' {
  export interface FileStatus {
    readonly pathSuffix: string;
    readonly type: 'FILE' | 'DIRECTORY';
  }

  type Callback<T> = (error: Error | null, value: T) => void;

  export default class WebHDFS {
    static createClient(options: { user: string; host: string; port: string; path: string }): WebHDFS;
    readdir(path: string, callback: Callback<FileStatus[]>): void;
    readFile(path: string, callback: Callback<Buffer>): void;
  }
}
