import { bombs } from './bombs.ts';
import { endRecords } from './end-records.ts';
import { environments } from './environments.ts';
import { headers } from './headers.ts';
import type { HostileWheel } from './hostile-wheel.ts';
import { linksAndModes } from './links-and-modes.ts';
import { metadata } from './metadata.ts';
import { names } from './names.ts';
import { record } from './record.ts';

/** Everything that must be refused, group by group. */
export function* hostileWheels(): Iterable<HostileWheel> {
  yield* endRecords;
  yield* headers;
  yield* names;
  yield* linksAndModes;
  yield* bombs;
  yield* record;
  yield* metadata;
  yield* environments;
}
