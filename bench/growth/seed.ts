/** Fills a migrated database with the rows of years, by SQL. */
import type pg from 'pg';

export interface Sizes {
  readonly tenants: number;
  readonly audit: number;
  readonly events: number;
  readonly attempts: number;
  readonly launches: number;
}

/** The tenant and the user that a tenth of all rows belong to. */
export const LARGE_TENANT = 't-1';
export const BUSY_USER = 'ada';
/** Five events of it exist, in the middle of the feed. */
export const RARE_TYPE = 'vault.kek.created';
/** Its launches and its endpoint's attempts are half of all. */
export const BUSY_CLIENT = 'c-1';
export const BUSY_ENDPOINT = 'we_1';
const DAYS = 89;

/** Rows per statement. */
const CHUNK = 500_000;

const HASH = 'abs(hashint8(n::bigint))';
const ANY_TENANT = `case when ${HASH} % 10 = 0 then '${LARGE_TENANT}' else 't-' || (1 + ${HASH} % $TENANTS) end`;
const SPREAD = `now() - interval '${DAYS} days' + n * (interval '${DAYS} days' / $TOTAL)`;

const INSERTS: Readonly<Record<keyof Sizes, { readonly table: string; readonly text: string }>> = {
  // The oldest tenth is deleted, and one in ten of the others is suspended.
  tenants: {
    table: 'tenants',
    text: `insert into tenants (id, organization_id, status, name, domains, metadata, created_at)
      select 't-' || n, 'org_' || n, case when n > 1 and n < $TOTAL / 10 then 'deleted' when n % 10 = 3 then 'suspended'
          else 'active' end, 'Tenant ' || n,
        jsonb_build_array(jsonb_build_object('domain', 'tenant-' || n || '.example', 'state', 'verified')), '{}', ${SPREAD}`,
  },
  audit: {
    table: 'audit_trail',
    text: `insert into audit_trail (at, operation, outcome, client_id, user_id, tenant_id, request_id, details)
      select ${SPREAD}, 'exchangeCode', 'succeeded', 'c-' || ${HASH} % 50,
        case when n % 10 = 7 then '${BUSY_USER}' else 'u-' || ${HASH} % 300000 end,
        case when n % 10 > 0 then ${ANY_TENANT} end, 'req-' || n, '{"connection": "conn_1"}'`,
  },
  events: {
    table: 'events',
    text: `insert into events (id, event, organization_id, tenant_id, data, created_at, received_at, source, position)
      select 'event_' || lpad(n::text, 26, '0'),
        case when n between $TOTAL / 2 and $TOTAL / 2 + 4 then '${RARE_TYPE}'
          else (array['authentication.sso_succeeded', 'dsync.user.updated', 'dsync.user.created', 'session.created',
            'connection.activated', 'user.updated', 'organization.updated', 'dsync.group.user_added'])[1 + n % 8] end,
        'org_' || (1 + ${HASH} % $TENANTS), case when n % 10 > 0 then ${ANY_TENANT} end,
        jsonb_build_object('id', 'user_' || n, 'object', 'user'), ${SPREAD}, ${SPREAD}, 'feed', n`,
  },
  attempts: {
    table: 'webhook_attempts',
    text: `insert into webhook_attempts (endpoint_id, event_id, at, status, duration_ms, outcome)
      select 'we_' || (1 + case when n % 2 = 0 then 0 else ${HASH} % 200 end), 'event_' || lpad(n::text, 26, '0'),
        ${SPREAD}, 200, 12, 'delivered'`,
  },
  launches: {
    table: 'portal_launches',
    text: `insert into portal_launches (id, tenant_id, client_id, client_generation, user_id, intent, mode, role_source,
        needs_signed_in_user, return_page, it_contact_emails, expires_at, created_at)
      select 'l-' || n, ${ANY_TENANT}, 'c-' || case when n % 2 = 0 then 1 else ${HASH} % 50 end, null, 'ada', 'sso',
        'redirect', 'registry', false, true, '{}', now(), ${SPREAD}`,
  },
};

/** Clients that own launches and endpoints. */
const CLIENTS = `insert into clients (id, name, scopes, tenants, redirect_uris, return_origins, created_at)
  select 'c-' || n, 'Client', '{events:read}', '{*}', '{}', '{}', now() - interval '1 year' from generate_series(0, 49) n
  on conflict do nothing`;

/** Fills all tables. */
export async function seed(
  owner: pg.Client,
  sizes: Sizes,
  tell: (text: string) => void,
): Promise<void> {
  await owner.query(CLIENTS);
  for (const name of Object.keys(INSERTS) as (keyof Sizes)[]) {
    const began = performance.now();
    const rows = sizes[name];
    await fill(owner, name, { rows, tenants: sizes.tenants });
    tell(`${rows} ${name} in ${Math.round((performance.now() - began) / 1_000)} s\n`);
  }
  await owner.query('vacuum analyze');
}

export interface Filling {
  readonly rows: number;
  readonly tenants: number;
  /** Begins no more rows after it. Default: no limit. */
  readonly withinMs?: number;
}

/** Fills a table. Its secondary indexes are built afterwards, which is several times faster. @returns how many rows */
export async function fill(
  owner: pg.Client,
  name: keyof Sizes,
  { rows, tenants, withinMs = Infinity }: Filling,
): Promise<number> {
  const { table, text } = INSERTS[name];
  const select = text.replaceAll('$TOTAL', String(rows)).replaceAll('$TENANTS', String(tenants));
  const began = performance.now();
  let filled = 0;
  await withoutIndexes(owner, table, async () => {
    while (filled < rows && performance.now() - began < withinMs) {
      const to = Math.min(rows, filled + CHUNK);
      await owner.query(`${select} from generate_series(${filled + 1}, ${to}) n`);
      filled = to;
    }
  });
  return filled;
}

/** Indexes that no constraint needs, of the table. Postgres tells those of a partitioned table without its partitions (ONLY). */
const INDEXES = `select c.relname as name, replace(pg_get_indexdef(i.indexrelid), ' ON ONLY ', ' ON ') as definition from pg_index i
    join pg_class c on c.oid = i.indexrelid
  where i.indrelid = $1::regclass and not i.indisunique`;

async function withoutIndexes(
  owner: pg.Client,
  table: string,
  fill: () => Promise<void>,
): Promise<void> {
  const { rows } = await owner.query<{ name: string; definition: string }>(INDEXES, [table]);
  for (const { name } of rows) await owner.query(`drop index ${name}`);
  await fill();
  for (const { definition } of rows) await owner.query(definition);
}
