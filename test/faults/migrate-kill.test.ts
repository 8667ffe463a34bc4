/** `gatehouse migrate` killed while it builds an index that waits for an old transaction. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { createDatabase, dropDatabase, type Roles } from '../../src/dev/roles.ts';
import { startGatehouseProcess } from '../support/gatehouse-process.ts';
import { waitFor } from '../support/wait-for.ts';

const NAME = 'test_migrate_kill';
const cluster = process.env.TEST_SUPERUSER_URL ?? '';
let roles: Roles;
let owner: pg.Client;
beforeAll(async () => {
  await dropDatabase(cluster, NAME);
  roles = await createDatabase(cluster, NAME);
  owner = new pg.Client({ connectionString: roles.ownerUrl });
  await owner.connect();
});
afterAll(async () => {
  await owner.end();
  await dropDatabase(cluster, NAME);
});

const migrate = () =>
  startGatehouseProcess(['migrate'], {
    NODE_ENV: 'test',
    DATABASE_URL: roles.runtimeUrl,
    DATABASE_MIGRATION_URL: roles.ownerUrl,
  });
const sessions = async () =>
  (
    await owner.query<{ query: string }>(
      `select query from pg_stat_activity where datname = $1 and application_name = 'gatehouse migrate'`,
      [NAME],
    )
  ).rows.map(({ query }) => query);
const isBuilding = async () =>
  (await sessions()).some((query) => query.startsWith('create index concurrently'));

describe.each(['SIGKILL', 'SIGTERM', 'SIGINT'] as const)('a migrate that ended by %s', (signal) => {
  it('holds the lock no longer than a few seconds, and the next one goes on', async () => {
    const old = new pg.Client({ connectionString: roles.ownerUrl });
    await old.connect();
    await old.query('begin isolation level repeatable read');
    await old.query('select from pg_class');
    const first = migrate();
    await waitFor(isBuilding, { withinMs: 30_000, what: 'the index to wait' });

    first.child.kill(signal);
    await first.ended;
    await waitFor(async () => (await sessions()).length === 0, {
      withinMs: 10_000,
      what: 'the session of the ended process to end',
    });
    const second = migrate();
    await waitFor(isBuilding, { withinMs: 30_000, what: 'the next one to build the index' });
    await old.query('rollback');
    await old.end();

    expect(await second.ended).toBe(0);
    const { rows } = await owner.query(
      'select indexrelid::regclass::text from pg_index where not indisvalid',
    );
    expect(rows).toEqual([]);
    await owner.query('drop index concurrently pgboss.job_waiting_by_group');
  });
});
