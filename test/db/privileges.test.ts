/** What the role of the service may do: found out beside the requests, so that a missing privilege is named. */
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { GRANTS, lackingPrivileges } from '../../src/db/grants.ts';
import { RUNTIME } from '../../src/dev/roles.ts';
import { createTestDatabase, type TestDatabase } from '../support/test-database.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.stop());

/** Every privilege that the service needs, as the object of `grant … to` and what is said if it lacks. */
const NEEDED = [
  ...Object.entries(GRANTS).flatMap(([table, privileges]) =>
    privileges
      .split(', ')
      .map((privilege) => [`${privilege} on ${table}`, `${table} (${privilege})`]),
  ),
  ['delete on pgboss.job', 'pgboss.job (delete)'],
  ['select on drizzle.__drizzle_migrations', 'drizzle.__drizzle_migrations (select)'],
  ['usage on schema pgboss', 'schema pgboss (usage)'],
  ['execute on function prune_batch', 'function prune_batch (execute)'],
  ['execute on function keep_partitions', 'function keep_partitions (execute)'],
  ['execute on function partition_state', 'function partition_state (execute)'],
] as const;

it('each privilege of the service is named while it lacks, and no other', async () => {
  const named: string[][] = [];
  for (const [privilege] of NEEDED) {
    await database.superuser(`revoke ${privilege} from ${RUNTIME}`);
    named.push(await lackingPrivileges(database.db));
    await database.superuser(`grant ${privilege} to ${RUNTIME}`);
  }

  expect(named).toEqual(NEEDED.map(([, lacking]) => [lacking]));
  expect(await lackingPrivileges(database.db)).toEqual([]);
});
