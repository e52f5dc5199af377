// What a thread runs in unit tests: the worker's source, where the package has it compiled.
import { register } from 'tsx/esm/api';

register();
await import('../../../src/env/unpack/unpack-worker.ts');
