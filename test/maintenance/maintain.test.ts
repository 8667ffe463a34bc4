import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { maintainCommand } from '../../src/cli/maintain.ts';
import type { Terminal } from '../../src/cli/output.ts';
import { withSession } from '../../src/db/owner-session.ts';
import { keepPartitions, partitionState, prune } from '../../src/maintenance/retention.ts';
import { startMaintenance } from '../../src/process/maintenance.ts';
import { createMetrics } from '../../src/process/metrics/metrics.ts';
import { Secret } from '../../src/core/secret.ts';
import { createTestDatabase, type TestDatabase } from '../support/test-database.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.stop());

const RETENTION = 90;
const partitionsOf = async (table: string): Promise<string[]> =>
  (
    await database.superuser<{ name: string }>(
      `select relname as name from pg_inherits join pg_class c on c.oid = inhrelid
       where inhparent = $1::regclass order by 1`,
      [table],
    )
  ).map(({ name }) => name);
const addAudit = (age: string, operation = 'test') =>
  database.superuser(
    `insert into audit_trail (at, operation, outcome, request_id, details)
     values (now() - $1::interval, $2, 'succeeded', 'r', '{}')`,
    [age, operation],
  );
const operations = async (): Promise<string[]> =>
  (
    await database.superuser<{ operation: string }>('select operation from audit_trail order by at')
  ).map(({ operation }) => operation);
const codeOf = (statement: string) =>
  database.db.query(statement).then(
    () => 'done',
    (error: unknown) => (error as { code: string }).code,
  );

async function maintain(err: Terminal['err'] = () => undefined): Promise<Record<string, unknown>> {
  const lines: string[] = [];
  // Somebody types it, and sends its output to a file.
  const terminal: Terminal = {
    shown: false,
    attended: true,
    out: (text) => void lines.push(text),
    err,
    ask: () => Promise.resolve(''),
  };
  const before = { ...process.env };
  Object.assign(process.env, {
    DATABASE_URL: database.url,
    DATABASE_MIGRATION_URL: database.ownerUrl,
  });
  try {
    expect(await maintainCommand(['--json'], terminal)).toBe(0);
  } finally {
    process.env = before;
  }
  return JSON.parse(lines.join('')) as Record<string, unknown>;
}

describe('the service’s own maintenance, with the rights of the service', () => {
  it('writes no progress into a file', async () => {
    await database.superuser(`insert into events (id, event, data, created_at, received_at, source, position)
      values ('event_old', 'a.b', '{}', now(), now() - interval '91 days', 'feed', 1)`);
    const messages: string[] = [];

    await maintain((text) => void messages.push(text));

    expect(messages.join('')).toBe('');
  });

  it('deletes what is older than the retention, and nothing else', async () => {
    await addAudit('91 days', 'old');
    await addAudit('89 days', 'young');
    await database.superuser(`insert into events (id, event, data, created_at, received_at, source, position)
      select 'event_' || n, 'a.b', '{}', now(), now() - n * interval '1 day', 'feed', n from unnest(array[89, 91]) n`);

    await prune(database.db, { days: RETENTION });

    expect(await operations()).toEqual(['young']);
    expect(await database.superuser('select id from events')).toEqual([{ id: 'event_89' }]);
  });

  it('cannot delete what the owner’s retention keeps', async () => {
    await addAudit('2 days', 'recent');

    await prune(database.db, { days: 0 });
    await keepPartitions(database.db, -1_000);

    expect(await operations()).toContain('recent');
  });

  it.each([
    `select prune_batch('clients', 0)`,
    `select prune_batch('audit_trail where true; drop table tenants; --', 0)`,
  ])('refuses another table: %s', async (statement) => {
    expect(await codeOf(statement)).toBe('20000');
  });

  it('drops partitions past the retention, and makes those of the coming weeks', async () => {
    await dropPartitions();
    await database.superuser(`create table audit_trail_20200106 partition of audit_trail
      for values from ('2020-01-06') to ('2020-01-13')`);
    await database.superuser(`insert into audit_trail (at, operation, outcome, request_id, details)
      values ('2020-01-07', 'ancient', 'succeeded', 'r', '{}')`);

    const done = await keepPartitions(database.db, RETENTION);

    expect(done[0]).toBe('dropped audit_trail_20200106');
    const [audit] = await partitionState(database.db);
    expect(audit).toMatchObject({ name: 'audit_trail', isDefaultUsed: false });
    expect((audit?.ends?.getTime() ?? 0) - Date.now()).toBeGreaterThan(6 * 7 * DAY_MS);
    expect(await operations()).not.toContain('ancient');
  });
});

const DAY_MS = 86_400_000;

/** As if no partition had been made for months. */
async function dropPartitions(): Promise<void> {
  for (const name of await partitionsOf('audit_trail'))
    if (!name.endsWith('_default')) await database.superuser(`drop table ${name}`);
}

describe('rows that had no partition', () => {
  it('are in the default partition, which the service reports and the owner gives bounds', async () => {
    await dropPartitions();
    await addAudit('3 days', 'first');
    await addAudit('1 second', 'second');
    expect(await keepPartitions(database.db, RETENTION)).toEqual([]);
    expect(await partitionState(database.db)).toContainEqual(
      expect.objectContaining({ name: 'audit_trail', isDefaultUsed: true, ends: null }),
    );

    const { partitions } = await maintain();

    expect(partitions).toContainEqual(expect.stringMatching(/^gave bounds to audit_trail_default/));
    expect((await partitionState(database.db)).map(({ isDefaultUsed }) => isDefaultUsed)).toEqual([
      false,
      false,
    ]);
    await addAudit('-8 days', 'third');
    expect(await operations()).toEqual(['first', 'second', 'third']);
  });

  it('get bounds again later, after the partitions that are there', async () => {
    for (const name of (await partitionsOf('audit_trail')).filter((one) => /l_\d{8}$/.test(one)))
      await database.superuser(`drop table ${name}`);
    await addAudit('-60 days', 'late');

    const { partitions } = await maintain();

    expect(partitions).toContainEqual(expect.stringMatching(/^gave bounds to audit_trail_default/));
    expect(await operations()).toContain('late');
  });

  it('are accepted again after a "maintain" that was killed between its steps', async () => {
    await database.superuser(
      `alter table audit_trail_default add constraint settling check (at < '2020-01-01')`,
    );
    await keepPartitions(database.db, RETENTION);

    await addAudit('-3000 days', 'far');

    expect(await operations()).toContain('far');
  });
});

describe('"gatehouse maintain" of the previous release', () => {
  it('deletes nothing by the ids of rows, which are not unique across partitions', async () => {
    const owner = new Secret(database.ownerUrl);
    const deleting = withSession(owner, { name: 'test', statementTimeoutMs: 0 }, (client) =>
      client.query('delete from audit_trail where ctid = any(array(select ctid from audit_trail))'),
    );

    await expect(deleting).rejects.toThrow(/"gatehouse maintain" of this release/);
  });
});

describe('the leading worker', () => {
  it.each([
    { leads: true, left: 0 },
    { leads: false, left: 1 },
  ])('deletes old rows by itself; leading: $leads', async ({ leads, left }) => {
    await database.superuser(`insert into sign_ins (client_id, profile_id, at)
      values ('c', 'p-${String(leads)}', now() - interval '100 days') on conflict do nothing`);
    const metrics = createMetrics();
    const reported = new Promise<readonly string[]>((resolve) => {
      const task = startMaintenance({
        db: database.db,
        logger: pino({ level: 'silent' }),
        metrics,
        retentionDays: RETENTION,
        isReady: () => true,
        isLeading: () => leads,
        signal: new AbortController().signal,
        onNotes(notes) {
          resolve(notes);
          task.stop().catch(() => undefined);
        },
      });
      task.wake();
    });

    // The row of the test before is in the default partition.
    expect(await reported).toEqual([
      expect.stringMatching(/^audit_trail: rows are in the default/),
    ]);
    expect(
      await database.superuser(`select from sign_ins where profile_id = 'p-${String(leads)}'`),
    ).toHaveLength(left);
    expect(await metrics.registry.metrics()).toMatch(
      /gatehouse_default_partition_used{table="audit_trail"} 1\n/,
    );
  });
});
