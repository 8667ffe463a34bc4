/** The numbers of tenants by status, as the leading worker shows them in its metrics. */
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { countTenants } from '../../src/tenants/registry/count-store.ts';
import { createTestDatabase, type TestDatabase } from '../support/test-database.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
  await database.superuser(`insert into tenants (id, organization_id, status, name, domains, metadata)
    select 't-' || n, 'org_' || n, case when n % 10 = 0 then 'suspended' else 'active' end, 'T', '[]', '{}'
    from generate_series(1, 200) n`);
});
afterAll(() => database.stop());

it('counts tenants by status, with 0 for a status that none has', async () => {
  expect(Object.fromEntries(await countTenants(database.db))).toEqual({
    ...{ provisioning: 0, active: 180, suspended: 20, orphaned: 0 },
    ...{ conflict: 0, deleting: 0, deleted: 0 },
  });
});

it('estimates the number of a status that has more than it counts, from the statistics of Postgres', async () => {
  await database.superuser('analyze tenants');

  const counts = await countTenants(database.db, 50);

  expect([counts.get('active'), counts.get('suspended')]).toEqual([180, 20]);
});

it('says the number up to which it counts while Postgres has no statistics', async () => {
  await database.superuser(`delete from pg_statistic where starelid = 'tenants'::regclass`);

  expect((await countTenants(database.db, 50)).get('active')).toBe(50);
});
