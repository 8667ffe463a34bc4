/** Commands of this release on a database that a later release has migrated, as during its rollout and after a rollback. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { maintainCommand } from '../../src/cli/maintain.ts';
import { migrate } from '../../src/db/migrate.ts';
import { OWNER, RUNTIME } from '../../src/dev/roles.ts';
import { Secret } from '../../src/core/secret.ts';
import { runHere } from '../support/command-here.ts';
import { withLater } from '../support/later-migrations.ts';
import { createTestDatabase, type TestDatabase } from '../support/test-database.ts';

const LATER = { '9998_later': 'ALTER TABLE "tenants" ADD COLUMN "later" text;' };

/** Functions as a later release may have them; one has another result than today's. */
const LATER_FUNCTIONS = `
  create or replace function public.prune_batch(what text, at_least integer) returns integer
    language sql as $$ select 0 $$;
  drop function pgboss.take_due_jobs;
  create function pgboss.take_due_jobs(text, integer, integer, text[]) returns bigint
    language sql as $$ select 0::bigint $$`;

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
  await migrate(new Secret(database.ownerUrl), RUNTIME, { folder: withLater(LATER) });
  await database.superuser(`set role ${OWNER}; ${LATER_FUNCTIONS}; reset role`);
});
afterAll(() => database.stop());

const functions = () =>
  database.superuser(
    `select proname, prosrc from pg_proc where pronamespace in ('public'::regnamespace, 'pgboss'::regnamespace)
     order by proname`,
  );
const settings = () => ({
  DATABASE_URL: database.url,
  DATABASE_MIGRATION_URL: database.ownerUrl,
});

describe('on a database that a later release has migrated', () => {
  it('gatehouse maintain keeps that release’s functions, and says so', async () => {
    const before = await functions();

    const { code, err } = await runHere(
      (terminal) => maintainCommand([], { ...terminal, shown: true }),
      settings(),
    );

    expect(await functions()).toEqual(before);
    expect(err).toMatch(/A later release has migrated the database/);
    expect(err).toContain(
      'Data older than 90 days is deleted, unless the later release keeps it for longer.',
    );
    expect(code).toBe(0);
  });

  it('gatehouse migrate keeps them too', async () => {
    const before = await functions();

    await migrate(new Secret(database.ownerUrl), RUNTIME);

    expect(await functions()).toEqual(before);
  });
});
