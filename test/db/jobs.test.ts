/** The queue of jobs, among thousands of jobs of one group. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Queryable } from '../../src/core/ports.ts';
import type { Database } from '../../src/db/database.ts';
import { REMOVE, START_DUE, TAKE_DUE } from '../../src/db/job-statements.ts';
import { openJobs, type Jobs } from '../../src/db/jobs.ts';
import { createTestDatabase, type TestDatabase } from '../support/test-database.ts';
import { waitFor } from '../support/wait-for.ts';

interface Data {
  readonly n: number;
  readonly aside?: true;
}
interface Sent {
  readonly text: string;
  readonly values: readonly unknown[];
}
interface Plan {
  readonly 'Actual Rows': number;
  readonly 'Actual Loops': number;
  readonly 'Rows Removed by Filter'?: number;
  readonly Plans?: readonly Plan[];
}

let database: TestDatabase;
let recording: Database;
let jobs: Jobs<Data>;
let sent: Sent[] = [];

beforeAll(async () => {
  database = await createTestDatabase();
  const { db } = database;
  recording = {
    ...db,
    query(statement, values = []) {
      sent.push({ text: typeof statement === 'string' ? statement : statement.text, values });
      return db.query(statement, values);
    },
  };
  jobs = openJobs<Data>({ db: recording, queue: 'deliveries' });
});
afterAll(async () => {
  await jobs.stop();
  await database.stop();
});

/** One group whose jobs wait for a retry, and one whose jobs are due, but whose places are all taken. */
beforeEach(async () => {
  await database.superuser('delete from pgboss.job');
  await database.superuser(`insert into pgboss.job (name, data, singleton_key, group_id, start_after, state, started_on)
    select 'deliveries', '{}', 'key-' || n, case when n % 2 = 0 then 'failing' else 'hanging' end,
      now() + case when n % 2 = 0 then interval '1 hour' else interval '-1 hour' end,
      case when n in (1, 3) then 'active' else 'created' end::pgboss.job_state, now()
    from generate_series(1, 4000) n`);
  await database.superuser('analyze pgboss.job');
  sent = [];
});

const add = (...added: Parameters<Jobs<Data>['add']>[1]) =>
  database.db.transaction((tx) => jobs.add(tx, added));

const isLockAwaited = async () => {
  const waiting = await database.superuser(
    `select 1 from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()`,
  );
  return waiting.length > 0;
};

/** The rows that the statements read which were sent so far, when they run again. */
async function rowsRead(): Promise<number> {
  const read = (plan: Plan): number =>
    (plan['Actual Rows'] + (plan['Rows Removed by Filter'] ?? 0)) * plan['Actual Loops'] +
    (plan.Plans ?? []).reduce((sum, part) => sum + read(part), 0);
  let total = 0;
  for (const { text: called, values } of sent) {
    // The plan of a call does not show those of the function.
    const text = called === TAKE_DUE.text ? START_DUE : called;
    const rows = await database.db.query<{ 'QUERY PLAN': { Plan: Plan }[] }>(
      `explain (analyze, format json) ${text}`,
      values,
    );
    total += rows.flatMap((row) => row['QUERY PLAN']).reduce((sum, one) => sum + read(one.Plan), 0);
  }
  return total;
}

it('finds the due job of another group without reading the waiting ones', async () => {
  await add({ data: { n: 1 }, group: 'healthy', key: 'healthy 1' });

  const due = await jobs.fetch(64, 2, []);

  expect(due).toMatchObject([{ data: { n: 1 }, group: 'healthy' }]);
  expect(await rowsRead()).toBeLessThan(100);
});

it('gives a group no more jobs than it has free places', async () => {
  expect(await jobs.fetch(64, 8, [])).toHaveLength(6);
  expect(await jobs.fetch(64, 8, [])).toHaveLength(0);
  expect(await jobs.fetch(64, 9, ['hanging'])).toHaveLength(0);
});

it('gives a group no more jobs than it has free places when two workers take at the same time', async () => {
  let other: Promise<unknown[]> | undefined;
  const first = await database.db.transaction(async (tx) => {
    const taken = await openJobs<Data>({
      db: { ...database.db, ...tx },
      queue: 'deliveries',
    }).fetch(64, 8, []);
    other = jobs.fetch(64, 8, []);
    await Promise.race([other, waitFor(isLockAwaited)]);
    return taken;
  });

  expect([first, await other]).toMatchObject([{ length: 6 }, { length: 0 }]);
});

it('makes one job due without reading the others', async () => {
  const isThere = await jobs.runNow(recording, 'key-2');

  expect(isThere).toBe(true);
  expect(await jobs.fetch(64, 2, [])).toMatchObject([{ group: 'failing' }]);
  expect(await rowsRead()).toBeLessThan(100);
});

it('makes those that were set aside due without reading the others', async () => {
  await add({ data: { n: 1, aside: true }, group: 'failing', key: 'aside', afterSeconds: 600 });

  await jobs.runAsideNow();

  expect(await jobs.fetch(64, 2, [])).toMatchObject([{ data: { n: 1 } }]);
  expect(await rowsRead()).toBeLessThan(100);
});

it('hands a job out again whose process has not finished it in time', async () => {
  await database.superuser(
    `update pgboss.job set started_on = now() - interval '1 hour' where state = 'active'`,
  );
  const later = openJobs<Data>({ db: database.db, queue: 'deliveries' });

  expect(await later.fetch(64, 2, [])).toHaveLength(2);
});

it('tells how long the oldest due job waits', async () => {
  const { waiting, oldestDue } = await jobs.backlog();

  expect(waiting).toBe(4000);
  expect(oldestDue).toBeGreaterThan(3_590);
});

/** How many rows of jobs `work` reads on a session that has done the same often while there was no job. */
async function rowsReadLater(
  work: (tx: Queryable, ids: readonly string[]) => Promise<unknown>,
): Promise<number> {
  await database.superuser('truncate pgboss.job');
  await database.superuser('vacuum analyze pgboss.job_common');
  return database.db.transaction(async (tx) => {
    const readRows = async () => {
      const [row] = await tx.query<{ rows: number }>(
        `select (coalesce(seq_tup_read, 0) + coalesce(idx_tup_fetch, 0))::int as rows
         from pg_stat_xact_user_tables where relname = 'job_common'`,
      );
      return row?.rows ?? 0;
    };
    const none = Array.from({ length: 16 }, () => randomUUID());
    // From the sixth on Postgres keeps the plan of a statement that has a name.
    for (let n = 0; n < 8; n += 1) await work(tx, none);
    const added = await tx.query<{ id: string }>(
      `insert into pgboss.job (name, data, group_id, start_after, state)
       select 'deliveries', '{}', 'group-' || n % 100, now() - interval '1 hour', 'created'
       from generate_series(1, 10000) n returning id`,
    );
    const before = await readRows();
    const ids = added.slice(0, none.length).map(({ id }) => id);
    expect(await work(tx, ids)).toHaveLength(16);
    return (await readRows()) - before;
  });
}

describe('a session that began while there was no job, when there are many', () => {
  it.each<readonly [string, (tx: Queryable, ids: readonly string[]) => Promise<unknown>]>([
    ['that are due, of each group', (tx) => tx.query(TAKE_DUE, ['deliveries', 16, 1, []])],
    ['to remove some', (tx, ids) => tx.query(REMOVE, ['deliveries', ids])],
  ])('reads few jobs %s', async (_which, work) => {
    const read = await rowsReadLater(work);

    expect(read).toBeGreaterThan(0);
    expect(read).toBeLessThan(1_000);
  });
});
