/** An endpoint that fails for a day leaves a long backlog, of which Postgres has no statistics yet. */
import { beforeAll, beforeEach, expect, it } from '@jest/globals';
import type { Queryable } from '../../src/core/ports.ts';
import type { Database } from '../../src/db/database.ts';
import { createMessageStore } from '../../src/webhooks/messages-store.ts';
import { endpoint, gatehouse, jobs, useDeliveries } from './deliveries-setup.ts';

const DELIVERED = 20_000;
const WAITING = 5_000;
const AT_ONCE = 20;

interface Plan {
  readonly 'Relation Name'?: string;
  readonly 'Actual Rows': number;
  readonly 'Actual Loops': number;
  readonly 'Rows Removed by Filter'?: number;
  readonly Plans?: readonly Plan[];
}

let read = 0;

useDeliveries();
beforeAll(() =>
  gatehouse.database.superuser('alter table webhook_messages set (autovacuum_enabled = off)'),
);
beforeEach(() => {
  read = 0;
});

const rowsOfMessages = (plan: Plan): number =>
  (plan['Relation Name'] === 'webhook_messages'
    ? (plan['Actual Rows'] + (plan['Rows Removed by Filter'] ?? 0)) * plan['Actual Loops']
    : 0) + (plan.Plans ?? []).reduce((sum, part) => sum + rowsOfMessages(part), 0);

/** Explains each statement without its effect, and counts the messages that it reads. */
const counting = (tx: Queryable): Queryable => ({
  async query<R extends object>(...[statement, values]: Parameters<Queryable['query']>) {
    const text = typeof statement === 'string' ? statement : statement.text;
    await tx.query('savepoint before');
    const explain = `explain (analyze, format json) ${text}`;
    const rows = await tx.query<{ 'QUERY PLAN': { Plan: Plan }[] }>(explain, values);
    await tx.query('rollback to before');
    for (const row of rows)
      for (const { Plan: plan } of row['QUERY PLAN']) read += rowsOfMessages(plan);
    return tx.query<R>(statement, values);
  },
});

const countingDatabase = (db: Database): Database => ({
  ...db,
  query: (...asked) => db.transaction((tx) => counting(tx).query(...asked)),
  transaction: (work) => db.transaction((tx) => work(counting(tx))),
});

it.each([
  ['while the statistics are of a time when none waited', () => Promise.resolve([])],
  ['once they are of now', () => gatehouse.database.superuser('analyze webhook_messages')],
])('a delivery is read and recorded without the others that wait, %s', async (_when, arrange) => {
  const { superuser, db } = gatehouse.database;
  const { id } = await endpoint();
  const insert = `insert into webhook_messages (endpoint_id, event_id, state) select '${id}', 'event_' || n`;
  await superuser(`${insert}, 'delivered' from generate_series(1, ${DELIVERED}) n`);
  await superuser('vacuum analyze webhook_messages');
  await superuser(
    `${insert}, 'pending' from generate_series(${DELIVERED + 1}, ${DELIVERED + WAITING}) n`,
  );
  await superuser(`insert into events (id, event, data, created_at, source, position, tenant_id)
    select 'event_' || n, 'connection.activated', '{}', now(), 'feed', n, 'acme'
    from generate_series(${DELIVERED + 1}, ${DELIVERED + AT_ONCE}) n on conflict do nothing`);
  await arrange();
  const { find, record } = createMessageStore(countingDatabase(db), jobs);
  const due = Array.from({ length: AT_ONCE }, (_, n) => ({
    id: crypto.randomUUID(),
    group: id,
    data: { endpointId: id, eventId: `event_${DELIVERED + 1 + n}`, attempt: 0 },
  }));

  await superuser(
    `insert into pgboss.job (id, name, data, group_id, state)
     select id, 'deliveries', '{}', $2, 'active' from unnest($1::uuid[]) id`,
    [due.map((job) => job.id), id],
  );

  const found = await Promise.all(due.map(({ data }) => find(data)));
  const attempt = { status: 200, durationMs: 1, endpointUpdatedAt: '2030-01-01' };
  const [failing, ...others] = due;
  if (!failing) throw new Error('Nothing is due.');
  await record(failing, { ...attempt, outcome: 'refused' }, { state: 'failed' });
  await Promise.all(
    others.map((job) => record(job, { ...attempt, outcome: 'delivered' }, { state: 'delivered' })),
  );

  expect(found.filter((message) => message !== undefined)).toHaveLength(AT_ONCE);
  expect(read).toBeLessThan(10 * AT_ONCE);
  const waiting = await superuser(`select from webhook_messages where state = 'pending'`);
  expect(waiting).toHaveLength(WAITING - AT_ONCE);
});
