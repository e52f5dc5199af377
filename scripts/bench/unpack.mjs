// usage: node scripts/bench/unpack.mjs DIRECTORY WHEEL…
// What `build` does once it has the wheels, from reading the first to the manifest, on the compiled program as it is shipped.
import process from 'node:process';
import { buildEnvironment } from '../../dist/env/build-environment.js';

const [directory, ...wheels] = process.argv.slice(2);
await buildEnvironment({
  wheels,
  directory,
  target: { python: '3.11.7', abi: 'cp311', platforms: ['linux_x86_64'], profile: 'rhel8' },
  inputs: { requirements: [], digest: '' },
  provided: [],
  tool: 'bench',
});
