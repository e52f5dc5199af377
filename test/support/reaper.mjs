// Outlives the process that started it by moments: when its stdin closes, however its parent ended, it kills the process
// groups and removes the directories that it was told of and that nobody took back. Lines of JSON on stdin:
// {"keep":{"group":123}} {"keep":{"directory":"/tmp/x"}} and the same with "drop".
import { rmSync } from 'node:fs';
import { createInterface } from 'node:readline';

const groups = new Set();
const directories = new Set();
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => {});

for await (const line of createInterface({ input: process.stdin })) {
  const { keep, drop } = JSON.parse(line);
  if (keep?.group) groups.add(keep.group);
  if (keep?.directory) directories.add(keep.directory);
  if (drop?.group) groups.delete(drop.group);
  if (drop?.directory) directories.delete(drop.directory);
}
for (const group of groups) {
  try {
    process.kill(-group, 'SIGKILL');
  } catch {
    // ended by itself
  }
}
await new Promise((resolve) => setTimeout(resolve, groups.size > 0 ? 300 : 0));
for (const directory of directories) rmSync(directory, { recursive: true, force: true, maxRetries: 5 });
