/** A million tenants leave as many counters: one statement for all would run into its timeout, each time. */
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { prunePoints } from '../../src/rate-limits/store.ts';
import { createTestDatabase, type TestDatabase } from '../support/test-database.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.stop());

it('counters of past windows are deleted some thousands at a time', async () => {
  const { db } = database;
  await db.query(
    `insert into rate_limits (key, points, expire)
     select 'tenant ' || n, 1, case when n > 12000 then $1::bigint else 1 end from generate_series(1, 12001) n`,
    [Date.now() + 60_000],
  );
  const deleted: number[] = [];

  await prunePoints({
    ...db,
    async query<R extends object>(...asked: Parameters<typeof db.query>) {
      const rows = await db.query<R>(...asked);
      deleted.push(rows.length);
      return rows;
    },
  });

  expect(deleted).toEqual([5_000, 5_000, 2_000]);
  expect(await db.query('select key from rate_limits')).toEqual([{ key: 'tenant 12001' }]);
});
