/** Every kind of client and filter that a list may get, at its worst. */
import type { Client } from '../../src/core/identity.ts';
import type { Database } from '../../src/db/database.ts';
import { createAuditTrailStore } from '../../src/audit-trail/store.ts';
import { createFeedStore } from '../../src/events/feed/store.ts';
import { createLaunchStore } from '../../src/portal/stores/launch-store.ts';
import { createTenantStore } from '../../src/tenants/registry/store.ts';
import { createAttemptStore } from '../../src/webhooks/attempts-store.ts';
import {
  BUSY_CLIENT,
  BUSY_ENDPOINT,
  BUSY_USER,
  LARGE_TENANT,
  RARE_TYPE,
  type Sizes,
} from './seed.ts';

const DAY_MS = 86_400_000;
const daysAgo = (days: number): string => new Date(Date.now() - days * DAY_MS).toISOString();
const NOBODY = '00000000-0000-0000-0000-000000000000';
const clientWith = (id: string, tenants: readonly string[], generation = NOBODY) =>
  ({ id, tenants, generation }) as Client;

const CLIENTS = {
  'every tenant': ['*'],
  'a large tenant': [LARGE_TENANT],
  'a small tenant': ['t-4711'],
  'a list of tenants': ['t-4711', LARGE_TENANT, 't-900'],
  'a prefix of few': ['t-4711*'],
  'prefixes of many': ['t-1*', 't-33*'],
  'a prefix of 1 %': ['t-77*'],
  'a prefix of none': ['zz*'],
} as const;

const AUDIT = {
  'no filter': {},
  'a tenant': { tenant_id: LARGE_TENANT },
  'a user': { user_id: BUSY_USER },
  'a user without rows': { user_id: 'nobody' },
  'a client': { client_id: 'c-7' },
  'a tenant and a user who never meet': { tenant_id: LARGE_TENANT, user_id: 'nobody' },
  'a user and a client who never meet': { user_id: BUSY_USER, client_id: 'nobody' },
  'a day': { since: daysAgo(40), until: daysAgo(39) },
  'a time before all': { until: daysAgo(1_000) },
};
const EVENTS = {
  'no filter': {},
  'a tenant': { organization_id: LARGE_TENANT },
  'a common type': { events: ['user.updated'] },
  'a rare type': { events: [RARE_TYPE] },
  'a type that is not there': { events: ['api_key.revoked'] },
  'a day': { range_start: daysAgo(40), range_end: daysAgo(39) },
  'the last days': { range_start: daysAgo(2) },
  'a rare type and a time': { events: [RARE_TYPE], range_start: daysAgo(40) },
  'a time before all': { range_end: daysAgo(1_000) },
};
const TENANTS = {
  'no filter': {},
  'a status': { status: 'suspended' },
  'a status without tenants': { status: 'conflict' },
  'a domain': { domain: 'tenant-77777.example' },
  'a domain that is not there': { domain: 'none.example' },
} as const;

/** One page, by its name. */
export type PageReads = readonly (readonly [name: string, read: () => Promise<unknown>])[];

/** Lists all pages to measure: each list, client, filter and order; the first page, and one in the middle or at the end. */
export async function pagesOf(db: Database, sizes: Sizes): Promise<PageReads> {
  const [audit, feed, tenants] = [
    createAuditTrailStore(db),
    createFeedStore(db),
    createTenantStore(db),
  ];
  const [attempts, launches] = [createAttemptStore(db), createLaunchStore(db)];
  const [owner] = await db.query<{ generation: string }>(
    'select generation from clients where id = $1',
    [BUSY_CLIENT],
  );
  const pages: [string, () => Promise<unknown>][] = [];
  const half = (of: keyof Sizes) => Math.ceil(sizes[of] / 2);
  for (const order of ['asc', 'desc'] as const) {
    const page = { order, limit: 100 };
    for (const [who, rules] of Object.entries(CLIENTS)) {
      const client = clientWith('bench', rules);
      const add = (list: string, what: string, read: () => Promise<unknown>) =>
        pages.push([`${list}, ${what}, ${order}: ${who}`, read]);
      for (const [what, filter] of Object.entries(AUDIT)) {
        add('audit trail', what, () => audit.list(client, { ...page, ...filter }));
        add('audit trail', `${what}, middle`, () =>
          audit.list(client, { ...page, ...filter, after: String(half('audit')) }),
        );
      }
      add('audit trail', 'before the middle', () =>
        audit.list(client, { ...page, before: String(half('audit')) }),
      );
      for (const [what, filter] of Object.entries(EVENTS))
        add('events', what, () => feed.read(client, { ...page, ...filter }, undefined));
      add('events', 'middle', () => feed.read(client, page, String(half('events'))));
      for (const [what, filter] of Object.entries(TENANTS)) {
        add('tenants', what, () => tenants.list(client, { ...page, ...filter }));
        add('tenants', `${what}, middle`, () =>
          tenants.list(client, { ...page, ...filter, after: `t-${half('tenants')}` }),
        );
      }
    }
    for (const [what, filter] of Object.entries({
      'no filter': {},
      'an event': { event_id: 'event_1' },
      middle: { after: String(half('attempts')) },
    }))
      pages.push([
        `deliveries, ${what}, ${order}`,
        () => attempts.list(BUSY_ENDPOINT, { ...page, ...filter }),
      ]);
    for (const [what, filter] of Object.entries({
      'no filter': {},
      'a tenant': { tenant_id: LARGE_TENANT },
      'a tenant without launches': { tenant_id: 'nobody' },
      middle: { after: `l-${half('launches')}` },
    }))
      pages.push([
        `portal launches, ${what}, ${order}`,
        () =>
          launches.list(clientWith(BUSY_CLIENT, ['*'], owner?.generation), { ...page, ...filter }),
      ]);
  }
  return pages;
}
