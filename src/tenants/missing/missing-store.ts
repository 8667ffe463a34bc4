import type { AuditRow } from '../../audit-trail/writer.ts';
import type { Queryable } from '../../core/ports.ts';
import type { Database } from '../../db/database.ts';
import type { TenantStatus } from '../../core/identity.ts';
import { recordAndNotify } from '../registry/row-store.ts';
import { mayTransition } from '../model/transitions.ts';

/** A tenant and its organization, as read when a decision about them began. */
export interface Mapping {
  readonly tenantId: string;
  readonly organizationId: string;
}

export interface MissingTenant extends Mapping {
  readonly status: TenantStatus;
  /** True if the first 404 is old enough for a second one to confirm it. */
  readonly isDue: boolean;
}

/** Organizations disappear one by one. If more than this are missing at once, the key or WorkOS is at fault. */
export const MAX_MISSING_AT_ONCE = 5;

/** Tenants whose organization is missing now, and those orphaned for that in the last ten minutes. */
const DENIED = `missing_since is not null and (status in ('active', 'suspended')
  or (status = 'orphaned' and missing_since > now() - interval '10 minutes'))`;
const TOO_MANY = `(select count(*) from (select 1 from tenants where ${DENIED} limit ${MAX_MISSING_AT_ONCE + 1}) denied) > ${MAX_MISSING_AT_ONCE}`;
const PRESENT = `id = $1 and organization_id = $2 and ${mayTransition('orphan')}`;
const before = (ms: string) => `now() - ${ms} * interval '1 millisecond'`;
/** SQL: there is a first 404, old enough for a second one to confirm it. */
const isDue = (confirmAfterMs: string): string =>
  `(missing_since <= ${before(confirmAfterMs)} and not ${isExpired(confirmAfterMs)})`;
/** SQL: there is no first 404, or one so old that a second one can no longer confirm it. */
const isExpired = (confirmAfterMs: string): string =>
  `coalesce(missing_since <= ${before(confirmAfterMs)} - interval '5 minutes', true)`;
const MAPPING = `id as "tenantId", organization_id as "organizationId"`;

export type MissingStore = ReturnType<typeof createMissingStore>;

/** The SQL of missing organizations: those for which WorkOS answers 404. Each statement checks its own preconditions. */
export const createMissingStore = (db: Database) => ({
  /**
   * Records the first 404 for an organization. It expires if no second one follows within minutes.
   *
   * @returns `isDue`: a first 404 was at least `confirmAfterMs` ago; `tooMany`: too many
   * organizations are missing at once
   */
  async noteDenial(
    { tenantId, organizationId }: Mapping,
    confirmAfterMs: number,
  ): Promise<{ isDue: boolean; tooMany: boolean }> {
    const [known] = await db.query<{ isDue: boolean }>(
      `select ${isDue('$3')} as "isDue" from tenants where ${PRESENT} and not ${isExpired('$3')}`,
      [tenantId, organizationId, confirmAfterMs],
    );
    if (!known)
      await db.query(
        `update tenants set missing_since = now() where ${PRESENT} and ${isExpired('$3')}`,
        [tenantId, organizationId, confirmAfterMs],
      );
    const [denied] = await db.query<{ tooMany: boolean }>(`select ${TOO_MANY} as "tooMany"`);
    return { isDue: known?.isDue ?? false, tooMany: denied?.tooMany ?? false };
  },

  /** Up to `limit` tenants whose organization is missing and as many orphaned ones, in random order. */
  missing(limit: number, confirmAfterMs: number): Promise<MissingTenant[]> {
    const some = (statuses: string) => `(select ${MAPPING}, status, ${isDue('$2')} as "isDue"
       from tenants where missing_since is not null and organization_id is not null and ${statuses}
       order by random() limit $1)`;
    return db.query<MissingTenant>(
      `${some(mayTransition('orphan'))} union all ${some(mayTransition('restore'))}`,
      [limit, confirmAfterMs],
    );
  },

  /**
   * A few tenants whose organizations WorkOS should have, starting at a random tenant id.
   *
   * @param except the tenant to leave out; null for none
   */
  others(except: string | null, limit: number): Promise<Mapping[]> {
    const some = `select ${MAPPING} from tenants where id is distinct from $1 and organization_id is not null
      and status in ('active', 'suspended') and missing_since is null`;
    return db.query<Mapping>(
      `(${some} and id > $3 order by id limit $2) union (${some} order by id limit $2) limit $2`,
      [except, limit, randomTenantIdPrefix()],
    );
  },

  /** True if no other tenant has an organization. */
  async isAlone(tenantId: string): Promise<boolean> {
    const rows = await db.query(
      `select 1 from tenants where id <> $1 and organization_id is not null
       and status in ('active', 'suspended') limit 1`,
      [tenantId],
    );
    return rows.length === 0;
  },

  /**
   * Marks a tenant as orphaned: WorkOS no longer has its organization. It is never recreated
   * silently.
   *
   * @param confirmAfterMs undefined when an operator confirms it: no earlier 404 is needed then, and
   * it does not count towards the limit of missing organizations
   * @returns false if the organization was found in the meantime, there was no earlier 404, or too
   * many are missing at once
   */
  orphan(
    { tenantId, organizationId }: Mapping,
    confirmAfterMs: number | undefined,
    audit: AuditRow,
    recordEvent: (tx: Queryable) => Promise<void>,
  ): Promise<boolean> {
    return db.transaction(async (tx) => {
      const rows = await tx.query(
        `update tenants set status = 'orphaned', former_status = status, updated_at = now(),
           missing_since = case when $3::float8 is null then now() - interval '10 minutes' else missing_since end
         where ${PRESENT} and ($3::float8 is null or (${isDue('$3')} and not ${TOO_MANY})) returning id`,
        [tenantId, organizationId, confirmAfterMs],
      );
      if (rows.length > 0) {
        await recordAndNotify(tx, audit);
        await recordEvent(tx);
      }
      return rows.length > 0;
    });
  },

  /**
   * Records that WorkOS has the organization: earlier 404s are forgotten, and an orphaned tenant
   * gets its former status back.
   *
   * @param audit makes the audit row for an orphaned tenant's return to a status
   * @returns the restored status; undefined if the tenant was not orphaned, or was orphaned by a
   * release that did not keep the former status
   */
  async markSeen(
    { tenantId, organizationId }: Mapping,
    audit: (status: TenantStatus) => AuditRow,
  ): Promise<TenantStatus | undefined> {
    return db.transaction(async (tx) => {
      const [restored] = await tx.query<{ status: TenantStatus }>(
        `update tenants set status = former_status, former_status = null, missing_since = null, updated_at = now()
         where id = $1 and organization_id = $2 and ${mayTransition('restore')} and former_status in ('active', 'suspended')
         returning status`,
        [tenantId, organizationId],
      );
      if (restored) await recordAndNotify(tx, audit(restored.status));
      else
        await tx.query(
          `update tenants set missing_since = null where ${PRESENT} and missing_since is not null`,
          [tenantId, organizationId],
        );
      return restored?.status;
    });
  },
});

/** Tenant ids begin with a letter or a digit. */
const randomTenantIdPrefix = (): string => Math.random().toString(36).slice(2, 4);
