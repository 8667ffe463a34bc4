import type { TestApp } from './test-app.ts';

const TABLES = ['tenants', 'it_admins', 'portal_launches', 'idempotency_keys', 'audit_trail'];

/** Reads everything that a call may change, in the database and at WorkOS. A refused call leaves it equal. */
export async function stateOf({ database, workos }: TestApp): Promise<unknown> {
  const rows = await Promise.all(
    TABLES.map((table) => database.superuser(`select * from ${table} order by 1, 2`)),
  );
  return {
    ...Object.fromEntries(TABLES.map((table, at) => [table, rows[at]])),
    requestsToWorkos: workos.requests.length,
    organizations: [...workos.organizations.values()],
  };
}
