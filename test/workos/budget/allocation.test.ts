/** How the requests of a round are shared out, by figures. */
import { describe, expect, it } from '@jest/globals';
import { allocate, partOf, waterLevel } from '../../../src/workos/budget/allocation.ts';
import {
  NONE,
  plus,
  sumByClient,
  totalOf,
  type Amounts,
} from '../../../src/workos/budget/amounts.ts';
import { leaseOf } from '../../../src/workos/budget/lease.ts';
import { policyOf } from '../../../src/workos/budget/policy.ts';
import { planRound, type FleetProcess } from '../../../src/workos/budget/round.ts';

const some = (fields: Partial<Amounts>): Amounts => ({ ...NONE, ...fields });
const rounded = (amounts: Amounts | undefined) =>
  amounts &&
  Object.fromEntries(
    Object.entries(amounts).map(([priority, amount]) => [
      priority,
      Math.round(amount * 1_000) / 1_000,
    ]),
  );
const given = (
  wants: Readonly<Record<string, Partial<Amounts>>>,
  flow: number,
  stock: Partial<Amounts> = {},
) => {
  const byClient = new Map(Object.entries(wants).map(([id, amounts]) => [id, some(amounts)]));
  const result = allocate(byClient, { flow, stock: some(stock) });
  return {
    fairAmount: Math.round(result.fairAmount * 1_000) / 1_000,
    ...Object.fromEntries([...result.given].map(([id, amounts]) => [id, rounded(amounts)])),
  };
};

describe('amounts', () => {
  it('add up by priority, in total, and by client', () => {
    const one = { login: 1, interactive: 2, ordinary: 3, batch: 4 };

    expect(NONE).toEqual({ login: 0, interactive: 0, ordinary: 0, batch: 0 });
    expect(plus(one, one)).toEqual({ login: 2, interactive: 4, ordinary: 6, batch: 8 });
    expect(totalOf(one)).toBe(10);
    expect([
      ...sumByClient([
        new Map([['a', one]]),
        new Map([
          ['a', one],
          ['b', NONE],
        ]),
      ]),
    ]).toEqual([
      ['a', plus(one, one)],
      ['b', NONE],
    ]);
  });

  it('are a process’s part of what its client asked for everywhere', () => {
    const all = { login: 4, interactive: 4, ordinary: 0, batch: 8 };
    const own = { login: 1, interactive: 4, ordinary: 0, batch: 2 };
    expect(partOf({ login: 4, interactive: 2, ordinary: 5, batch: 4 }, own, all)).toEqual({
      login: 1,
      interactive: 2,
      ordinary: 0,
      batch: 1,
    });
  });
});

describe('a level', () => {
  it.each([
    ['enough for all', [4, 6], 10, Infinity],
    ['more than enough', [4, 6], 11, Infinity],
    ['nobody', [], 0, Infinity],
    ['equal parts', [6, 6], 6, 3],
    ['a small want and equal parts of the rest', [1, 6, 6], 7, 3],
    ['nothing to share', [6, 6], 0, 0],
  ])('shares out evenly: %s', (_what, wants, amount, level) => {
    const found = waterLevel(
      wants.map((room) => ({ base: 0, room })),
      amount,
    );
    expect(found).toBeCloseTo(level, 6);
  });

  it('counts what a client has already', () => {
    const rooms = [
      { base: 4, room: 10 },
      { base: 0, room: 10 },
    ];
    expect(waterLevel(rooms, 6)).toBeCloseTo(5, 6);
    expect(waterLevel(rooms, 3)).toBeCloseTo(3, 6);
    expect(waterLevel(rooms, 19)).toBeCloseTo(13, 4);
  });
});

describe('an allocation', () => {
  it('gives everybody what they want while there is enough', () => {
    expect(given({ a: { ordinary: 3 }, b: { batch: 4, interactive: 1 } }, 10)).toEqual({
      fairAmount: Infinity,
      a: some({ ordinary: 3 }),
      b: some({ batch: 4, interactive: 1 }),
    });
  });

  it('gives logins all they want, even more than there is', () => {
    expect(given({ a: { login: 30 }, b: { ordinary: 5 } }, 20)).toEqual({
      fairAmount: 0,
      a: some({ login: 30 }),
      b: NONE,
    });
  });

  it('gives equal parts to clients that want too much', () => {
    expect(given({ a: { ordinary: 100 }, b: { ordinary: 50 }, c: { ordinary: 1 } }, 21)).toEqual({
      fairAmount: 10,
      a: some({ ordinary: 10 }),
      b: some({ ordinary: 10 }),
      c: some({ ordinary: 1 }),
    });
  });

  it('gives interactive work most, but one client half at first', () => {
    expect(given({ a: { interactive: 100 }, b: { batch: 100 } }, 16)).toEqual({
      // Half of 16; then 80 % of the rest evens out, and what is left goes to the more urgent.
      fairAmount: 9.6,
      a: some({ interactive: 9.6 }),
      b: some({ batch: 6.4 }),
    });
    expect(given({ a: { interactive: 50 }, b: { interactive: 50 }, c: { batch: 50 } }, 16)).toEqual(
      {
        fairAmount: 7.2,
        a: some({ interactive: 7.2 }),
        b: some({ interactive: 7.2 }),
        c: some({ batch: 1.6 }),
      },
    );
  });

  it('gives ordinary work more than batch work, which goes on', () => {
    expect(given({ a: { ordinary: 100 }, b: { batch: 100 } }, 10)).toEqual({
      fairAmount: 6,
      a: some({ ordinary: 6 }),
      b: some({ batch: 4 }),
    });
  });

  it('gives a client its most urgent work first', () => {
    expect(given({ a: { ordinary: 6, batch: 9, interactive: 1 } }, 10)).toEqual({
      fairAmount: 10,
      a: some({ interactive: 1, ordinary: 6, batch: 3 }),
    });
  });

  it('does not count logins as part of a client’s share', () => {
    expect(given({ a: { login: 4, ordinary: 9 }, b: { ordinary: 9 } }, 14)).toEqual({
      fairAmount: 5,
      a: some({ login: 4, ordinary: 5 }),
      b: some({ ordinary: 5 }),
    });
  });

  it('adds what was saved up, of which urgent work may use more', () => {
    const stock = { interactive: 10, ordinary: 6, batch: 2 };

    expect(given({ a: { interactive: 100 } }, 0, stock)).toMatchObject({
      a: some({ interactive: 10 }),
    });
    expect(given({ a: { ordinary: 100 } }, 0, stock)).toMatchObject({ a: some({ ordinary: 6 }) });
    expect(given({ a: { batch: 100 } }, 0, stock)).toMatchObject({ a: some({ batch: 2 }) });
    expect(given({ a: { interactive: 3 }, b: { ordinary: 100 } }, 0, stock)).toMatchObject({
      a: some({ interactive: 3 }),
      b: some({ ordinary: 3 }),
    });
    expect(given({ a: { interactive: 7 }, b: { ordinary: 100 } }, 0, stock)).toMatchObject({
      b: NONE,
    });
  });
});

describe('the figures of a budget', () => {
  it.each([
    [6_000, { perSecond: 97.5, burst: 180, mostDebt: 1_500, ready: 30 }],
    [120, { perSecond: 1.936_667, burst: 5, mostDebt: 30, ready: 0.6 }],
    [60, { perSecond: 0.926_667, burst: 5, mostDebt: 15, ready: 0.3 }],
    [30, { perSecond: 0.463_333, burst: 2.5, mostDebt: 7.5, ready: 0.15 }],
    [1, { perSecond: 0.016_25, burst: 2.5, mostDebt: 0.25, ready: 0.005 }],
  ])('of %i requests a minute', (perMinute, { perSecond, burst, mostDebt, ready }) => {
    const policy = policyOf(perMinute);

    expect(policy.perSecond).toBeCloseTo(perSecond, 5);
    expect(policy).toMatchObject({ perMinute, burst, mostDebt, ready });
    expect(policy.floors).toEqual({ interactive: 0, ordinary: burst / 4, batch: burst / 2 });
  });
});

describe('a round', () => {
  const policy = policyOf(6_000);
  const other = (fields: Partial<FleetProcess> = {}): FleetProcess => ({
    id: 'other',
    ageMs: 100,
    share: 10,
    wants: new Map(),
    used: new Map(),
    ...fields,
  });
  const plan = (
    wants: Readonly<Record<string, Partial<Amounts>>>,
    { level = 0, processes = [] as readonly FleetProcess[], elapsedMs = 250 } = {},
  ) =>
    planRound({
      policy,
      id: 'me',
      wants: new Map(Object.entries(wants).map(([id, one]) => [id, some(one)])),
      elapsedMs,
      fleet: { level, processes },
    });
  /** What becomes available in a round of 250 ms. */
  const FLOW = 97.5 / 4;

  it('leases what is wanted if there is enough', () => {
    const planned = plan({ a: { ordinary: 5, login: 1 }, b: { batch: 2 } });

    expect(planned.mine).toEqual({ login: 1, interactive: 0, ordinary: 5, batch: 2 });
    expect(planned.shareOf('a')).toEqual({ perSecond: Infinity, perMinute: 6_000 });
  });

  it('leases the part of each client that this process has asked for', () => {
    const processes = [other({ wants: new Map([['a', some({ ordinary: 300 })]]) })];
    const planned = plan({ a: { ordinary: 100 }, b: { ordinary: 1 } }, { processes });

    expect(planned.mine.ordinary).toBeCloseTo((FLOW - 1) / 4 + 1, 3);
    // Of this client a quarter is here.
    expect(planned.shareOf('a').perSecond).toBeCloseTo(FLOW - 1, 3);
    expect(planned.shareOf('a').perMinute).toBeCloseTo((FLOW - 1) * 240, 2);
  });

  it('offers a client that is satisfied, or unknown, as much as the one that got most', () => {
    const planned = plan({ a: { ordinary: 100 }, b: { ordinary: 1 } });
    const most = FLOW - 1;

    expect(planned.shareOf('b').perSecond).toBeCloseTo(most * 4, 2);
    expect(planned.shareOf('nobody').perSecond).toBeCloseTo(most * 4, 2);
    expect(planned.shareOf('b').perMinute).toBeCloseTo(most * 240, 1);
  });

  it('lets a client that asks nothing of a process earn only a part of its share there', () => {
    const wants = new Map([['c', some({ ordinary: 3 })]]);
    const processes = [other({ wants }), other({ id: 'third' })];
    const planned = plan({ a: { ordinary: 100 }, b: { ordinary: 1 } }, { processes });
    const most = FLOW - 4;

    expect(planned.shareOf('b').perSecond).toBeCloseTo(most * 4, 2);
    expect(planned.shareOf('c').perSecond).toBeCloseTo((most * 4) / 3, 2);
    expect(planned.shareOf('nobody').perSecond).toBeCloseTo((most * 4) / 3, 2);
    expect(planned.shareOf('nobody').perMinute).toBeCloseTo(most * 240, 1);
  });

  it('leases less if less time has passed and there is not enough for all', () => {
    const long = plan({ a: { ordinary: 100 } }, { elapsedMs: 500 });
    const short = plan({ a: { ordinary: 100 } }, { elapsedMs: 25 });
    const enough = plan({ a: { ordinary: 10 } }, { elapsedMs: 25 });

    expect(long.mine.ordinary).toBeCloseTo(FLOW, 3);
    expect(short.mine.ordinary).toBeCloseTo(FLOW / 10, 3);
    expect(enough.mine.ordinary).toBe(10);
  });

  it('pays back first what logins have overdrawn', () => {
    expect(plan({ a: { ordinary: 100 } }, { level: -14.375 }).mine.ordinary).toBeCloseTo(10, 3);
    expect(plan({ a: { ordinary: 100 } }, { level: -1_000 }).mine.ordinary).toBe(0);
  });

  it('uses what was saved up above each priority’s floor', () => {
    const level = 100;
    expect(plan({ a: { interactive: 999 } }, { level }).mine.interactive).toBeCloseTo(
      FLOW + 100,
      2,
    );
    expect(plan({ a: { ordinary: 999 } }, { level }).mine.ordinary).toBeCloseTo(FLOW + 55, 2);
    expect(plan({ a: { batch: 999 } }, { level }).mine.batch).toBeCloseTo(FLOW + 10, 2);
    expect(plan({ a: { batch: 999 } }, { level: 50 }).mine.batch).toBeCloseTo(FLOW, 2);
  });

  it.each([
    ['heard of just now', 749, FLOW],
    ['not heard of for a moment', 750, FLOW - 10 / 4],
    ['not heard of for a minute', 60_749, FLOW - 10 / 4],
    ['dead', 60_750, FLOW],
  ])('keeps the share of a process that is %s', (_what, ageMs, expected) => {
    const planned = plan({ a: { ordinary: 100 } }, { processes: [other({ ageMs })] });
    expect(planned.mine.ordinary).toBeCloseTo(expected, 3);
  });

  it('does not count itself among the others', () => {
    const self = other({ id: 'me', wants: new Map([['a', some({ ordinary: 100 })]]) });
    const planned = plan({ a: { ordinary: 100 } }, { processes: [self] });
    expect(planned.mine.ordinary).toBeCloseTo(FLOW, 3);
    expect(planned.ready).toBe(8);
  });

  it('keeps some requests ready, fewer for each of many processes', () => {
    const many = Array.from({ length: 9 }, (_, n) => other({ id: `other-${n}` }));
    expect(plan({}).ready).toBe(8);
    expect(plan({}, { processes: many }).ready).toBe(3);
    expect(plan({}, { processes: many.map((one) => ({ ...one, ageMs: 9_000 })) }).ready).toBe(8);
  });

  it('tells each process its part of all requests, should it be alone', () => {
    const wants = new Map([['b', some({ ordinary: FLOW / 2 })]]);
    // Half the flow is wanted by the other, a quarter here; the last quarter is shared evenly.
    const planned = plan({ a: { ordinary: FLOW / 4 } }, { processes: [other({ wants })] });

    expect(planned.share).toBeCloseTo(97.5 * (1 / 4 + 1 / 8), 2);
    expect(plan({}, { processes: [other()] }).share).toBeCloseTo(97.5 / 2, 3);
    expect(plan({}, { level: -1_000, processes: [other()] }).share).toBeCloseTo(97.5 / 2, 3);
    expect(plan({ a: { ordinary: 999 } }).share).toBeCloseTo(97.5, 3);
  });
});

describe('a lease', () => {
  const planOf = (mine: Partial<Amounts>, ready = 8) => ({
    mine: some(mine),
    ready,
    share: 1,
    shareOf: () => ({ perSecond: 1, perMinute: 60 }),
  });

  it('fills the pool up to what is kept ready and what is planned, the most urgent first', () => {
    const mine = { login: 1, interactive: 2, ordinary: 3, batch: 4 };
    expect(leaseOf(planOf(mine), 0, false)).toEqual({
      login: 0,
      interactive: 11,
      ordinary: 3,
      batch: 4,
    });
    expect(leaseOf(planOf(mine), 12, false)).toEqual({
      login: 0,
      interactive: 0,
      ordinary: 2,
      batch: 4,
    });
    expect(leaseOf(planOf(mine), 16, false)).toEqual({
      login: 0,
      interactive: 0,
      ordinary: 0,
      batch: 2,
    });
    expect(leaseOf(planOf(mine), 18, false)).toEqual(NONE);
  });

  it('counts logins that found the pool empty, in any case', () => {
    expect(leaseOf(planOf({}), -3, false)).toEqual(some({ login: 3, interactive: 8 }));
  });

  it('gives back what is left over, unless somebody waits', () => {
    expect(leaseOf(planOf({ ordinary: 2 }), 15, false)).toEqual(some({ login: -5 }));
    expect(leaseOf(planOf({ ordinary: 2 }), 15, true)).toEqual(some({ ordinary: 2 }));
    expect(leaseOf(planOf({ ordinary: 2 }, 0), 0.5, true)).toEqual(some({ ordinary: 2 }));
  });
});
