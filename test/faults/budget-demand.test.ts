/** The budget's own code, on three replicas, a ledger in memory and a virtual clock. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  jain,
  minutesOf,
  percentile,
  simulate,
  type SimulatedClient,
} from '../support/budget-simulation.ts';

const PER_MINUTE = 6_000;

/** Clients that together want almost twice the budget. */
const greedy = (count: number, fields: Partial<SimulatedClient> = {}): SimulatedClient[] =>
  Array.from({ length: count }, (_, n) => ({
    id: `greedy-${n}`,
    priority: 'ordinary',
    perSecond: 60 / count,
    ...fields,
  }));
const link = { id: 'links', priority: 'interactive', perSecond: 0.5 } as const;
const reader = { id: 'reader', priority: 'ordinary', perSecond: 0.2 } as const;
const login = { id: 'logins', priority: 'login', perSecond: 0.5 } as const;
const isGreedy = ([id]: readonly [string, number]): boolean => id.startsWith('greedy');

// Errors are cheaper without a stack, and this file makes a million.
const { stackTraceLimit } = Error;
beforeAll(() => {
  Error.stackTraceLimit = 0;
});
afterAll(() => {
  Error.stackTraceLimit = stackTraceLimit;
});

const partsOf = (minutes: readonly number[], perMinute = PER_MINUTE) => ({
  least: Math.min(...minutes) / perMinute,
  most: Math.max(...minutes) / perMinute,
});
const expectUse = (minutes: readonly number[], perMinute = PER_MINUTE): void => {
  const { least, most } = partsOf(minutes, perMinute);
  expect(least).toBeGreaterThanOrEqual(0.95);
  expect(most).toBeLessThanOrEqual(1.02);
};

describe('50 clients on 3 replicas that want almost twice the budget, for 100 seconds', () => {
  let result: Awaited<ReturnType<typeof simulate>>;
  beforeAll(async () => {
    result = await simulate({ seconds: 100, clients: [...greedy(50), link, reader, login] });
  });

  it('use all of it and no more in every minute', () => {
    expectUse(minutesOf(result));
  });

  it('get equal parts', () => {
    const parts = [...result.used].filter(isGreedy).map(([, used]) => used);
    expect(parts).toHaveLength(50);
    expect(jain(parts)).toBeGreaterThan(0.99);
  });

  it('let an ordinary client below its share through, almost always at once', () => {
    const waits = result.waits.get(reader.id) ?? [];
    expect(result.used.get(reader.id)).toBe(result.asked.get(reader.id));
    expect(percentile(waits, 0.5)).toBe(0);
    expect(percentile(waits, 0.99)).toBeLessThanOrEqual(250);
  });

  it.each([link, login])('let $id below its share through at once', ({ id }) => {
    expect(result.used.get(id)).toBe(result.asked.get(id));
    // A call to WorkOS takes about 100 ms, so that none takes twice as long as alone.
    expect(percentile(result.waits.get(id) ?? [], 0.99)).toBeLessThanOrEqual(50);
  });
});

describe('50 clients on ten replicas that want almost twice the budget', () => {
  let result: Awaited<ReturnType<typeof simulate>>;
  /** Clients that ask for a part of their share, which is about 1.7 requests a second. */
  const modest = ['a third', 'two thirds'].map((id, n) => ({
    id,
    priority: 'ordinary' as const,
    perSecond: (0.17 * (n + 1)) / 3,
  }));
  beforeAll(async () => {
    const clients = [...greedy(50, { perSecond: 0.36 }), ...modest];
    result = await simulate({ replicas: 10, seconds: 100, clients });
  });

  it('use all of it and no more', () => {
    expectUse(minutesOf(result));
  });

  it.each(modest)(
    'let one that asks for $id of its share through, almost always at once',
    (one) => {
      const asked = result.asked.get(one.id) ?? 0;
      expect(result.used.get(one.id)).toBeGreaterThanOrEqual(0.9 * asked);
      expect(percentile(result.waits.get(one.id) ?? [], 0.5)).toBe(0);
    },
  );
});

it('a client that asks for 60 at once every 5 seconds gets little more than one that asks all the time', async () => {
  const bursts = { id: 'bursts', priority: 'ordinary', perSecond: 4, everyMs: 5_000 } as const;
  const result = await simulate({ seconds: 100, clients: [...greedy(50), bursts] });
  const parts = [...result.used].filter(isGreedy).map(([, used]) => used);
  const mean = parts.reduce((sum, one) => sum + one, 0) / parts.length;

  expect(result.used.get(bursts.id)).toBeGreaterThan(0.9 * mean);
  expect(result.used.get(bursts.id)).toBeLessThan(1.6 * mean);
});

describe('all of the budget and no more is used', () => {
  it.each<[string, readonly SimulatedClient[]]>([
    ['by one client alone', greedy(1)],
    ['by one client’s batch work', greedy(1, { priority: 'batch' })],
    ['when all demand is on one replica', greedy(5, { replicas: [1], perSecond: 40 })],
  ])('%s', async (_what, clients) => {
    expectUse(minutesOf(await simulate({ seconds: 75, clients })));
  });

  it('when a client wants ten times what another wants', async () => {
    const clients = greedy(10).map((one, n) => ({ ...one, perSecond: 4.5 * (n + 1) }));
    const result = await simulate({ seconds: 75, clients });

    expectUse(minutesOf(result));
    expect(jain([...result.used.values()])).toBeGreaterThan(0.99);
  });

  it('while replicas come and go', async () => {
    const result = await simulate({
      seconds: 90,
      clients: greedy(5),
      meanwhile({ at, start, end }) {
        if (at % 20_000 === 10_000) start();
        if (at % 20_000 === 19_000) end((at - 19_000) / 20_000, 'leave');
      },
    });
    expectUse(minutesOf(result));
  });

  it('of a budget of one request a second', async () => {
    const clients = greedy(10, { perSecond: 1 });
    const result = await simulate({ perMinute: 60, seconds: 180, clients });

    expect(partsOf(minutesOf(result), 60).most).toBeLessThanOrEqual(1.02);
    expect(partsOf(minutesOf(result), 60).least).toBeGreaterThanOrEqual(0.9);
  });
});

describe('the budget is not exceeded', () => {
  it('when all clients begin at once after a pause', async () => {
    const result = await simulate({ seconds: 100, quietUntilMs: 30_000, clients: greedy(5) });
    expect(partsOf(minutesOf(result)).most).toBeLessThanOrEqual(1.02);
  });

  it.each([
    ['all replicas lack', [0, 1, 2]],
    ['one replica lacks', [0]],
  ])('while %s the database, and nobody stops', async (_what, replicas) => {
    const result = await simulate({
      seconds: 100,
      clients: [...greedy(5), login],
      meanwhile({ at, isAway }) {
        for (const replica of replicas) isAway(replica, at > 20_000 && at < 80_000);
      },
    });
    const { least, most } = partsOf(minutesOf(result));

    expect(most).toBeLessThanOrEqual(1.02);
    // The second until a replica notices is lost.
    expect(least).toBeGreaterThanOrEqual(0.93);
    expect(result.used.get('logins')).toBe(result.asked.get('logins'));
  });

  it('when a replica dies, whose share the others leave for a minute', async () => {
    const result = await simulate({
      seconds: 150,
      clients: greedy(6),
      meanwhile({ at, end }) {
        if (at === 20_000) end(0, 'crash');
      },
    });
    const { least, most } = partsOf(minutesOf(result));

    expect(most).toBeLessThanOrEqual(1.02);
    expect(least).toBeGreaterThan(0.6);
    expectUse(minutesOf(result).slice(-5));
  });
});

describe('what is urgent goes first', () => {
  it('logins go on when they take all of the budget, and others pay for them', async () => {
    const logins = { ...login, perSecond: 40 };
    const result = await simulate({ seconds: 60, clients: [...greedy(3), logins] });

    expect(result.used.get('logins')).toBe(result.asked.get('logins'));
    expect(percentile(result.waits.get('logins') ?? [], 1)).toBe(0);
    expect([...result.used].filter(isGreedy).reduce((sum, [, used]) => sum + used, 0)).toBeLessThan(
      0.1 * PER_MINUTE,
    );
  });

  it('a client that loops over portal links leaves others their reads, and links come before batch', async () => {
    const links = { ...link, perSecond: 100 };
    const result = await simulate({
      seconds: 60,
      clients: [links, ...greedy(2, { priority: 'batch' }), { ...reader, perSecond: 2 }],
    });
    const used = (id: string) => (result.used.get(id) ?? 0) / PER_MINUTE;

    expect(used('links')).toBeGreaterThan(0.45);
    expect(used('greedy-0')).toBeGreaterThan(0.1);
    expect(result.used.get('reader')).toBeGreaterThan(0.97 * (result.asked.get('reader') ?? 0));
  });

  it('reads of one client get more than batch work of another, which goes on', async () => {
    const result = await simulate({
      seconds: 60,
      clients: [
        { id: 'reads', priority: 'ordinary', perSecond: 60 },
        { id: 'batch', priority: 'batch', perSecond: 60 },
      ],
    });
    const [reads = 0, batch = 0] = ['reads', 'batch'].map((id) => result.used.get(id));

    expect(reads).toBeGreaterThan(1.2 * batch);
    expect(batch).toBeGreaterThan(0.3 * PER_MINUTE);
  });
});
