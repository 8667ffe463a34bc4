/** Points are taken from the store in batches, never exceed the limit by much, and are never stuck. */
import { describe, expect, it } from '@jest/globals';
import { createQuota, type Quota } from '../../src/rate-limits/quota.ts';
import type { PointStore } from '../../src/rate-limits/store.ts';

const WINDOW_MS = 60_000;

/** A store with a clock that stands still until it is moved. */
function fakeStore(limit: number) {
  const clock = { now: 0 };
  const used = new Map<string, { points: number; until: number }>();
  let asked = 0;
  const store: PointStore = {
    take(key, points) {
      asked += 1;
      const known = used.get(key);
      const window =
        known && clock.now < known.until ? known : { points: 0, until: clock.now + WINDOW_MS };
      const granted = Math.min(points, Math.max(0, limit - window.points));
      window.points += points;
      used.set(key, window);
      return Promise.resolve({ granted, windowMs: window.until - clock.now });
    },
  };
  const quota = () => createQuota({ store, limit, now: () => clock.now });
  return { clock, quota, asked: () => asked };
}

async function accepted(quotas: readonly Quota[], count: number, cost = 1): Promise<number> {
  const waits = await Promise.all(
    Array.from({ length: count }, async (_, n) => quotas[n % quotas.length]?.take('a', cost)),
  );
  return waits.filter((wait) => wait === undefined).length;
}

describe('a quota', () => {
  it.each([1, 7, 29, 60, 61, 1_000, 9_999])(
    'of %i accepts as many on three replicas, and a tenth more at most',
    async (limit) => {
      const { quota } = fakeStore(limit);

      const count = await accepted([quota(), quota(), quota()], limit * 3);

      expect(count).toBeGreaterThanOrEqual(limit);
      expect(count).toBeLessThanOrEqual(limit * 1.1);
    },
  );

  it('does not ask the store for the first thirtieth, and then rarely', async () => {
    const { quota, asked } = fakeStore(30_000);
    const one = quota();

    expect(one.take('a', 1_000)).toBeUndefined();
    expect(asked()).toBe(0);
    await accepted([one], 29_000);
    expect(asked()).toBeLessThanOrEqual(21);
  });

  it('says how long to wait, and begins anew after that', async () => {
    const { quota, clock } = fakeStore(60);
    const one = quota();
    await accepted([one], 100);
    clock.now += 20_000;

    expect(await one.take('a', 1)).toBe(40_000);
    clock.now += 40_000;
    expect(await accepted([one], 100)).toBe(60);
  });

  it('asks for a refused key no more until its window ends', async () => {
    const { quota, asked } = fakeStore(60);
    const one = quota();
    await accepted([one], 100);
    const before = asked();

    await accepted([one], 1_000);

    expect(asked()).toBe(before);
  });

  it('accepts a request that costs more than the whole limit, once', async () => {
    const { quota } = fakeStore(20);

    expect(await accepted([quota()], 3, 50)).toBe(1);
  });

  it('keeps keys apart', async () => {
    const { quota } = fakeStore(60);
    const one = quota();
    await accepted([one], 100);

    expect(one.take('b', 1)).toBeUndefined();
  });
});
