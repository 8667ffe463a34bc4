/** Who is served, who waits and who is refused within one process. */
import { describe, expect, it } from '@jest/globals';
import { runAs } from '../../../src/core/caller.ts';
import { Problem } from '../../../src/core/problem.ts';
import { createAccount, type Share, type Waiter } from '../../../src/workos/budget/account.ts';
import { NONE, type Amounts } from '../../../src/workos/budget/amounts.ts';
import { askerOf, shareUsed } from '../../../src/workos/budget/asker.ts';
import { createBudget, type BudgetOptions } from '../../../src/workos/budget/budget.ts';
import type { Answered, Report } from '../../../src/workos/budget/exchange.ts';
import { createMeter } from '../../../src/workos/budget/meter.ts';
import { createUsage } from '../../../src/workos/budget/usage.ts';

const WHOLE: Share = { perSecond: Infinity, perMinute: 6_000 };
const slow = (perSecond: number): Share => ({ perSecond, perMinute: perSecond * 60 });
const some = (fields: Partial<Amounts>): Amounts => ({ ...NONE, ...fields });

describe('the account of a client', () => {
  const waiter = (priority: Waiter['priority'], until = 1_000): Waiter => ({
    priority,
    until,
    admit: () => undefined,
    refuse: () => undefined,
  });

  it('has credit for two seconds of its share, and overdraws one', () => {
    const account = createAccount(WHOLE);
    account.setShare(slow(10));
    account.earn(1);
    expect(account.credit).toBe(14);
    account.earn(60);
    expect(account.credit).toBe(20);
    for (let n = 0; n < 100; n += 1) account.spend();
    expect(account.credit).toBe(-10);
    account.earn(0.5);
    expect(account.credit).toBe(-5);
    expect(account.share).toEqual(slow(10));
  });

  it('has credit for four requests however small its share, and overdraws one', () => {
    const account = createAccount(WHOLE);
    account.setShare(slow(0.1));
    account.earn(60);
    expect(account.credit).toBe(4);
    for (let n = 0; n < 9; n += 1) account.spend();
    expect(account.credit).toBe(-1);
  });

  it('saves up nothing beyond one request while it wants more than its share, and keeps what it has', () => {
    const account = createAccount(WHOLE);
    account.setShare({ ...slow(10), isUsedUp: true });
    account.earn(60);
    expect(account.credit).toBe(4);
    for (let n = 0; n < 4; n += 1) account.spend();
    account.earn(60);
    expect(account.credit).toBe(0.99);
  });

  it('is always within its share while there is enough for everybody', () => {
    const account = createAccount(WHOLE);
    for (let n = 0; n < 9; n += 1) account.spend();
    expect(account.credit).toBe(4);
    account.earn(1);
    expect(account.credit).toBe(4);
  });

  it('serves the most urgent waiter first, of these the one that has waited longest', () => {
    const account = createAccount(WHOLE);
    const [batch, first, second] = [waiter('batch'), waiter('ordinary'), waiter('ordinary')];
    expect(account.mostUrgent()).toBeUndefined();
    expect(account.next()).toBeUndefined();
    for (const one of [batch, first, second]) expect(account.add(one)).toBe(true);

    expect([account.waiting(), account.mostUrgent()]).toEqual([3, 'ordinary']);
    expect([account.next(), account.next(), account.next()]).toEqual([first, second, batch]);
    expect(account.waiting()).toBe(0);
  });

  it('lets 500 wait', () => {
    const account = createAccount(WHOLE);
    const added = Array.from({ length: 501 }, () => account.add(waiter('batch')));
    expect(added.filter(Boolean)).toHaveLength(500);
    account.next();
    expect(account.add(waiter('batch'))).toBe(true);
  });

  it('gives up those whose time is over', () => {
    const account = createAccount(WHOLE);
    const [early, late, batch] = [
      waiter('ordinary', 10),
      waiter('ordinary', 11),
      waiter('batch', 10),
    ];
    for (const one of [early, late, batch]) account.add(one);

    expect(account.expired(9)).toEqual([]);
    expect(account.expired(10)).toEqual([early, batch]);
    expect(account.waiting()).toBe(1);
  });

  it('wants what it asked for lately and what waits, with room to grow', () => {
    const account = createAccount(WHOLE);
    expect(account.isIdle()).toBe(true);
    for (let n = 0; n < 8; n += 1) account.arrive('ordinary');
    expect(account.isIdle()).toBe(false);
    // 400 ms are half of what is remembered: 8 in 400 ms are 5 in 250 ms.
    const wanted = account.wants(400, 250);
    expect(wanted.ordinary).toBeCloseTo(2.5 * 1.25, 6);
    account.add(waiter('ordinary'));
    expect(account.wants(400, 250).ordinary).toBeCloseTo(1 + 1.25 * 2, 6);
    expect(account.wants(0, 250).batch).toBe(0);
  });

  it('forgets an old want', () => {
    const account = createAccount(WHOLE);
    account.arrive('batch');
    account.wants(250, 250);
    expect(account.isIdle()).toBe(false);
    account.wants(4_000, 250);
    expect(account.isIdle()).toBe(true);
  });
});

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

describe('the budget of a process', () => {
  const NOTHING: Answered = { level: 100, granted: 0, processes: [], holds: new Map() };
  /** A budget whose clock and whose rounds with the other processes the test moves. */
  function budgetWith(
    meet: (report: Report) => Partial<Answered> | Error,
    options: Partial<BudgetOptions> = {},
  ) {
    let time = 0;
    const reports: Report[] = [];
    const left: number[] = [];
    const budget = createBudget({
      perMinute: 6_000,
      now: () => time,
      exchange: {
        meet(report: Report) {
          reports.push(report);
          const answer = meet(report);
          return answer instanceof Error
            ? Promise.reject(answer)
            : Promise.resolve({ ...NOTHING, ...answer });
        },
        leave: (_id, amount) => Promise.resolve(left.push(amount)).then(() => undefined),
      },
      ...options,
    });
    const settle = () => new Promise((resolve) => setImmediate(resolve));
    const pass = async (ms: number): Promise<void> => {
      await settle();
      time += ms;
      budget.pulse();
      await settle();
    };
    const take = (priority: Waiter['priority'] = 'ordinary', clientId = 'a') =>
      runAs({ clientId, priority }, () => budget.take());
    return { budget, reports, left, pass, take };
  }

  it('meets the others every half second while idle, and four times a second when used', async () => {
    const { reports, pass, take } = budgetWith(() => ({}));
    await pass(499);
    expect(reports).toHaveLength(0);
    await pass(1);
    expect(reports).toHaveLength(1);
    await take('login');
    await pass(249);
    expect(reports).toHaveLength(1);
    await pass(1);
    expect(reports).toHaveLength(2);
    await pass(250);
    expect(reports).toHaveLength(2);
  });

  it('meets them at once when urgent work waits, at most every 25 ms', async () => {
    const { reports, pass, take } = budgetWith(() => ({ granted: 0 }));
    await pass(24);
    const waiting = take('interactive').catch((error: unknown) => error);
    await pass(0);
    expect(reports).toHaveLength(0);
    await pass(1);
    expect(reports).toHaveLength(1);
    await pass(25);
    expect(reports).toHaveLength(2);
    await pass(475);
    await pass(500);
    expect(await waiting).toMatchObject({ slug: 'workos-share-used' });
  });

  it('lets a request through once it is granted, and refuses it after a second', async () => {
    const refused: string[] = [];
    const used: string[] = [];
    // One, and what a request of this kind leaves for more urgent ones.
    const granted = [3];
    const { pass, take } = budgetWith(() => ({ granted: granted.shift() ?? 0 }), {
      onRefuse: (priority) => refused.push(priority),
      onUse: (priority) => used.push(priority),
    });
    const [first, second] = [take(), take().catch((error: unknown) => error)];
    await pass(25);
    await expect(first).resolves.toBeUndefined();
    await pass(474);
    await pass(500);
    expect(refused).toEqual([]);
    await pass(1);
    expect(await second).toBeInstanceOf(Problem);
    expect([used, refused]).toEqual([['ordinary'], ['ordinary']]);
  });

  it('refuses at once if 500 of the client wait', async () => {
    const { take, pass } = budgetWith(() => ({}));
    const outcomes = Array.from({ length: 501 }, () => take().catch((error: unknown) => error));
    await expect(outcomes.at(-1)).resolves.toMatchObject({ slug: 'workos-share-used' });
    await pass(1_000);
    await Promise.all(outcomes);
  });

  it('reports its share, its wants, and once a second its use', async () => {
    const { reports, pass, take, budget } = budgetWith(() => ({ granted: 5 }));
    await take('login');
    await pass(500);
    await take('login');
    await pass(250);
    await take('login');
    await pass(999);

    expect(reports[0]).toMatchObject({ id: budget.id, policy: { perMinute: 6_000 } });
    expect(reports[0]?.take.login).toBe(1);
    expect(reports[0]?.wants.get('a')?.login).toBeGreaterThan(0);
    expect(reports.map(({ used }) => used?.get('a')?.login)).toEqual([1, undefined, 3]);
    // From a tenth of the budget it goes towards what a process alone may use.
    expect(reports[0]?.share).toBeCloseTo(9.75 + (97.5 - 9.75) * 0.1, 3);
    expect(budget.perMinute).toBe(6_000);
  });

  it('gives back what it does not need before it knows that the others heard', async () => {
    const { pass, reports, budget } = budgetWith(() => ({ granted: 50 }));
    await pass(500);
    await pass(500);
    expect(reports[1]?.take.login).toBe(-42);
    expect(budget.tryTake()).toBe(true);
  });

  it('goes on with its last share while the others are out of reach', async () => {
    const failures: unknown[] = [];
    const { pass, take } = budgetWith(() => new Error('away'), {
      onFailure: (error) => failures.push(error),
    });
    await pass(500);
    const early = take('interactive').catch(() => 'refused');
    await pass(249);
    await pass(1);
    await pass(100);
    await expect(early).resolves.toBeUndefined();
    expect(failures.length).toBeGreaterThan(0);
    const outcomes = Array.from({ length: 40 }, () =>
      take('interactive').then(
        () => 'done',
        () => 'refused',
      ),
    );
    for (let n = 0; n < 10; n += 1) await pass(100);
    const done = (await Promise.all(outcomes)).filter((outcome) => outcome === 'done');
    // About a tenth of 97.5 a second at first, which each round brings closer to all of it.
    expect(done.length).toBeGreaterThanOrEqual(20);
    expect(done.length).toBeLessThan(40);
  });

  it('shows what is left, who uses it and what is held back', async () => {
    const holds = new Map([['sso token', 700]]);
    const heard: [string, number][] = [];
    const levels: number[] = [];
    const other = {
      id: 'other',
      ageMs: 1,
      share: 1,
      wants: new Map(),
      used: new Map([['a', some({ login: 2 })]]),
    };
    const { budget, pass, take } = budgetWith(() => ({ level: 33, processes: [other], holds }), {
      onHold: (operation, ms) => heard.push([operation, ms]),
      onRound: (level) => levels.push(level),
    });
    expect(budget.view().level).toBe(180);
    expect(budget.processes()).toBe(1);
    await take('login');
    await pass(500);

    expect(budget.view().level).toBe(33);
    expect(budget.view().used.get('a')).toEqual(some({ login: 3 }));
    expect(budget.view().shareOf('a')).toBe(6_000);
    expect([...budget.view().holds]).toEqual([['sso token', 700]]);
    expect(heard).toEqual([['sso token', 700]]);
    expect(levels).toEqual([33]);
    expect(budget.processes()).toBe(2);
    budget.hold('organizations delete', 5_000);
    expect([...budget.view().holds.keys()]).toEqual(['sso token', 'organizations delete']);
  });

  it('gives back all that is left when it ends', async () => {
    const { budget, pass, left } = budgetWith(() => ({ granted: 5 }));
    await pass(500);
    await budget.leave();
    expect(left).toEqual([5]);
    expect(budget.tryTake()).toBe(false);
  });
});
