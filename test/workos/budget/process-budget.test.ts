/** When a process meets the others that use the budget, and what it does with its share. */
import { describe, expect, it } from '@jest/globals';
import { runAs } from '../../../src/core/caller.ts';
import { Problem } from '../../../src/core/problem.ts';
import { totalOf } from '../../../src/workos/budget/amounts.ts';
import type { Waiter } from '../../../src/workos/budget/account.ts';
import { createBudget, type BudgetOptions } from '../../../src/workos/budget/budget.ts';
import type { Answered, Report } from '../../../src/workos/budget/exchange.ts';
import { some } from './budget-setup.ts';

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

  it('leases enough for all requests of a burst in one round, and for as many that follow', async () => {
    const { reports, pass, take } = budgetWith(({ take: asked }) => ({ granted: totalOf(asked) }));
    await pass(500);
    await pass(30);
    const burst = Array.from({ length: 32 }, () => take('interactive'));
    await pass(0);
    expect(reports).toHaveLength(2);
    await Promise.all(burst);
    await pass(5);
    await Promise.all(Array.from({ length: 16 }, () => take('interactive')));
    expect(reports).toHaveLength(2);
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

  it('does not come back to the others once it has left, as they would leave it a share', async () => {
    const { budget, pass, reports, take } = budgetWith(() => ({ granted: 5 }));
    await pass(500);
    const leaving = budget.leave();
    budget.hold('sso token', 1_000);
    await leaving;
    budget.hold('sso token', 2_000);
    await pass(500);
    await expect(take('login')).resolves.toBeUndefined();
    await pass(500);
    expect(reports).toHaveLength(1);
  });

  it('refuses what waits when it leaves, and what would wait after that', async () => {
    const { budget, take } = budgetWith(() => ({}));
    const waiting = take();
    await Promise.all([
      expect(waiting).rejects.toMatchObject({ slug: 'workos-share-used' }),
      budget.leave(),
    ]);
    await expect(take()).rejects.toMatchObject({ slug: 'workos-share-used' });
  });
});
