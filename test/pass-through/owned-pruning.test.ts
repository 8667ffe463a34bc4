/** With a million owners, a statement of the hourly pruning took up to the two seconds after which Postgres ends it. */
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { createOwnedStore } from '../../src/pass-through/forwarding/store.ts';
import { createTestDatabase, type TestDatabase } from '../support/test-database.ts';

const OWNERS = 20_000;
const DELETED_TENANTS = 10_000;

interface Plan {
  readonly 'Relation Name'?: string;
  readonly 'Actual Rows': number;
  readonly 'Actual Loops': number;
  readonly 'Rows Removed by Filter'?: number;
  readonly Plans?: readonly Plan[];
}

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
  await database.superuser(`insert into clients (id, name, scopes, tenants, redirect_uris, return_origins)
    select 'c-' || n, 'C', '{}', '{*}', '{}', '{}' from generate_series(0, 49) n`);
  await database.superuser(`insert into tenants (id, organization_id, status, name, domains, metadata)
    select 't-' || n, 'org_' || n, 'deleted', 'T', '[]', '{}' from generate_series(1, ${DELETED_TENANTS}) n`);
  await database.superuser(`insert into owned_objects (kind, id, client_id, tenant_id, client_generation)
    select 'user', 'user_' || n, c.id, case when n = 7 then 't-7' else 't-x' end, c.generation
    from generate_series(1, ${OWNERS}) n join clients c on c.id = 'c-' || n % 50`);
  await database.superuser('analyze');
});
afterAll(() => database.stop());

const rowsRead = (plan: Plan, table: string): number =>
  (plan['Relation Name'] === table
    ? (plan['Actual Rows'] + (plan['Rows Removed by Filter'] ?? 0)) * plan['Actual Loops']
    : 0) + (plan.Plans ?? []).reduce((sum, part) => sum + rowsRead(part, table), 0);

it('each statement looks at some thousand owners, and at their clients and tenants only', async () => {
  const { db } = database;
  const plans: Plan[] = [];
  const explained = {
    ...db,
    async query<R extends object>(...[statement, values]: Parameters<typeof db.query>) {
      const text = typeof statement === 'string' ? statement : statement.text;
      if (!text.includes('delete')) return db.query<R>(statement, values);
      const explain = `explain (analyze, format json) ${text}`;
      const [row] = await db.query<{ 'QUERY PLAN': { Plan: Plan }[] }>(explain, values);
      plans.push(...(row?.['QUERY PLAN'].map(({ Plan: plan }) => plan) ?? []));
      return [];
    },
  };

  await createOwnedStore(explained).prune();

  const most = (table: string) => Math.max(...plans.map((plan) => rowsRead(plan, table)));
  expect(plans.length).toBeGreaterThan(1);
  expect(most('owned_objects')).toBeLessThan(8_000);
  expect(most('clients')).toBeLessThan(8_000);
  expect(most('tenants')).toBeLessThan(8_000);
  expect(await database.superuser(`select id from owned_objects where tenant_id = 't-7'`)).toEqual(
    [],
  );
});
