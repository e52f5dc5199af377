import { describe, expect, it } from 'vitest';
import type { Action } from '../../../src/store/webhdfs/exceptions.ts';
import { Failure } from '../../../src/store/webhdfs/failure.ts';
import { BUDGETS, type Budgets, Gate, type RetriedAction, Retries } from '../../../src/store/webhdfs/retry.ts';

const failure = (action: Action, retryAfter = 0): Failure =>
  new Failure({ action, source: 'NameNode', server: 'nn1:9870', reason: 'it broke', retryAfter });

function retriesWith(options: { budgets?: Budgets; nameNodeCount?: number; signal?: AbortSignal } = {}): {
  retries: Retries;
  pauses: number[];
} {
  const pauses: number[] = [];
  const retries = new Retries({
    budgets: options.budgets ?? BUDGETS,
    nameNodeCount: options.nameNodeCount ?? 1,
    gate: new Gate(),
    signal: options.signal ?? new AbortController().signal,
    onPause: (_failure, milliseconds) => pauses.push(milliseconds),
  });
  return { retries, pauses };
}

/** The pause that a failure would cause, without sleeping it. */
async function pauseFor(action: Action, retryAfter: number): Promise<number> {
  const ending = new AbortController();
  let pause = 0;
  const retries = new Retries({
    budgets: BUDGETS,
    nameNodeCount: 1,
    gate: new Gate(),
    signal: ending.signal,
    onPause: (_failure, milliseconds) => {
      pause = milliseconds;
      ending.abort(new Error('measured'));
    },
  });
  await expect(retries.after(failure(action, retryAfter))).rejects.toThrow('measured');
  return pause;
}

function budgets(action: RetriedAction, tries: number): Budgets {
  return { ...BUDGETS, [action]: { tries, total: 60_000, pause: 0, longest: 0 } };
}

describe('Retries', () => {
  it('runs what succeeds once', async () => {
    let runs = 0;
    const work = (): Promise<number> => Promise.resolve((runs += 1));
    expect(await retriesWith().retries.run(work)).toBe(1);
  });

  it('gives up with the failure itself when the budget of its cause is spent', async () => {
    const { retries } = retriesWith({ budgets: budgets('resend', 3) });
    const broken = failure('resend');
    let runs = 0;
    const work = (): Promise<never> => {
      runs += 1;
      return Promise.reject(broken);
    };
    await expect(retries.run(work)).rejects.toBe(broken);
    expect(runs).toBe(4);
  });

  it('counts every cause for itself', async () => {
    const { retries } = retriesWith({ budgets: { ...budgets('resend', 1), exclude: budgets('exclude', 1).exclude } });
    await retries.after(failure('resend'));
    await retries.after(failure('exclude'));
    await expect(retries.after(failure('resend'))).rejects.toMatchObject({ action: 'resend' });
  });

  it.each(['permission', 'quota', 'not-found', 'exists', 'taken', 'certificate', 'redirect', 'unknown'] as const)(
    'does not repeat after %s',
    async (action) => {
      await expect(retriesWith().retries.after(failure(action))).rejects.toMatchObject({ action });
    },
  );

  it('leaves a lost answer to the caller, who looks first', async () => {
    const lost = failure('lost');
    await expect(retriesWith().retries.run(() => Promise.reject(lost))).rejects.toBe(lost);
  });

  it('passes on what is no failure of a request', async () => {
    const bug = new TypeError('a bug');
    await expect(retriesWith().retries.run(() => Promise.reject(bug))).rejects.toBe(bug);
  });

  it('tries every other NameNode at once and pauses only when all have failed', async () => {
    const few = { ...BUDGETS, 'fail-over': { tries: 9, total: 60_000, pause: 2, longest: 2 } };
    const { retries, pauses } = retriesWith({ nameNodeCount: 3, budgets: few });
    for (let index = 0; index < 4; index += 1) await retries.after(failure('fail-over'));
    expect(pauses).toHaveLength(2);
  });

  it('pauses as long as the server asks, but never past the budget', async () => {
    expect(await pauseFor('back-off', 30_000)).toBe(30_000);
    expect(await pauseFor('back-off', 10 * 60_000)).toBeLessThanOrEqual(120_000);
    const pause = await pauseFor('back-off', 0);
    expect(pause).toBeGreaterThanOrEqual(250);
    expect(pause).toBeLessThanOrEqual(750);
  });

  it('doubles its pauses up to a limit', async () => {
    const { retries, pauses } = retriesWith({
      budgets: { ...BUDGETS, resend: { tries: 6, total: 60_000, pause: 2, longest: 10 } },
    });
    for (let index = 0; index < 6; index += 1) await retries.after(failure('resend'));
    [2, 4, 8, 10, 10, 10].forEach((nominal, index) => {
      expect(pauses[index]).toBeGreaterThanOrEqual(nominal * 0.5);
      expect(pauses[index]).toBeLessThanOrEqual(nominal * 1.5);
    });
  });

  it('holds everybody back while one waits for all', async () => {
    const gate = new Gate();
    const signal = new AbortController().signal;
    const order: string[] = [];
    const note = (what: string) => (): number => order.push(what);
    await Promise.all([
      gate.pause(30, signal).then(note('paused')),
      gate.pause(60_000, signal).then(note('joined')),
      gate.passed().then(note('passed')),
    ]);
    expect(order.toSorted()).toEqual(['joined', 'passed', 'paused']);
    expect(order[0]).toBe('paused');
  });
});
