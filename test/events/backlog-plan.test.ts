/** After an outage hundreds of thousands of events may wait behind millions that were applied. */
import { afterAll, beforeAll, beforeEach, expect, it } from '@jest/globals';
import type { Queryable } from '../../src/core/ports.ts';
import { oldestWaiting, readWaiting } from '../../src/events/inbox/waiting-store.ts';
import { createTestDatabase, type TestDatabase } from '../support/test-database.ts';

const APPLIED = 20_000;
const WAITING = 6_000;

interface Plan {
  readonly 'Relation Name'?: string;
  readonly 'Actual Rows': number;
  readonly 'Actual Loops': number;
  readonly 'Rows Removed by Filter'?: number;
  readonly Plans?: readonly Plan[];
}

let database: TestDatabase;
let read = 0;

const INSERT = `insert into events (id, event, organization_id, data, created_at, source, position)`;

beforeAll(async () => {
  database = await createTestDatabase();
  await database.superuser('alter table events set (autovacuum_enabled = off)');
  await database.superuser(`${INSERT} select 'event_a' || n, 'user.updated', 'org_' || n % 500, '{}',
      now() - interval '9 days' + n * interval '1 second', 'feed', n from generate_series(1, ${APPLIED}) n`);
  await database.superuser('vacuum analyze events');
  await database.superuser(`${INSERT} select 'event_w' || n, 'user.updated', 'org_' || n % 500, '{}',
      now() - interval '1 hour' + n * interval '10 ms', 'feed', null from generate_series(1, ${WAITING}) n`);
});
beforeEach(() => {
  read = 0;
});
afterAll(() => database.stop());

const rowsOfEvents = (plan: Plan): number =>
  (plan['Relation Name'] === 'events'
    ? (plan['Actual Rows'] + (plan['Rows Removed by Filter'] ?? 0)) * plan['Actual Loops']
    : 0) + (plan.Plans ?? []).reduce((sum, part) => sum + rowsOfEvents(part), 0);

/** Explains each statement, and counts the rows of `events` that it reads. */
const counting = (tx: Queryable): Queryable => ({
  async query<R extends object>(...[statement, values]: Parameters<Queryable['query']>) {
    const text = typeof statement === 'string' ? statement : statement.text;
    if (text.startsWith('select')) {
      const explain = `explain (analyze, format json) ${text}`;
      const rows = await tx.query<{ 'QUERY PLAN': { Plan: Plan }[] }>(explain, values);
      for (const row of rows)
        for (const { Plan: plan } of row['QUERY PLAN']) read += rowsOfEvents(plan);
    }
    return tx.query<R>(statement, values);
  },
});

it.each([
  ['while the statistics are of a time when none waited', () => Promise.resolve()],
  ['once they are of now', () => database.superuser('analyze events')],
])('a batch reads only its own events, %s', async (_when, arrange) => {
  await arrange();

  const batch = await database.db.transaction((tx) => readWaiting(counting(tx), ['org_1'], 100));

  expect(batch.map(({ id }) => id).slice(0, 2)).toEqual(['event_w2', 'event_w3']);
  expect(batch).toHaveLength(100);
  expect(read).toBeLessThan(500);
});

it('the oldest one is found as fast, and sorts are allowed again afterwards', async () => {
  const [oldest, sorts] = await database.db.transaction(async (tx) => [
    await oldestWaiting(counting(tx), ['org_1']),
    await tx.query('show enable_sort'),
  ]);

  expect(oldest?.id).toBe('event_w2');
  expect(read).toBeLessThan(10);
  expect(sorts).toEqual([{ enable_sort: 'on' }]);
});
