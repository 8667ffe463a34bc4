import type { Database } from '../../db/database.ts';
import { createGroupedFind } from '../../db/grouped-find.ts';
import type { ResultPage } from '../../db/page.ts';
import type { Client, Tenant } from '../../core/identity.ts';
import { isCleanText } from '../../core/text.ts';
import type { AuditRow } from '../../audit-trail/writer.ts';
import { listTenants, type TenantQuery } from './list-store.ts';
import { createClaimStore } from './claim-store.ts';
import { createDeletionStore } from './deletion-store.ts';
import { createUncertainStore } from './uncertain-store.ts';
import { clearUncertain, DOMAINS_RECORDED } from '../model/uncertain.ts';
import type { TenantProfile, TenantRow } from '../model/row.ts';
import { COLUMNS, json, MAPPING, recordAndNotify } from './row-store.ts';
import { mayTransition, OWN_ORGANIZATION, OWNS_ORGANIZATION } from '../model/transitions.ts';

const BY_ID = { name: 'tenant-by-id', text: `select ${COLUMNS} from tenants where id = $1` };
const BY_ORGANIZATION = {
  name: 'tenant-by-organization',
  text: `select ${COLUMNS} from tenants where organization_id = any($1) and ${OWNS_ORGANIZATION}`,
  keyOf: ({ organizationId }: TenantRow) => organizationId,
};
const LAST_ORGANIZATION = {
  name: 'tenant-last-organization',
  text: `select coalesce(${OWN_ORGANIZATION}, former_organization_id) as id from tenants where id = $1`,
};
const MAPPINGS_BY_ID = {
  name: 'tenants-by-ids',
  text: `select ${MAPPING} from tenants where id = any($1)`,
  keyOf: ({ id }: Tenant) => id,
};
const MAPPING_BY_ORGANIZATIONS = {
  name: 'tenants-of-organizations',
  text: `select ${MAPPING} from tenants where organization_id = any($1) and ${OWNS_ORGANIZATION}`,
};

/** The columns of a change; those left out are unchanged. */
export type ProfileColumns = Partial<TenantProfile>;

/** A change that was sent to WorkOS. */
export interface SentChange {
  readonly version: string;
  readonly attempt: string;
  /** True if it set the domains. */
  readonly domains: boolean;
}

/** If the uncertainty mark stays, it notes that the row's domains are the latest ones of WorkOS. */
const KEPT_FIELDS = `case when $10 and 'domains' = any(profile_unsure_fields)
  then array(select distinct unnest(profile_unsure_fields || '${DOMAINS_RECORDED}'::text)) else profile_unsure_fields end`;

/** An id of WorkOS that Postgres cannot hold has no tenant. Queries that share it with others would fail for all. */
function findByOrganization(db: Database) {
  const find = createGroupedFind<TenantRow>(db, BY_ORGANIZATION);
  return async (id: string): Promise<TenantRow | undefined> =>
    isCleanText(id) ? find(id) : undefined;
}

export type TenantStore = ReturnType<typeof createTenantStore>;

export const createTenantStore = (db: Database) => ({
  ...createClaimStore(db),
  ...createDeletionStore(db),
  ...createUncertainStore(db),

  async byId(id: string): Promise<TenantRow | undefined> {
    return (await db.query<TenantRow>(BY_ID, [id]))[0];
  },

  mappingOf: createGroupedFind<Tenant>(db, MAPPINGS_BY_ID),

  /** The organization of the tenant, or the one that a deleted tenant had. */
  async lastOrganizationOf(id: string): Promise<string | undefined> {
    return (await db.query<{ id: string | null }>(LAST_ORGANIZATION, [id]))[0]?.id ?? undefined;
  },

  /** Tenants by id; unknown ids are left out. */
  async mappingsOf(ids: readonly string[]): Promise<ReadonlyMap<string, Tenant>> {
    if (ids.length === 0) return new Map();
    const rows = await db.query<Tenant>(MAPPINGS_BY_ID, [ids]);
    return new Map(rows.map((row) => [row.id, row]));
  },

  byOrganization: findByOrganization(db),

  /** Tenants by organization id; organizations without a tenant are left out. */
  async ofOrganizations(organizationIds: readonly string[]): Promise<ReadonlyMap<string, Tenant>> {
    const ids = organizationIds.filter(isCleanText);
    if (ids.length === 0) return new Map();
    const rows = await db.query<Tenant>(MAPPING_BY_ORGANIZATIONS, [ids]);
    return new Map(rows.map((row) => [row.organizationId ?? '', row]));
  },

  list: (client: Client, query: TenantQuery): Promise<ResultPage<TenantRow>> =>
    listTenants(db, client, query),

  /**
   * Suspends or reactivates a tenant, at once. A tenant without an organization keeps its status;
   * the new one is stored and applies once it has an organization.
   *
   * @param always also without an organization; there, `active` only ends a suspension
   * @returns undefined if the tenant's status does not allow it
   */
  setStatus(
    id: string,
    status: 'active' | 'suspended',
    always: boolean,
    audit: AuditRow,
  ): Promise<TenantRow | undefined> {
    return db.transaction(async (tx) => {
      const [row] = await tx.query<TenantRow>(
        `update tenants set status = case when ${mayTransition('setStatus')} then $2 else status end,
           former_status = case when ${mayTransition('setStatus')} then former_status else $2 end,
           updated_at = case when status = $2 then updated_at else now() end
         where id = $1 and (${mayTransition('setStatus')}
           or ($3 and ${mayTransition('setFormerStatus')} and ($2 = 'suspended' or former_status = 'suspended')))
         returning ${COLUMNS}`,
        [id, status, always],
      );
      if (row) await recordAndNotify(tx, audit);
      return row;
    });
  },

  /**
   * Changes the given columns of an active or suspended tenant.
   *
   * @param sent what was sent to WorkOS before, with the profile's version at that time; undefined
   * if nothing was sent
   * @returns undefined if the status or the version has changed in the meantime
   */
  change(
    id: string,
    columns: ProfileColumns,
    sent: SentChange | undefined,
    audit: AuditRow,
  ): Promise<TenantRow | undefined> {
    return db.transaction(async (tx) => {
      const [row] = await tx.query<TenantRow>(
        `update tenants set name = coalesce($2, name), domains = coalesce($3, domains),
           metadata = coalesce($4, metadata),
           sign_in_client_id = case when $5 then $6 else sign_in_client_id end,
           sign_in_client_generation = case when $5 then $7 else sign_in_client_generation end,
           profile_version = profile_version + case when $8::bigint is null then 0 else 1 end,
           missing_since = case when $8::bigint is null then missing_since end,
           ${clearUncertain('$9::uuid', KEPT_FIELDS)}, updated_at = now()
         where id = $1 and status in ('active', 'suspended')
           and ($8::bigint is null or profile_version = $8) returning ${COLUMNS}`,
        [id, ...columnValues(columns), sent?.version, sent?.attempt, sent?.domains ?? false],
      );
      if (row) await recordAndNotify(tx, audit);
      return row;
    });
  },

  /** All tenants that are not deleted, in pages by id, for `gatehouse tenants verify`. */
  all(after: string, limit: number): Promise<TenantRow[]> {
    return db.query<TenantRow>(
      `select ${COLUMNS} from tenants where id > $1 and status <> 'deleted' order by id limit $2`,
      [after, limit],
    );
  },
});

const columnValues = (columns: ProfileColumns) => [
  columns.name ?? null,
  json(columns.domains),
  json(columns.metadata),
  columns.signInClientId !== undefined,
  columns.signInClientId ?? null,
  columns.signInClientGeneration ?? null,
];
