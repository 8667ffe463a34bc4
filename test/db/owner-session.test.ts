/** The tables belong into the schema public, whatever an administrator has set for the owner. */
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { Secret } from '../../src/core/secret.ts';
import { migrate } from '../../src/db/migrate.ts';
import { OWNER, RUNTIME } from '../../src/dev/roles.ts';
import { withLater } from '../support/later-migrations.ts';
import { createTestDatabase, type TestDatabase } from '../support/test-database.ts';

let database: TestDatabase;
beforeEach(async () => {
  database = await createTestDatabase();
});
afterEach(() => database.stop());

const LATER = { '9998_later': 'CREATE TABLE "later_table" ("id" text PRIMARY KEY);' };
const inDatabase = () => `in database ${new URL(database.url).pathname.slice(1)}`;

it.each([
  ['a schema of the owner’s name', () => `create schema authorization ${OWNER}`],
  [
    'a search_path of its own',
    () =>
      `create schema elsewhere authorization ${OWNER};
       alter role ${OWNER} ${inDatabase()} set search_path = elsewhere, public`,
  ],
])('migrate creates a table in public although there is %s', async (_what, statement) => {
  await database.superuser(statement());

  await migrate(new Secret(database.ownerUrl), RUNTIME, { folder: withLater(LATER) });

  expect(
    await database.superuser(
      `select n.nspname as schema from pg_class c join pg_namespace n on n.oid = c.relnamespace
       where c.relname = 'later_table'`,
    ),
  ).toEqual([{ schema: 'public' }]);
});
