// usage: node scripts/bench/unpack.mjs DIRECTORY LIMITS WHEEL…
// What `build` does once it has the wheels, from reading the first to the manifest, on the compiled program as it is shipped.
// LIMITS is JSON, `{}` for the usual ones. Prints the most memory that this process had, in bytes.
import process from 'node:process';
import { buildEnvironment } from '../../dist/env/build/build-environment.js';
import { STRICT } from '../../dist/wheel/rules.js';

const [directory, limits, ...wheels] = process.argv.slice(2);
await buildEnvironment({
  wheels,
  directory,
  rules: { ...STRICT, limits: { ...STRICT.limits, ...JSON.parse(limits) } },
  target: { python: '3.11.7', abi: 'cp311', platforms: ['linux_x86_64'], profile: 'rhel8' },
  inputs: { requirements: [], digest: '0'.repeat(64) },
  provided: [],
  tool: 'bench',
});
console.log(process.resourceUsage().maxRSS * 1024);
