/** Who is served, who waits and who is refused within one process. */
import { describe, expect, it } from '@jest/globals';
import { Problem } from '../../../src/core/problem.ts';
import type { Waiter } from '../../../src/workos/budget/account.ts';
import { askerOf, shareUsed } from '../../../src/workos/budget/asker.ts';
import { createMeter } from '../../../src/workos/budget/meter.ts';
import { createUsage } from '../../../src/workos/budget/usage.ts';
import { slow, some, WHOLE } from './budget-setup.ts';

describe('the meter of a process', () => {
  const metered = () => {
    const used: string[] = [];
    const meter = createMeter({
      whole: WHOLE,
      onUse: ({ clientId, priority }) => used.push(`${clientId} ${priority}`),
    });
    const outcomes: string[] = [];
    const wait = (clientId: string, priority: Waiter['priority'], until = 1_000) =>
      meter.wait(clientId, {
        priority,
        until,
        admit: () => outcomes.push(`${clientId} ${priority} admitted`),
        refuse: () => outcomes.push(`${clientId} ${priority} refused`),
      });
    return { meter, used, outcomes, wait };
  };
  const ask = (clientId: string, priority: Waiter['priority'] = 'ordinary') => ({
    clientId,
    priority,
  });

  it('lets requests through as long as there are some', () => {
    const { meter, used } = metered();
    expect(meter.tryTake(ask('a'))).toBe(false);
    meter.add(2);
    expect([1, 2, 3].map(() => meter.tryTake(ask('a')))).toEqual([true, true, false]);
    expect(used).toEqual(['a ordinary', 'a ordinary']);
    expect(meter.pool()).toBe(0);
    meter.giveBack();
    expect(meter.pool()).toBe(1);
  });

  it('never lets a login wait', () => {
    const { meter } = metered();
    expect(meter.tryTake(ask('a', 'login'))).toBe(true);
    expect(meter.pool()).toBe(-1);
  });

  it('keeps some ready for work below its share, more of it for the more urgent', () => {
    const { meter } = metered();
    meter.setShares(() => slow(10), 8);
    const takes = (priority: Waiter['priority'], pool: number): boolean => {
      meter.add(pool - meter.pool());
      const isTaken = meter.tryTake(ask(`new ${priority} ${pool}`, priority));
      return isTaken;
    };
    expect([takes('interactive', 1), takes('interactive', 0.9)]).toEqual([true, false]);
    expect([takes('ordinary', 3), takes('ordinary', 2.9)]).toEqual([true, false]);
    expect([takes('batch', 5), takes('batch', 4.9)]).toEqual([true, false]);
  });

  it('keeps all of it from work above its share', () => {
    const { meter } = metered();
    meter.add(13);
    meter.tryTake(ask('a'));
    meter.setShares(() => slow(1), 8);
    for (let n = 0; n < 4; n += 1) meter.tryTake(ask('a', 'login'));
    meter.add(1);
    expect(meter.tryTake(ask('a', 'interactive'))).toBe(true);
    expect(meter.pool()).toBe(8);
    expect(meter.tryTake(ask('a', 'interactive'))).toBe(false);
    meter.add(1);
    expect(meter.tryTake(ask('a', 'interactive'))).toBe(true);
  });

  it('lets nobody above its share pass those who wait', () => {
    const { meter, wait, outcomes } = metered();
    meter.tryTake(ask('a'));
    meter.tryTake(ask('b'));
    meter.setShares(() => slow(1), 0);
    meter.add(0.5);
    expect(wait('a', 'ordinary')).toBe(true);
    expect(meter.isWaitedFor()).toBe(true);
    expect(meter.waitingOf('a')).toBe(1);
    expect(meter.waitingOf('nobody')).toBe(0);
    meter.add(0.5);
    expect(outcomes).toEqual(['a ordinary admitted']);
    expect(meter.isWaitedFor()).toBe(false);
    meter.add(0.9);
    wait('a', 'ordinary');
    for (let n = 0; n < 3; n += 1) meter.tryTake(ask('b', 'login'));
    meter.add(2.95);
    expect(meter.pool()).toBeCloseTo(0.85, 6);
    expect(meter.tryTake(ask('b'))).toBe(false);
  });

  it('serves the client furthest below its share first', () => {
    const { meter, wait, outcomes } = metered();
    for (const id of ['a', 'b']) meter.tryTake(ask(id));
    meter.setShares((id) => slow(id === 'a' ? 1 : 10), 0);
    wait('a', 'ordinary');
    wait('b', 'ordinary');
    wait('b', 'interactive');
    meter.pass(0, 1);
    meter.add(2);
    expect(outcomes).toEqual(['b interactive admitted', 'b ordinary admitted']);
    meter.giveBack();
    expect(outcomes.at(-1)).toBe('a ordinary admitted');
  });

  it('refuses those whose time is over', () => {
    const { meter, wait, outcomes } = metered();
    wait('a', 'ordinary', 100);
    meter.pass(99, 0.1);
    expect(outcomes).toEqual([]);
    meter.pass(100, 0.1);
    expect(outcomes).toEqual(['a ordinary refused']);
    expect(meter.isWaitedFor()).toBe(false);
  });

  it('is short while urgent work waits, or work below its share', () => {
    const { meter, wait } = metered();
    expect(meter.isShort()).toBe(false);
    wait('a', 'ordinary');
    expect(meter.isShort()).toBe(true);
    meter.setShares(() => slow(1), 0);
    for (let n = 0; n < 4; n += 1) meter.tryTake(ask('a', 'login'));
    expect(meter.isShort()).toBe(false);
    wait('a', 'interactive');
    expect(meter.isShort()).toBe(true);
  });

  it('says what each client wants, and forgets those that want nothing', () => {
    const { meter } = metered();
    meter.tryTake(ask('a'));
    meter.tryTake(ask('b', 'login'));
    const wants = meter.wants(250, 250);
    expect([...wants.keys()]).toEqual(['a', 'b']);
    expect(wants.get('a')?.ordinary).toBeGreaterThan(0);
    meter.setShares(() => slow(1), 0);
    expect(meter.shareOf('a')).toEqual(slow(1));
    for (let n = 0; n < 5; n += 1) meter.tryTake(ask('b', 'login'));
    meter.wants(250, 250);
    expect([...meter.wants(60_000, 250).keys()]).toEqual([]);
    expect(meter.shareOf('a')).toEqual(WHOLE);
    // What it has overdrawn is remembered.
    expect(meter.shareOf('b')).toEqual(slow(1));
  });
});

describe('a client whose share is used up', () => {
  it.each([
    [slow(2), 0, 1],
    [slow(0.5), 0, 2],
    [slow(2), 9, 5],
    [slow(0.001), 0, 60],
    [WHOLE, 3, 1],
  ])('with %j and %i waiting is told to try again in %i s', (share, waiting, retryAfter) => {
    const problem = shareUsed(share, waiting);
    const { perMinute } = share;

    expect(problem).toBeInstanceOf(Problem);
    expect(problem).toMatchObject({ slug: 'workos-share-used', retryAfter });
    expect(problem.message).toBe(
      `This client’s share of the requests to WorkOS is used up; it is about ${Math.round(perMinute)} a minute now. Try again in ${retryAfter} s.`,
    );
    expect(problem.rateLimits).toEqual([
      {
        name: 'workos',
        quota: Math.floor(perMinute),
        windowSeconds: 60,
        remaining: 0,
        resetSeconds: retryAfter,
      },
    ]);
  });

  it('may be no client at all', () => {
    expect(askerOf({ clientId: 'a', priority: 'batch' })).toEqual({
      clientId: 'a',
      priority: 'batch',
    });
    expect(askerOf({ clientId: undefined, priority: 'batch' })).toMatchObject({
      clientId: '@background',
    });
    expect(askerOf({ clientId: undefined, priority: 'login' })).toMatchObject({
      clientId: '@browsers',
    });
  });
});

describe('the use of the last minute', () => {
  it('is counted by client and priority, and goes in steps of 5 s', () => {
    const usage = createUsage();
    usage.count({ clientId: 'a', priority: 'login' }, 1_000);
    usage.count({ clientId: 'a', priority: 'login' }, 4_999);
    usage.count({ clientId: 'a', priority: 'batch' }, 5_000);
    usage.count({ clientId: 'b', priority: 'batch' }, 5_000);

    expect(Object.fromEntries(usage.lastMinute(59_999))).toEqual({
      a: some({ login: 2, batch: 1 }),
      b: some({ batch: 1 }),
    });
    expect(Object.fromEntries(usage.lastMinute(60_000))).toEqual({
      a: some({ batch: 1 }),
      b: some({ batch: 1 }),
    });
    expect(usage.lastMinute(65_000).size).toBe(0);
  });
});
