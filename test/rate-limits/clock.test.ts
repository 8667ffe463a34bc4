/** The replicas share a limit by the clock of Postgres, which may be set back. */
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { createPointStore, type PointStore } from '../../src/rate-limits/store.ts';
import { MINUTE_MS, withClocks } from '../support/clock.ts';
import { createTestDatabase, type TestDatabase } from '../support/test-database.ts';

const LIMIT = 60;
const errors: unknown[] = [];
let database: TestDatabase;
let points: PointStore;
beforeAll(async () => {
  database = await createTestDatabase();
  // Opens the connections beforehand: a limit does not wait long for its points.
  await Promise.all(Array.from({ length: 4 }, () => database.db.query('select 1')));
  points = createPointStore(database.db, LIMIT, (error) => errors.push(error));
});
afterAll(() => database.stop());

const clockGoesBack = (minutes: number) =>
  database.db.query('update rate_limits set expire = expire + $1::bigint', [minutes * 60_000]);

it('a limit that was used up before the clock was set back is not used up until then', async () => {
  await points.take('client', LIMIT);
  await clockGoesBack(10);

  const taken = await Promise.all(
    Array.from({ length: 4 }, () => points.take('client', LIMIT / 2)),
  );

  expect(errors).toEqual([]);
  expect(taken.reduce((sum, { granted }) => sum + granted, 0)).toBe(LIMIT);
  expect(Math.max(...taken.map(({ windowMs }) => windowMs))).toBeLessThanOrEqual(60_000);
});

it.each([10, -10])(
  'replicas whose clocks are %d minutes apart give out one limit together',
  async (minutes) => {
    const key = `apart ${minutes}`;
    const granted = [];
    for (let round = 0; round < 4; round += 1) {
      const here = await points.take(key, LIMIT / 4);
      const there = await withClocks({ aheadMs: minutes * MINUTE_MS }, () =>
        points.take(key, LIMIT / 4),
      );
      granted.push(here.granted, there.granted);
    }

    expect(granted).toEqual([15, 15, 15, 15, 0, 0, 0, 0]);
  },
);
