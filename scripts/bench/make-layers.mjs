// usage: node scripts/bench/make-layers.mjs BUILT CACHE
// What `publish --layout tar` does before it uploads what was built as a tree, on the compiled program as it is shipped:
// archives of the wheels that `build --layout tar -o BUILT` kept, made in CACHE.
import process from 'node:process';
import { openLayers } from '../../dist/env/layer/open-layers.js';
import { wheelsPath } from '../../dist/env/manifest-path.js';
import { readManifest } from '../../dist/env/read-manifest.js';

const [built, cacheDirectory] = process.argv.slice(2);
const manifest = await readManifest(built);
const wheels = manifest.packages.map(({ wheel }) => wheelsPath(built, wheel));
await openLayers({ manifest: { ...manifest, layers: [] }, findWheels: () => Promise.resolve(wheels), cacheDirectory });
