import { assert, integer, property, record } from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Pace } from '../../src/publish/pace.ts';

/** A server with so many threads, each of which takes a file in `latency` milliseconds, and now and then 400 more. */
interface Server {
  readonly threads: number;
  readonly latency: number;
  /** One file in so many sleeps. */
  readonly sleepsOnceIn: number;
  /** What more than this many at once brings: each fails once with strain and takes as long again. */
  readonly overloadedFrom?: number;
}

interface Run {
  readonly milliseconds: number;
  /** The limit at the start of each file. */
  readonly limits: readonly number[];
}

/** Sends `files` files in simulated time. */
function simulate(server: Server, files: number, limit: Pace | number): Run {
  let now = 0;
  let seed = 1;
  const random = (): number => (seed = (seed * 16_807) % 2_147_483_647) / 2_147_483_647;
  /** When each thread has nothing left to do. */
  const threads = Array.from({ length: server.threads }, () => 0);
  /** Times at which what runs will be finished. */
  const running: number[] = [];
  const limits: number[] = [];
  const allowed = (): number => (typeof limit === 'number' ? limit : limit.limit);
  if (typeof limit !== 'number') limit.start(0);
  const start = (): void => {
    const isOverloaded = running.length >= (server.overloadedFrom ?? Infinity);
    if (isOverloaded && typeof limit !== 'number') limit.strained();
    const thread = threads.indexOf(Math.min(...threads));
    const sleep = random() * server.sleepsOnceIn < 1 ? 400 : 0;
    const busy = (server.latency * (0.5 + random()) + sleep) * (isOverloaded ? 2 : 1);
    const end = Math.max(now, threads[thread] ?? 0) + busy;
    threads[thread] = end;
    running.push(end);
    limits.push(allowed());
  };
  while (limits.length < files || running.length > 0) {
    while (limits.length < files && running.length < allowed()) start();
    now = Math.min(...running);
    running.splice(running.indexOf(now), 1);
    if (typeof limit !== 'number') limit.finished(now, 9000);
  }
  return { milliseconds: now, limits };
}

const servers = record({
  threads: integer({ min: 1, max: 400 }),
  latency: integer({ min: 5, max: 300 }),
  sleepsOnceIn: integer({ min: 5, max: 50 }),
});

describe('how many uploads go on at once', () => {
  test('starts low and never exceeds what may be', () => {
    assert(
      property(servers, integer({ min: 1, max: 300 }), (server, most) => {
        const { limits } = simulate(server, 1500, new Pace(most));
        expect(limits[0]).toBe(Math.max(1, Math.floor(most / 4)));
        expect(Math.max(...limits)).toBeLessThanOrEqual(most);
        expect(Math.min(...limits)).toBeGreaterThanOrEqual(1);
      }),
      { numRuns: 50 },
    );
  });

  test('takes hardly longer than the most at once on whatever server', () => {
    assert(
      property(servers, (server) => {
        const adaptive = simulate(server, 7000, new Pace(128)).milliseconds;
        expect(adaptive).toBeLessThan(1.25 * simulate(server, 7000, 128).milliseconds);
      }),
      { numRuns: 30 },
    );
  });

  test('where few threads are the limit, does not go to the most', () => {
    const { limits } = simulate({ threads: 8, latency: 50, sleepsOnceIn: 1e9 }, 7000, new Pace(128));
    expect(limits.reduce((sum, limit) => sum + limit, 0) / limits.length).toBeLessThan(64);
  });

  test('where there are many threads, comes to the most', () => {
    const { limits } = simulate({ threads: 400, latency: 50, sleepsOnceIn: 1e9 }, 7000, new Pace(128));
    expect(limits.indexOf(128)).toBeGreaterThan(0);
    expect(limits.indexOf(128)).toBeLessThan(300);
    expect(limits.at(-1)).toBe(128);
  });

  test('a server that shows strain is asked for less, and never for much more than it takes', () => {
    assert(
      property(integer({ min: 8, max: 100 }), (overloadedFrom) => {
        const server = { threads: 400, latency: 50, sleepsOnceIn: 1e9, overloadedFrom };
        const later = simulate(server, 4000, new Pace(128)).limits.slice(1000);
        const mean = later.reduce((sum, limit) => sum + limit, 0) / later.length;
        expect(mean).toBeLessThan(1.2 * overloadedFrom);
        expect(mean).toBeGreaterThan(0.4 * overloadedFrom);
      }),
      { numRuns: 30 },
    );
  });
});

describe('strain', () => {
  test('halves, once for all that run', () => {
    const pace = new Pace(128);
    for (let file = 0; file <= 32; file += 1) pace.strained();
    expect(pace.limit).toBe(16);
    pace.strained();
    expect(pace.limit).toBe(8);
  });

  test('is followed by small steps', () => {
    const limits = (pace: Pace): number[] => {
      const seen = [pace.limit];
      for (let now = 1; now <= 600; now += 1) {
        pace.finished(now, 0);
        if (pace.limit !== seen.at(-1)) seen.push(pace.limit);
      }
      return seen;
    };
    const strained = new Pace(128);
    strained.strained();
    expect(limits(strained).slice(0, 2)).toEqual([16, 20]);
    expect(limits(new Pace(128)).slice(0, 2)).toEqual([32, 64]);
  });

  test('never has more at once than before', () => {
    assert(
      property(integer({ min: 1, max: 300 }), integer({ min: 0, max: 400 }), (most, files) => {
        const pace = new Pace(most);
        for (let now = 1; now <= files; now += 1) pace.finished(now, 0);
        const before = pace.limit;
        pace.strained();
        expect(pace.limit).toBeLessThanOrEqual(before);
        expect(pace.limit).toBeGreaterThanOrEqual(1);
      }),
    );
  });

  test('leaves something to go on with', () => {
    const [pace, single] = [new Pace(128), new Pace(1)];
    for (let file = 0; file < 1000; file += 1) {
      pace.strained();
      single.strained();
    }
    expect(pace.limit).toBe(4);
    expect(single.limit).toBe(1);
  });
});
