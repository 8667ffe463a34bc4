/** The limits that WorkOS has beside the budget: what they are, and who may use them. */
import { describe, expect, it } from '@jest/globals';
import { runAs } from '../../../src/core/caller.ts';
import { Cancellation, Cancelled } from '../../../src/core/cancellation.ts';
import { subLimitOf, type SubLimit } from '../../../src/workos/budget/sub-limit.ts';
import { createSubLimits } from '../../../src/workos/budget/sub-limits.ts';
import type { CallOptions } from '../../../src/workos/call-options.ts';

const call = (fields: Partial<CallOptions>) => fields as CallOptions;
const deletion = call({ class: 'organizations', operation: 'delete' });
const read = call({ class: 'users', repeatable: true });

describe('a limit that WorkOS has beside the budget', () => {
  it.each<[string, Partial<CallOptions>, SubLimit | undefined]>([
    [
      'deletions of organizations',
      { class: 'organizations', operation: 'delete' },
      { name: 'delete organization', most: 10, perSecond: 2 / 3, batch: 1 },
    ],
    ['other calls about organizations', { class: 'organizations', operation: 'get' }, undefined],
    ['other deletions', { class: 'connections', operation: 'delete' }, undefined],
    [
      'reads of users',
      { class: 'users', operation: 'get', repeatable: true },
      { name: 'read users', most: 100, perSecond: 90, batch: 10 },
    ],
    [
      'writes of users',
      { class: 'users', operation: 'post' },
      { name: 'write users', most: 50, perSecond: 45, batch: 5 },
    ],
    [
      'the users of one directory',
      { operation: 'get /directory_users', limited: 'directory_1' },
      { name: 'directory users directory_1', most: 1, perSecond: 3, batch: 1 },
    ],
    ['the users of no directory', { operation: 'get /directory_users' }, undefined],
    [
      'the groups of one',
      { operation: 'get /directory_groups', limited: 'directory_1' },
      undefined,
    ],
  ])('is known for %s', (_what, options, limit) => {
    expect(subLimitOf(call(options))).toEqual(limit);
  });

  it('is taken in batches', async () => {
    const taken: string[] = [];
    const limits = createSubLimits({
      take: ({ name }) => Promise.resolve(taken.push(name) > 0),
      processes: () => 1,
    });
    for (let n = 0; n < 11; n += 1) await limits.enter(read);
    await limits.enter(deletion);
    await limits.enter(deletion);
    await limits.enter(call({ class: 'connections' }));

    expect(taken).toEqual([
      'read users',
      'read users',
      'delete organization',
      'delete organization',
    ]);
  });

  it('is refused with Retry-After once it is used up and the time to wait is over', async () => {
    let asked = 0;
    const limits = createSubLimits({
      take: () => Promise.resolve((asked += 1) < 0),
      processes: () => 1,
      waitMs: 0,
    });
    await expect(limits.enter(deletion)).rejects.toMatchObject({
      slug: 'upstream-rate-limited',
      retryAfter: 2,
    });
    expect(asked).toBe(1);
  });

  it('is waited for', async () => {
    const answers = [false, true];
    const limits = createSubLimits({
      take: () => Promise.resolve(answers.shift() ?? false),
      processes: () => 1,
    });
    await expect(limits.enter(read)).resolves.toBeUndefined();
    expect(answers).toEqual([]);
  });

  it('is kept by each process for its part while the database cannot be asked', async () => {
    const limits = createSubLimits({
      take: () => Promise.reject(new Error('away')),
      processes: () => 3,
      waitMs: 0,
    });
    await expect(limits.enter(deletion)).resolves.toBeUndefined();
    await expect(limits.enter(deletion)).rejects.toMatchObject({ retryAfter: 2 });
    await expect(limits.enter(read)).resolves.toBeUndefined();
  });
});

describe('clients at a limit', () => {
  /** A bucket that gives nothing until it is told to, and keeps what it was asked for. */
  function emptyBucket() {
    const reserves: number[] = [];
    const passed: string[] = [];
    let batches = 0;
    const limits = createSubLimits({
      take: (_limit, reserve) => {
        reserves.push(reserve);
        batches -= 1;
        return Promise.resolve(batches >= 0);
      },
      processes: () => 1,
    });
    return {
      reserves,
      passed,
      fill: (count: number) => (batches = count),
      enter: (clientId: string, cancellation?: Cancellation) =>
        runAs({ clientId, priority: 'ordinary', cancellation }, async () => {
          await limits.enter(read);
          passed.push(clientId);
        }),
    };
  }

  it('take turns, however many calls each of them has', async () => {
    const { enter, fill, passed } = emptyBucket();
    const calls = Array.from({ length: 10 }, () => enter('greedy'));
    calls.push(enter('modest'));
    fill(2);
    await Promise.all(calls);

    expect(passed.indexOf('modest')).toBeLessThan(2);
  });

  it('that have used more than the others leave a quarter of it to those', async () => {
    const { enter, fill, reserves } = emptyBucket();
    fill(4);
    for (let n = 0; n < 21; n += 1) await enter('greedy');
    for (let n = 0; n < 10; n += 1) await enter('modest');

    expect(reserves).toEqual([0, 25, 25, 0]);
  });

  it('cost one question to the bucket each time, however many of them wait', async () => {
    const { enter, fill, reserves } = emptyBucket();
    const calls = Array.from({ length: 20 }, () => enter('greedy'));
    fill(2);
    await Promise.all(calls);

    expect(reserves.length).toBeLessThanOrEqual(3);
  });

  it('no longer wait once their callers have left', async () => {
    const { enter, fill, passed } = emptyBucket();
    const cancellation = new Cancellation();
    const left = enter('gone', cancellation);
    const stays = enter('stays');
    cancellation.cancel();
    await expect(left).rejects.toThrow(Cancelled);
    fill(1);
    await stays;

    expect(passed).toEqual(['stays']);
  });
});
