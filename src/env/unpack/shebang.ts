const PLACEHOLDER = Buffer.from('#!python');
const PORTABLE = Buffer.from('#!/usr/bin/env python');

/**
 * The first line of a script that asks for the interpreter it is installed for (PEP 427: "if the first line … starts with
 * exactly `b'#!python'`"). The interpreter is the one of the machine where the script runs, never one of this machine.
 *
 * @param start of the file, with its whole first line
 * @returns the very same buffer when there is nothing to rewrite
 */
export function rewriteShebang(start: Buffer): Buffer {
  if (!start.subarray(0, PLACEHOLDER.length).equals(PLACEHOLDER)) return start;
  const lineEnd = start.indexOf('\n');
  return Buffer.concat([PORTABLE, Buffer.from('\n'), lineEnd === -1 ? Buffer.alloc(0) : start.subarray(lineEnd + 1)]);
}
