#!/usr/bin/env node
import { EXIT_CODES } from '../errors/hdfs-venv-error.ts';
import { runProgram } from './program.ts';
import { Interruption } from './report-error.ts';

const controller = new AbortController();
let interrupted = false;
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => {
    // Asked twice, or what runs does not stop in time: end at once. Nothing visible depends on a clean end.
    if (interrupted) process.exit(EXIT_CODES.interrupted);
    interrupted = true;
    controller.abort(new Interruption(signal));
    setTimeout(() => process.exit(EXIT_CODES.interrupted), 1500).unref();
  });
}
// `hdfs-venv releases … | head -1` closes our stdout, which is nothing to tell anybody; a full disk behind it is.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') process.stderr.write(`error: cannot write the output: ${error.message}\n`);
  process.exit(EXIT_CODES.other);
});
// Nobody reads the progress any more: the work goes on.
process.stderr.on('error', () => {});

process.exitCode = await runProgram(process.argv.slice(2), {
  stdout: process.stdout,
  stderr: process.stderr,
  env: process.env,
  signal: controller.signal,
});
