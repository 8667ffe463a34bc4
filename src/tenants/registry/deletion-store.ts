import type { AuditRow } from '../../audit-trail/writer.ts';
import type { Database } from '../../db/database.ts';
import { isLeaseExpired, orOrganizationTaken, type Claim, type Refused } from './claim-store.ts';
import { LEASE } from './lease.ts';
import type { TenantRow } from '../model/row.ts';
import { recordAndNotify } from './row-store.ts';
import { mayTransition, OWN_ORGANIZATION } from '../model/transitions.ts';
import { hasLanded } from '../model/uncertain.ts';

/** The SQL of deletions. */
export const createDeletionStore = (db: Database) => ({
  /** Begins a deletion at WorkOS, or takes one over. @returns false if the tenant was changed in the meantime */
  beginDelete(claim: Claim, from: TenantRow, audit: AuditRow): Promise<boolean> {
    return db.transaction(async (tx) => {
      const rows = await tx.query(
        `update tenants set status = 'deleting', organization_id = ${OWN_ORGANIZATION}, attempt = $2,
           lease_until = ${LEASE}, request = '{"deleteOrganization":true}', updated_at = now()
         where id = $1 and ${mayTransition('beginDelete')} and status = $3 and attempt is not distinct from $4
           and ${isLeaseExpired('$5')} returning id`,
        [claim.id, claim.attempt, from.status, from.attempt, from.leased],
      );
      if (rows.length > 0) await recordAndNotify(tx, audit);
      return rows.length > 0;
    });
  },

  /**
   * Reserves the organization that a deletion deletes, so that nobody can adopt it: the tenant's
   * own, or else the given one if no tenant has it.
   *
   * @returns null if there is none
   */
  holdForDeletion(
    claim: Claim,
    organizationId: string | undefined,
  ): Promise<{ readonly organizationId: string | null } | Refused> {
    return orOrganizationTaken(
      db.transaction(async (tx) => {
        const [row] = await tx.query<{ organizationId: string | null }>(
          `update tenants set organization_id = coalesce(organization_id, $3), lease_until = ${LEASE}
           where id = $1 and attempt = $2 and status = 'deleting' returning organization_id as "organizationId"`,
          [claim.id, claim.attempt, organizationId],
        );
        return row ?? 'lost';
      }),
    );
  },

  /** Ends the lease of a failed deletion, so that it can be retried at once. The organization stays reserved. */
  async pauseDeletion(claim: Claim): Promise<void> {
    await db.query(
      `update tenants set lease_until = now() where id = $1 and attempt = $2 and status = 'deleting'`,
      [claim.id, claim.attempt],
    );
  },

  /**
   * Deletes the tenant and frees its organization for adoption.
   *
   * @returns false if the tenant was changed in the meantime
   */
  unlink(
    id: string,
    from: Pick<TenantRow, 'attempt' | 'leased'>,
    audit: AuditRow,
  ): Promise<boolean> {
    return leaveTombstone(
      db,
      `organization_id = null where id = $1 and ${mayTransition('unlink')}
         and attempt is not distinct from $2 and ${isLeaseExpired('$3')}
         and (status <> 'provisioning' or organization_id is null or ${hasLanded('profile_unsure_since')})`,
      [id, from.attempt, from.leased],
      audit,
    );
  },

  /** Ends a deletion; the deleted row keeps the organization reserved. @returns false if the claim was taken over */
  markDeleted(claim: Claim, audit: AuditRow): Promise<boolean> {
    const isOurs = `organization_id = organization_id where id = $1 and ${mayTransition('markDeleted')} and attempt = $2`;
    return leaveTombstone(db, isOurs, [claim.id, claim.attempt], audit);
  },
});

/** Turns the row into a tombstone: it has no profile, and its id stays taken. */
function leaveTombstone(
  db: Database,
  organizationAndCondition: string,
  values: readonly unknown[],
  audit: AuditRow,
): Promise<boolean> {
  return db.transaction(async (tx) => {
    const rows = await tx.query(
      `update tenants set status = 'deleted',
         former_organization_id = coalesce(${OWN_ORGANIZATION}, former_organization_id),
         domains = '[]', metadata = '{}', sign_in_client_id = null, sign_in_client_generation = null,
         former_status = null, missing_since = null, attempt = null, lease_until = null, request = null,
         profile_unsure = null, profile_unsure_fields = null, updated_at = now(), ${organizationAndCondition} returning id`,
      [...values],
    );
    if (rows.length > 0) await recordAndNotify(tx, audit);
    return rows.length > 0;
  });
}
