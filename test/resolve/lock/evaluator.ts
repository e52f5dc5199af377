import { type EvaluateMarkers, markerEvaluator } from '../../../src/resolve/lock/evaluate-markers.ts';
import { findHostPython, type HostPython } from '../../../src/resolve/pip/host-python.ts';
import { NO_INDEX_OPTIONS } from '../../../src/resolve/pip/index-options.ts';
import type { Target } from '../../../src/target/target.ts';
import { cacheDirectory } from '../../support/cache.ts';

const hosts = new Map<string | undefined, Promise<HostPython>>();

/** The real one, with the pinned pips of the shared cache. */
export async function evaluatorFor(target: Target, python?: string): Promise<EvaluateMarkers> {
  const host = hosts.get(python) ?? findHostPython(python);
  hosts.set(python, host);
  return markerEvaluator(target, {
    python: await host,
    cacheDirectory: cacheDirectory('resolve'),
    index: NO_INDEX_OPTIONS,
    onEvent: () => {},
  });
}
