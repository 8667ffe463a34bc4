/** The statements of all lists, as the stores send them, and how Postgres would read the big tables. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createAuditTrailStore } from '../../src/audit-trail/store.ts';
import type { Client } from '../../src/core/identity.ts';
import type { Database } from '../../src/db/database.ts';
import { createFeedStore } from '../../src/events/feed/store.ts';
import { createLaunchStore } from '../../src/portal/stores/launch-store.ts';
import { createTenantStore } from '../../src/tenants/registry/store.ts';
import { createAttemptStore } from '../../src/webhooks/attempts-store.ts';
import { createTestDatabase, type TestDatabase } from '../support/test-database.ts';

/** They grow with the number of tenants, or with time. */
const BIG = /^(tenants|audit_trail|events|portal_launches|webhook_attempts|webhook_messages)/;

interface Sent {
  readonly text: string;
  readonly values: readonly unknown[];
}
interface Plan {
  readonly 'Node Type': string;
  readonly 'Relation Name'?: string;
  readonly Plans?: readonly Plan[];
}

let database: TestDatabase;

beforeAll(async () => {
  database = await createTestDatabase();
  await database.superuser(`insert into tenants (id, organization_id, status, name, domains, metadata)
    select 'many-' || n, 'org_' || n, 'active', 'T', '[]', '{}' from generate_series(1, 1200) n`);
  await database.superuser(`insert into audit_trail (at, operation, outcome, tenant_id, request_id, details)
    select now(), 'op', 'succeeded', 'many-' || n % 40, 'r', '{}' from generate_series(1, 100) n`);
  await database.superuser(`insert into events (id, event, tenant_id, data, created_at, source, position)
    select 'event_' || n, 'type', 'many-' || n % 40, '{}', now(), 'feed', n from generate_series(1, 100) n`);
});
afterAll(() => database.stop());

/** A database that remembers what it is asked. */
const recording = (db: Database, sent: Sent[]): Database => ({
  ...db,
  query(statement, values = []) {
    sent.push({ text: typeof statement === 'string' ? statement : statement.text, values });
    return db.query(statement, values);
  },
});

/** Reads that an index could have served. Small tables would be read whole, unless that is ruled out. */
async function readWhole({ text, values }: Sent): Promise<string[]> {
  const plans = await database.db.transaction(async (tx) => {
    await tx.query('set local enable_seqscan = off');
    return tx.query<{ 'QUERY PLAN': { Plan: Plan }[] }>(`explain (format json) ${text}`, values);
  });
  const scanned = (plan: Plan): string[] => [
    ...(plan['Node Type'] === 'Seq Scan' ? [plan['Relation Name'] ?? ''] : []),
    ...(plan.Plans ?? []).flatMap(scanned),
  ];
  return plans.flatMap((row) => row['QUERY PLAN'].flatMap(({ Plan: plan }) => scanned(plan)));
}

const RULES = [['*'], ['many-14'], ['many-14', 'many-15'], ['many-*'], ['nobody*']];
const ORDERS = ['asc', 'desc'] as const;
const since = new Date(Date.now() - 86_400_000).toISOString();

/** Calls every list with every filter. */
async function readLists(db: Database, client: Client, order: 'asc' | 'desc'): Promise<void> {
  const page = { order, limit: 10 };
  const trail = createAuditTrailStore(db);
  for (const filter of [
    {},
    { tenant_id: 'many-14' },
    { user_id: 'u' },
    { client_id: 'c' },
    { tenant_id: 'many-14', user_id: 'u' },
    { since },
  ]) {
    const first = await trail.list(client, { ...filter, ...page });
    const { after } = first.list_metadata;
    if (after) await trail.list(client, { ...filter, ...page, after });
  }
  const feed = createFeedStore(db);
  for (const filter of [{}, { events: ['rare'] }, { range_start: since }, { range_end: since }])
    for (const from of [undefined, '50']) await feed.read(client, { ...filter, ...page }, from);
  const tenants = createTenantStore(db);
  for (const filter of [
    {},
    { status: 'suspended' as const },
    { domain: 'a.example' },
    { name: 'rare' },
  ])
    await tenants.list(client, { ...filter, ...page });
  const launches = createLaunchStore(db);
  for (const filter of [{}, { tenant_id: 'many-14' }])
    await launches.list(client, { ...filter, ...page });
  for (const filter of [{}, { event_id: 'event_1' }])
    await createAttemptStore(db).list('we_1', { ...filter, ...page });
}

describe.each(RULES.map((rules) => ({ rules })))(
  'the lists of a client with $rules',
  ({ rules }) => {
    it.each(ORDERS)('read no big table whole, in the order %s', async (order) => {
      const sent: Sent[] = [];
      const client = { id: 'reader', tenants: rules, generation: null } as unknown as Client;
      await readLists(recording(database.db, sent), client, order);
      const texts = new Map(sent.map((one) => [one.text, one]));

      const found: string[] = [];
      for (const one of texts.values())
        for (const table of await readWhole(one))
          if (BIG.test(table)) found.push(`${table}: ${one.text}`);

      expect(texts.size).toBeGreaterThan(8);
      expect(found).toEqual([]);
    });
  },
);
