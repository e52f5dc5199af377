import { describe, expect, it } from 'vitest';
import { type Failure, failureOfAnswer } from '../../../src/store/webhdfs/failure.ts';

describe('failureOfAnswer', () => {
  const endpoint = { host: 'nn1', port: 9870, tls: false };
  const of = (status: number, body: string, retryAfter?: string, isKnown = false): Failure =>
    failureOfAnswer({ status, body, retryAfter }, 'NameNode', endpoint, isKnown);

  it.each([
    [503, '', false, 'back-off'],
    [429, '', false, 'back-off'],
    [502, '<html>', false, 'back-off'],
    [404, '<html>', false, 'not-webhdfs'],
    [404, '<html>', true, 'back-off'],
    [200, '<html>', true, 'back-off'],
    [401, '', true, 'authentication'],
    [403, '{"RemoteException":{"exception":"StandbyException","message":""}}', true, 'fail-over'],
    [401, '{"RemoteException":{"exception":"IOException","message":""}}', true, 'authentication'],
  ])('%i with %j (known: %s) is %s', (status, body, isKnown, action) => {
    expect(of(status, body, undefined, isKnown).action).toBe(action);
  });

  it('reads Retry-After as seconds or as a date', () => {
    expect(of(503, '', '7').retryAfter).toBe(7000);
    expect(of(503, '', new Date(Date.now() + 3_600_000).toUTCString()).retryAfter).toBeGreaterThan(3_000_000);
    expect(of(503, '', new Date(0).toUTCString()).retryAfter).toBe(0);
    expect(of(503, '', 'soon').retryAfter).toBe(0);
  });

  it('describes a body in a few words', () => {
    expect(of(404, '<html><title>Not here</title>').reason).toBe('HTTP status 404 with HTML ("Not here")');
    expect(of(500, '').reason).toBe('HTTP status 500 with an empty body');
    expect(of(500, `text\n${'x'.repeat(500)}`).reason.length).toBeLessThan(110);
  });
});
