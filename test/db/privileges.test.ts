/** What the role of the service may do: found out beside the requests, so that a missing privilege is named. */
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { GRANTS, lackingPrivileges } from '../../src/db/grants.ts';
import { openJobs } from '../../src/db/jobs.ts';
import { migrate } from '../../src/db/migrate.ts';
import { Secret } from '../../src/core/secret.ts';
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

it('gatehouse migrate grants the functions of the job queue where new functions are not for everybody', async () => {
  await database.superuser('revoke execute on all functions in schema pgboss from public');
  const before = await lackingPrivileges(database.db);

  await migrate(new Secret(database.ownerUrl), RUNTIME);

  const jobs = openJobs({ db: database.db, queue: 'deliveries' });
  try {
    await database.db.transaction((tx) => jobs.add(tx, [{ data: {}, group: 'a', key: 'b' }]));
    expect(await jobs.fetch(1, 1, [])).toMatchObject([{ group: 'a' }]);
  } finally {
    await jobs.stop();
  }
  expect(before).toEqual([
    'function pgboss.job_now (execute)',
    'function pgboss.take_due_jobs (execute)',
  ]);
  expect(await lackingPrivileges(database.db)).toEqual([]);
});
