import type { AuditRow } from '../audit-trail/writer.ts';
import type { Queryable } from '../core/ports.ts';
import type { Database } from '../db/database.ts';
import type { TenantStatus } from '../core/identity.ts';
import { conclude } from './row.ts';
import { mayGo } from './transitions.ts';

/** A tenant and its organization, as both were when a decision about them began. */
export interface Mapping {
  readonly tenantId: string;
  readonly organizationId: string;
}

export interface MissingTenant extends Mapping {
  readonly status: TenantStatus;
  /** Whether the first denial was long enough ago for a second one to count. */
  readonly isDue: boolean;
}

/** Organizations do go, one by one. Where more are denied at once, the key or WorkOS is wrong. */
const A_FEW = 5;

/** Tenants that are denied now, and those that were orphaned by denials of the last ten minutes. */
const DENIED = `missing_since is not null and (status in ('active', 'suspended')
  or (status = 'orphaned' and missing_since > now() - interval '10 minutes'))`;
const TOO_MANY = `(select count(*) from (select 1 from tenants where ${DENIED} limit ${A_FEW + 1}) denied) > ${A_FEW}`;
const PRESENT = `id = $1 and organization_id = $2 and ${mayGo('orphan')}`;
const before = (ms: string) => `now() - ${ms} * interval '1 millisecond'`;
/** There is a first denial, long enough ago for a second one to count. */
const isDue = (confirmAfterMs: string): string =>
  `(missing_since <= ${before(confirmAfterMs)} and not ${isForgotten(confirmAfterMs)})`;
/** There is no first denial that a second one could confirm: the key or WorkOS was wrong then. */
const isForgotten = (confirmAfterMs: string): string =>
  `coalesce(missing_since <= ${before(confirmAfterMs)} - interval '5 minutes', true)`;
const MAPPING = `id as "tenantId", organization_id as "organizationId"`;

export type MissingStore = ReturnType<typeof createMissingStore>;

/** What the map remembers of organizations that WorkOS denies. Each statement decides by itself. */
export const createMissingStore = (db: Database) => ({
  /**
   * Remembers the first denial. One that no second one has followed for some minutes is forgotten.
   *
   * @returns whether there was one at least `confirmAfterMs` ago, and whether too many are denied
   */
  async noteDenial(
    { tenantId, organizationId }: Mapping,
    confirmAfterMs: number,
  ): Promise<{ isDue: boolean; tooMany: boolean }> {
    const [known] = await db.query<{ isDue: boolean }>(
      `select ${isDue('$3')} as "isDue" from tenants where ${PRESENT} and not ${isForgotten('$3')}`,
      [tenantId, organizationId, confirmAfterMs],
    );
    if (!known)
      await db.query(
        `update tenants set missing_since = now() where ${PRESENT} and ${isForgotten('$3')}`,
        [tenantId, organizationId, confirmAfterMs],
      );
    const [denied] = await db.query<{ tooMany: boolean }>(`select ${TOO_MANY} as "tooMany"`);
    return { isDue: known?.isDue ?? false, tooMany: denied?.tooMany ?? false };
  },

  /** Some tenants that are denied, and as many that are orphaned, in no order. */
  missing(limit: number, confirmAfterMs: number): Promise<MissingTenant[]> {
    const some = (statuses: string) => `(select ${MAPPING}, status, ${isDue('$2')} as "isDue"
       from tenants where missing_since is not null and organization_id is not null and ${statuses}
       order by random() limit $1)`;
    return db.query<MissingTenant>(`${some(mayGo('orphan'))} union all ${some(mayGo('restore'))}`, [
      limit,
      confirmAfterMs,
    ]);
  },

  /**
   * A few other tenants whose organizations ought to be seen, from a random place in the map.
   *
   * @param except Null: of all tenants
   */
  others(except: string | null, limit: number): Promise<Mapping[]> {
    const some = `select ${MAPPING} from tenants where id is distinct from $1 and organization_id is not null
      and status in ('active', 'suspended') and missing_since is null`;
    return db.query<Mapping>(
      `(${some} and id > $3 order by id limit $2) union (${some} order by id limit $2) limit $2`,
      [except, limit, randomPlace()],
    );
  },

  /** Whether there is any other tenant with an organization. */
  async isAlone(tenantId: string): Promise<boolean> {
    const rows = await db.query(
      `select 1 from tenants where id <> $1 and organization_id is not null
       and status in ('active', 'suspended') limit 1`,
      [tenantId],
    );
    return rows.length === 0;
  },

  /**
   * WorkOS does not know the organization any more: reported, never silently made again.
   *
   * @param confirmAfterMs Undefined: a person says so. That needs no denial before, and makes no
   * other one doubted
   * @returns false if it was seen meanwhile, was not denied before, or too many would be orphaned
   */
  orphan(
    { tenantId, organizationId }: Mapping,
    confirmAfterMs: number | undefined,
    audit: AuditRow,
    tell: (tx: Queryable) => Promise<void>,
  ): Promise<boolean> {
    return db.transaction(async (tx) => {
      const rows = await tx.query(
        `update tenants set status = 'orphaned', former_status = status, updated_at = now(),
           missing_since = case when $3::float8 is null then now() - interval '10 minutes' else missing_since end
         where ${PRESENT} and ($3::float8 is null or (${isDue('$3')} and not ${TOO_MANY})) returning id`,
        [tenantId, organizationId, confirmAfterMs],
      );
      if (rows.length > 0) {
        await conclude(tx, audit);
        await tell(tx);
      }
      return rows.length > 0;
    });
  },

  /**
   * The organization is seen: denials are forgotten, and an orphaned tenant has its former status again.
   *
   * @param audit of an orphaned tenant's return, to its status
   * @returns the status that came back. Undefined: the tenant was not orphaned, or before its status was kept
   */
  async markSeen(
    { tenantId, organizationId }: Mapping,
    audit: (status: TenantStatus) => AuditRow,
  ): Promise<TenantStatus | undefined> {
    return db.transaction(async (tx) => {
      const [restored] = await tx.query<{ status: TenantStatus }>(
        `update tenants set status = former_status, former_status = null, missing_since = null, updated_at = now()
         where id = $1 and organization_id = $2 and ${mayGo('restore')} and former_status in ('active', 'suspended')
         returning status`,
        [tenantId, organizationId],
      );
      if (restored) await conclude(tx, audit(restored.status));
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
const randomPlace = (): string => Math.random().toString(36).slice(2, 4);
