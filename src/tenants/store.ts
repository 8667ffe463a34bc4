import type { Database, Queryable } from '../db/database.ts';
import { readPage, type Page, type PageQuery } from '../db/page.ts';
import type { Client, Tenant, TenantStatus } from '../identity.ts';
import { recordIn, type AuditRow } from '../audit-trail/writer.ts';

export interface TenantDomain {
  readonly domain: string;
  readonly state: string;
}

/** What a caller says of a tenant. */
export interface TenantProfile {
  readonly name: string;
  readonly domains: readonly TenantDomain[];
  readonly metadata: Readonly<Record<string, string>>;
  readonly signInClientId: string | null;
}

/** What a claim is to do, so that whoever finishes it after a crash does the same. */
export type ClaimRequest =
  { readonly adopt: string } | { readonly deleteOrganization: boolean } | null;

export interface TenantRow extends Tenant, TenantProfile {
  readonly attempt: string | null;
  /** Whether the attempt's holder is still believed to be alive. */
  readonly leased: boolean;
  readonly request: ClaimRequest;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

const COLUMNS = `id, organization_id as "organizationId", status, name, domains, metadata,
  sign_in_client_id as "signInClientId", attempt, coalesce(lease_until > now(), false) as leased, request,
  created_at as "createdAt", updated_at as "updatedAt"`;

const BY_ID = { name: 'tenant-by-id', text: `select ${COLUMNS} from tenants where id = $1` };
const BY_ORGANIZATION = {
  name: 'tenant-by-organization',
  text: `select ${COLUMNS} from tenants where organization_id = $1`,
};
const FACTS_BY_ID = {
  name: 'tenant-facts',
  text: 'select id, organization_id as "organizationId", status from tenants where id = $1',
};
const FACTS_BY_ORGANIZATIONS = {
  name: 'tenants-of-organizations',
  text: 'select id, organization_id as "organizationId", status from tenants where organization_id = any($1)',
};

/**
 * How long a claim is believed to be worked on: the time that its calls may take (lookup, create,
 * lookup: 9 s) and a little. After that anybody may take it over.
 */
const LEASE = `now() + interval '12 seconds'`;

export interface Claim {
  readonly id: string;
  readonly attempt: string;
}

export type TenantStore = ReturnType<typeof createTenantStore>;

export const createTenantStore = (db: Database) => ({
  async byId(id: string): Promise<TenantRow | undefined> {
    return (await db.query<TenantRow>(BY_ID, [id]))[0];
  },

  async facts(id: string): Promise<Tenant | undefined> {
    return (await db.query<Tenant>(FACTS_BY_ID, [id]))[0];
  },

  async byOrganization(organizationId: string): Promise<TenantRow | undefined> {
    return (await db.query<TenantRow>(BY_ORGANIZATION, [organizationId]))[0];
  },

  /** By organization id; organizations that are no tenant's are left out. */
  async ofOrganizations(organizationIds: readonly string[]): Promise<ReadonlyMap<string, Tenant>> {
    if (organizationIds.length === 0) return new Map();
    const rows = await db.query<Tenant>(FACTS_BY_ORGANIZATIONS, [organizationIds]);
    return new Map(rows.map((row) => [row.organizationId ?? '', row]));
  },

  async isMapped(organizationId: string): Promise<boolean> {
    const rows = await db.query('select 1 from tenants where organization_id = $1', [
      organizationId,
    ]);
    return rows.length > 0;
  },

  list(
    { tenants }: Client,
    {
      status,
      domain,
      ...page
    }: PageQuery & { status?: TenantStatus | undefined; domain?: string | undefined },
  ): Promise<Page<TenantRow>> {
    return readPage<TenantRow>(
      db,
      {
        table: 'tenants',
        columns: COLUMNS,
        visible:
          "exists (select 1 from unnest($1::text[]) rule where case when right(rule, 1) = '*' then starts_with(id, rtrim(rule, '*')) else rule = id end)",
        where: [
          "status <> 'deleted'",
          '($2::text is null or status = $2)',
          "($3::text is null or exists (select 1 from jsonb_array_elements(domains) d where lower(d->>'domain') = lower($3)))",
        ],
        values: [tenants, status, domain],
      },
      page,
    );
  },

  /** Claims a tenant id that was never used. @returns false: somebody has it. */
  claimNew(
    claim: Claim,
    profile: TenantProfile,
    request: ClaimRequest,
    audit: AuditRow,
  ): Promise<boolean> {
    return db.transaction(async (tx) => {
      const rows = await tx.query(
        `insert into tenants (id, status, name, domains, metadata, sign_in_client_id, attempt, lease_until, request)
         values ($1, 'provisioning', $2, $3, $4, $5, $6, ${LEASE}, $7) on conflict (id) do nothing returning id`,
        [claim.id, ...profileValues(profile), claim.attempt, json(request)],
      );
      if (rows.length > 0) await recordIn(tx, audit);
      return rows.length > 0;
    });
  },

  /** Takes over a claim that nobody works on, with what is wanted now. @returns false: somebody was faster. */
  takeOver(
    claim: Claim,
    from: TenantRow,
    profile: TenantProfile,
    request: ClaimRequest,
    audit: AuditRow,
  ): Promise<boolean> {
    return db.transaction(async (tx) => {
      const rows = await tx.query(
        `update tenants set status = $8, name = $2, domains = $3, metadata = $4, sign_in_client_id = $5,
           attempt = $6, lease_until = ${LEASE}, request = $7, updated_at = now()
         where id = $1 and status = $9 and attempt is not distinct from $10 returning id`,
        [
          claim.id,
          ...profileValues(profile),
          claim.attempt,
          json(request),
          from.status === 'deleting' ? 'deleting' : 'provisioning',
          from.status,
          from.attempt,
        ],
      );
      if (rows.length > 0) await recordIn(tx, audit);
      return rows.length > 0;
    });
  },

  /** Ends a claim with its organization. @returns undefined: it was taken over meanwhile. */
  activate(
    claim: Claim,
    organizationId: string,
    domains: readonly TenantDomain[],
    audit: AuditRow,
  ): Promise<TenantRow | undefined> {
    return db.transaction(async (tx) => {
      const [row] = await tx.query<TenantRow>(
        `update tenants set status = 'active', organization_id = $3, domains = $4, attempt = null, lease_until = null,
           request = null, updated_at = now() where id = $1 and attempt = $2 returning ${COLUMNS}`,
        [claim.id, claim.attempt, organizationId, json(domains)],
      );
      if (row) await recordIn(tx, audit);
      return row;
    });
  },

  /**
   * Lets go of a claim that came to nothing. `retry`: it may be taken over at once; `park`: only
   * when it is put again, because repeating it would fail the same way; `conflict`: a person decides.
   */
  async letGo(claim: Claim, how: 'retry' | 'park' | 'conflict', audit: AuditRow): Promise<void> {
    await db.transaction(async (tx) => {
      await tx.query(
        `update tenants set lease_until = case when $3 = 'retry' then now() end,
           status = case when $3 = 'conflict' then 'conflict' else status end, updated_at = now()
         where id = $1 and attempt = $2`,
        [claim.id, claim.attempt, how],
      );
      await recordIn(tx, audit);
    });
  },

  /** Changes an active or suspended tenant. @returns undefined: it is in another status by now. */
  change(
    id: string,
    profile: TenantProfile,
    status: TenantStatus,
    audit: AuditRow,
  ): Promise<TenantRow | undefined> {
    return db.transaction(async (tx) => {
      const [row] = await tx.query<TenantRow>(
        `update tenants set name = $2, domains = $3, metadata = $4, sign_in_client_id = $5, status = $6, updated_at = now()
         where id = $1 and status in ('active', 'suspended') returning ${COLUMNS}`,
        [id, ...profileValues(profile), status],
      );
      if (row) await conclude(tx, audit);
      return row;
    });
  },

  /** WorkOS does not know the organization any more: reported, never silently made again. */
  async orphan(
    id: string,
    organizationId: string,
    audit: AuditRow,
    tell: (tx: Queryable) => Promise<void>,
  ): Promise<void> {
    await db.transaction(async (tx) => {
      const rows = await tx.query(
        `update tenants set status = 'orphaned', updated_at = now()
         where id = $1 and organization_id = $2 and status in ('active', 'suspended') returning id`,
        [id, organizationId],
      );
      if (rows.length > 0) {
        await conclude(tx, audit);
        await tell(tx);
      }
    });
  },

  /** Begins a deletion at WorkOS. @returns false: the tenant changed meanwhile. */
  beginDelete(claim: Claim, from: TenantRow, audit: AuditRow): Promise<boolean> {
    return db.transaction(async (tx) => {
      const rows = await tx.query(
        `update tenants set status = 'deleting', attempt = $2, lease_until = ${LEASE}, request = '{"deleteOrganization":true}',
           updated_at = now() where id = $1 and status = $3 and attempt is not distinct from $4 returning id`,
        [claim.id, claim.attempt, from.status, from.attempt],
      );
      if (rows.length > 0) await conclude(tx, audit);
      return rows.length > 0;
    });
  },

  /** Leaves a tombstone. Its profile goes; the id stays taken. */
  bury(id: string, from: { readonly attempt: string | null }, audit: AuditRow): Promise<boolean> {
    return db.transaction(async (tx) => {
      const rows = await tx.query(
        `update tenants set status = 'deleted', former_organization_id = organization_id, organization_id = null,
           domains = '[]', metadata = '{}', sign_in_client_id = null, attempt = null, lease_until = null, request = null,
           updated_at = now() where id = $1 and status <> 'deleted' and attempt is not distinct from $2 returning id`,
        [id, from.attempt],
      );
      if (rows.length > 0) await conclude(tx, audit);
      return rows.length > 0;
    });
  },

  /** Claims whose holder is gone, the oldest first. */
  abandoned(limit: number): Promise<TenantRow[]> {
    return db.query<TenantRow>(
      `select ${COLUMNS} from tenants where lease_until < now() and status in ('provisioning', 'deleting')
       order by lease_until limit $1`,
      [limit],
    );
  },

  /** All tenants, for `gatehouse tenants verify`. */
  all(after: string, limit: number): Promise<TenantRow[]> {
    return db.query<TenantRow>(
      `select ${COLUMNS} from tenants where id > $1 and status <> 'deleted' order by id limit $2`,
      [after, limit],
    );
  },
});

/** Records, and lets every replica forget what it remembers of tenants. */
async function conclude(tx: Queryable, audit: AuditRow): Promise<void> {
  await recordIn(tx, audit);
  await tx.query(`select pg_notify('gatehouse', 'tenants')`);
}

const json = (value: unknown): string | null => (value === null ? null : JSON.stringify(value));

const profileValues = ({ name, domains, metadata, signInClientId }: TenantProfile) =>
  [name, json(domains), json(metadata), signInClientId] as const;

/** Kept at first use: with another prefix the same tenants would get second organizations. */
export async function keepExternalIdPrefix(db: Queryable, prefix: string): Promise<string> {
  await db.query(
    `insert into settings (name, value) values ('workos_external_id_prefix', $1) on conflict (name) do nothing`,
    [prefix],
  );
  const [row] = await db.query<{ value: string }>(
    `select value from settings where name = 'workos_external_id_prefix'`,
  );
  return row?.value ?? prefix;
}
