import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type pg from 'pg';
import { createAuditTrailStore } from '../../../src/audit-trail/store.ts';
import { mayUseEveryTenant, mayUseTenant, type Client } from '../../../src/core/identity.ts';
import { createFeedStore } from '../../../src/events/feed/store.ts';
import { createTenantStore } from '../../../src/tenants/registry/store.ts';
import { createTestDatabase, type TestDatabase } from '../../support/test-database.ts';

/** More than are read one by one. */
const MANY = 510;
const START = Date.parse('2026-03-01T00:00:00Z');
const at = (minute: number) => new Date(START + minute * 60_000).toISOString();

interface Row {
  readonly id: string;
  readonly tenant: string | null;
  readonly user?: string | null;
  readonly client?: string | null;
  readonly type?: string;
  readonly at: Date;
}

interface Tenant extends Row {
  readonly status: string;
  readonly name: string;
  readonly domain: string;
}

let database: TestDatabase;
let audit: readonly Row[];
let events: readonly Row[];
let tenants: readonly Tenant[];

/** Some of the `many-` tenants, others, and none; times that are not in the order of ids or positions. */
beforeAll(async () => {
  database = await createTestDatabase();
  const { superuser } = database;
  await superuser(`insert into tenants (id, organization_id, status, name, domains, metadata, created_at)
    select case when n <= ${MANY} then 'many-' || n else 'other-' || n end, 'org_' || n,
      case when n % 7 = 0 then 'deleted' when n % 5 = 0 then 'suspended' else 'active' end,
      case when n % 11 = 0 then '100%_Sure\\Company' else '100_%sure\\Company ' || n end,
      jsonb_build_array(jsonb_build_object('domain', 'D' || n % 40 || '.example')), '{}',
      '${at(0)}'::timestamptz + (n * 37 % 200) * interval '1 minute' from generate_series(1, ${MANY + 90}) n`);
  const tenant = `case n % 6 when 0 then null when 1 then 'other-' || (${MANY} + 1 + n % 3) else 'many-' || (1 + n * 13 % 40) end`;
  await superuser(`insert into audit_trail (at, operation, outcome, client_id, user_id, tenant_id, request_id, details)
    select '${at(0)}'::timestamptz + (n * 53 % 211) * interval '1 minute', 'op', 'succeeded',
      'c-' || n % 3, 'u-' || n % 4, ${tenant}, 'r', '{}' from generate_series(1, 240) n`);
  // Two or three events in each block of 10,000 positions, and some blocks without any.
  await superuser(`insert into events (id, event, tenant_id, data, created_at, source, position)
    select 'event_' || n, 'type.' || n % 5, ${tenant}, '{}',
      '${at(0)}'::timestamptz + (n + n * 53 % 31) * interval '1 minute', 'feed', n * 4001 + n / 60 * 50000
    from generate_series(1, 240) n`);
  const rows = async <R extends Row>(columns: string, from: string): Promise<R[]> =>
    superuser<R & pg.QueryResultRow>(`select ${columns} from ${from}`);
  audit = await rows(
    'id::text, tenant_id as tenant, user_id as "user", client_id as client, at',
    'audit_trail order by at, audit_trail.id',
  );
  events = await rows(
    'id, tenant_id as tenant, event as type, created_at as at',
    'events order by position',
  );
  tenants = await rows<Tenant>(
    `id, id as tenant, created_at as at, status, name, domains->0->>'domain' as domain`,
    `tenants where status <> 'deleted' order by created_at, id`,
  );
});
afterAll(() => database.stop());

const clientWith = (rules: readonly string[]) =>
  ({ id: 'reader', tenants: rules, generation: null }) as unknown as Client;
const RULES = [
  ['*'],
  ['many-14'],
  ['many-14', `other-${MANY + 2}`, 'nobody'],
  ['other-*', 'other-51*'],
  ['many-*', 'many-1*', `other-${MANY + 1}`],
  ['nobody*'],
].map((rules) => ({ rules, client: clientWith(rules) }));
const isVisible = (client: Client, { tenant }: Row): boolean =>
  tenant === null ? mayUseEveryTenant(client) : mayUseTenant(client, tenant);
const ORDERS = ['asc', 'desc'] as const;
const inOrder = (rows: readonly Row[], order: 'asc' | 'desc'): string[] =>
  (order === 'asc' ? rows : rows.toReversed()).map(({ id }) => id);
const LIMIT = 30;

interface Page {
  readonly data: readonly { readonly id: string }[];
  readonly next: string | null | undefined;
}

/** Reads all pages. */
async function walk(read: (after: string | undefined) => Promise<Page>): Promise<string[]> {
  const ids: string[] = [];
  for (let after: string | null | undefined; after !== null;) {
    const { data, next } = await read(after);
    ids.push(...data.map(({ id }) => id));
    after = next ?? null;
  }
  return ids;
}

describe.each(RULES)('a client with $rules', ({ client }) => {
  it.each([
    [{}, () => true],
    [{ tenant_id: 'many-14' }, ({ tenant }: Row) => tenant === 'many-14'],
    [{ user_id: 'u-1' }, ({ user }: Row) => user === 'u-1'],
    [{ client_id: 'c-2' }, ({ client: by }: Row) => by === 'c-2'],
    [
      { user_id: 'u-1', client_id: 'c-2' },
      ({ user, client: by }: Row) => user === 'u-1' && by === 'c-2',
    ],
    [
      { tenant_id: 'many-14', user_id: 'u-1' },
      ({ user, tenant }: Row) => user === 'u-1' && tenant === 'many-14',
    ],
    [
      { since: at(50), until: at(120) },
      (row: Row) => row.at.toISOString() >= at(50) && row.at.toISOString() < at(120),
    ],
    [{ user_id: 'nobody' }, () => false],
  ])(
    'gets every entry of the audit trail once with %j, however few rows a page looks at',
    async (filter, isMeant) => {
      const trail = createAuditTrailStore(database.db, { lookedAt: 17, budgetMs: 0 });
      const meant = audit.filter((row) => isVisible(client, row) && isMeant(row));

      for (const order of ORDERS) {
        const seen = await walk(async (after) => {
          const { data, list_metadata } = await trail.list(client, {
            ...filter,
            order,
            limit: LIMIT,
            after,
          });
          return { data, next: list_metadata.after };
        });
        expect(seen).toEqual(inOrder(meant, order));
      }
    },
  );

  it.each([
    [{}, () => true],
    [{ events: ['type.3'] }, ({ type }: Row) => type === 'type.3'],
    [
      { events: ['type.3', 'type.1', 'none.at_all'] },
      ({ type }: Row) => type === 'type.3' || type === 'type.1',
    ],
    [{ events: ['none.at_all'] }, () => false],
    [
      { range_end: at(120), events: ['type.3'] },
      (row: Row) => row.type === 'type.3' && row.at.toISOString() < at(120),
    ],
    [{ range_end: at(-1) }, () => false],
  ])('gets every event once with %j, however early a page ends', async (filter, isMeant) => {
    const feed = createFeedStore(database.db, 0);
    const meant = events.filter((row) => isVisible(client, row) && isMeant(row));

    for (const order of ORDERS) {
      const seen = await walk(async (after) => {
        const page = await feed.read(client, { ...filter, order, limit: LIMIT }, after);
        const last = page.events.length === LIMIT ? page.events.at(-1)?.position : undefined;
        return { data: page.events, next: page.next ?? last };
      });
      expect(seen).toEqual(inOrder(meant, order));
    }
  });

  it('begins to read events at a time', async () => {
    const feed = createFeedStore(database.db, 60_000);
    const meant = events.filter((row) => isVisible(client, row) && row.at.toISOString() >= at(200));

    for (const order of ORDERS) {
      const page = await feed.read(
        client,
        { range_start: at(200), order, limit: LIMIT },
        undefined,
      );
      expect(page.events.map(({ id }) => id)).toEqual(inOrder(meant, order).slice(0, LIMIT));
    }
  });

  it.each([
    [{}, () => true],
    [{ status: 'suspended' as const }, ({ status }: Tenant) => status === 'suspended'],
    [{ domain: 'd7.EXAMPLE' }, ({ domain }: Tenant) => domain === 'D7.example'],
    [{ domain: 'none.example' }, () => false],
    [{ name: '0%_SURE\\c' }, ({ name }: Tenant) => name.includes('%_')],
    [{ name: '%_' }, ({ name }: Tenant) => name.includes('%_')],
    [{ name: 'company 51' }, ({ name }: Tenant) => name.includes('Company 51')],
  ])('gets every tenant once with %j', async (filter, isMeant) => {
    const store = createTenantStore(database.db);
    const meant = tenants.filter((row) => isVisible(client, row) && isMeant(row));

    for (const order of ORDERS) {
      const query = { ...filter, order, limit: LIMIT };
      const seen = await walk(async (after) => {
        const { data, list_metadata } = await store.list(client, { ...query, after });
        return { data, next: list_metadata.after };
      });
      expect(seen).toEqual(inOrder(meant, order));
      const before = meant.length > 0 ? inOrder(meant, order).at(-1) : undefined;
      if (before === undefined) continue;
      const { data } = await store.list(client, { ...query, before });
      expect(data.map(({ id }) => id)).toEqual(inOrder(meant, order).slice(0, -1).slice(-LIMIT));
    }
  });
});
