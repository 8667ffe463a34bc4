import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mayUseTenant, type Client } from '../../src/core/identity.ts';
import { coveredTenants, covers } from '../../src/db/tenant-rules.ts';
import { createTestDatabase, type TestDatabase } from '../support/test-database.ts';

const TENANTS = ['acme', 'acme-eu', 'acme-', 'acme*', 'Acme', 'beta', 'a', '*', '%', 'acme_eu'];
const RULES = [
  [],
  ['*'],
  ['acme'],
  ['acme-*'],
  ['acme*'],
  ['acme**'],
  ['acme', 'beta'],
  ['beta', '*'],
  ['nobody', 'acme-*'],
  ['%'],
  ['acme_*'],
  ['ACME'],
  [''],
];

let database: TestDatabase;

beforeAll(async () => {
  database = await createTestDatabase();
  for (const id of TENANTS)
    await database.db.query(
      `insert into tenants (id, status, name, domains, metadata) values ($1, 'active', 'T', '[]', '{}')`,
      [id],
    );
});
afterAll(() => database.stop());

const clientWith = (tenants: readonly string[]) => ({ tenants }) as Client;

describe('the tenants that a client’s rules cover', () => {
  it.each(RULES.map((rules) => ({ rules })))(
    'are the same in TypeScript and in SQL for $rules',
    async ({ rules }) => {
      const expected = TENANTS.filter((id) => mayUseTenant(clientWith(rules), id)).sort();
      const rows = await database.db.query<{ id: string }>(
        `select id from tenants where ${covers('$1::text[]', 'id')}`,
        [rules],
      );
      expect(rows.map(({ id }) => id).sort()).toEqual(expected);
      const listed = await database.db.query<{ id: string }>(
        `select id from (${coveredTenants('$1::text[]')}) covered where id = any($2)`,
        [rules, TENANTS],
      );
      expect(listed.map(({ id }) => id).sort()).toEqual(expected);
    },
  );

  it.each([
    { rules: ['*'], isCovered: true },
    { rules: ['acme', 'a*'], isCovered: false },
  ])('include “no tenant” only with `*`: $rules', async ({ rules, isCovered }) => {
    const [row] = await database.db.query<{ covered: boolean | null }>(
      `select ${covers('$1::text[]', 'null::text')} as covered`,
      [rules],
    );
    expect(row?.covered ?? false).toBe(isCovered);
  });
});
