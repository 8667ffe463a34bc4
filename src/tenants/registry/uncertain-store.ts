import { INSERT_ROWS, rowsAsJson, type AuditRow } from '../../audit-trail/writer.ts';
import type { Database } from '../../db/database.ts';
import type { TenantRow } from '../model/row.ts';
import { COLUMNS } from './row-store.ts';
import { clearUncertain, hasLanded, markUncertain } from '../model/uncertain.ts';

/** One request that sends a profile to WorkOS. */
export interface Send {
  readonly tenantId: string;
  readonly attempt: string;
}

const BEGIN = {
  name: 'begin-profile-send',
  text: `with marked as (
      update tenants set ${markUncertain('$3::uuid', '$4::text[]')}
      where id = $2 and organization_id = $5 and profile_version = $6
        and status in ('active', 'suspended') and ($7::uuid is null or profile_unsure = $7)
      returning id)
    ${INSERT_ROWS} where exists (select 1 from marked) returning id`,
};
const REFUSED = {
  name: 'refused-profile-send',
  text: `with forgotten as (
      update tenants set ${clearUncertain('$3::uuid')} where id = $2 and profile_unsure = $3)
    ${INSERT_ROWS}`,
};

/** The SQL of writes to WorkOS whose outcome is unknown. See `uncertain.ts`. */
export const createUncertainStore = (db: Database) => ({
  /**
   * Marks the fields that are about to be sent as uncertain, in the statement that writes the audit
   * row `attempted`.
   *
   * @returns false if the tenant has changed since the row was read
   */
  async beginSend(
    { tenantId, attempt }: Send,
    fields: readonly string[],
    from: Pick<TenantRow, 'organizationId' | 'profileVersion'>,
    settledAttempt: string | undefined,
    audit: AuditRow,
  ): Promise<boolean> {
    const rows = await db.query(BEGIN, [
      rowsAsJson([audit]),
      tenantId,
      attempt,
      fields,
      from.organizationId,
      from.profileVersion,
      settledAttempt,
    ]);
    return rows.length > 0;
  },

  /** Clears the mark of an attempt that WorkOS has certainly not applied. */
  async forgetSend({ tenantId, attempt }: Send, audit: AuditRow): Promise<void> {
    await db.query(REFUSED, [rowsAsJson([audit]), tenantId, attempt]);
  },

  /** Tenants with an uncertain profile and no request still under way, oldest first. */
  uncertain(limit: number): Promise<TenantRow[]> {
    return db.query<TenantRow>(
      `select ${COLUMNS} from tenants where profile_unsure is not null
         and ${hasLanded('profile_unsure_since')} and status in ('active', 'suspended')
       order by profile_unsure_since limit $1`,
      [limit],
    );
  },

  /** True if a tenant that had the organization before may still have a write under way. */
  async isWrittenByFormer(organizationId: string): Promise<boolean> {
    const rows = await db.query(
      `select 1 from tenants where former_organization_id = $1 and not ${hasLanded('profile_unsure_since')}`,
      [organizationId],
    );
    return rows.length > 0;
  },
});
