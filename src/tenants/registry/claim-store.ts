import { recordIn, type AuditRow } from '../../audit-trail/writer.ts';
import type { Database } from '../../db/database.ts';
import { isLeased } from '../../db/is-leased.ts';
import { isUniqueViolation } from '../../db/problems.ts';
import type { ClaimRequest, TenantDomain, TenantProfile, TenantRow } from '../model/row.ts';
import { LEASE } from './lease.ts';
import { COLUMNS, json } from './row-store.ts';
import { clearUncertain, markUncertain } from '../model/uncertain.ts';
import { mayTransition, OWN_ORGANIZATION, RESUMED } from '../model/transitions.ts';

export interface Claim {
  readonly id: string;
  readonly attempt: string;
}

/**
 * SQL: the lease of a provisioning or a deletion has expired.
 *
 * @param isAbandoned the parameter that is true if the caller knows that the holder has stopped
 */
export const isLeaseExpired = (isAbandoned: string): string =>
  `(status not in ('provisioning', 'deleting') or ${isAbandoned} or not ${isLeased('lease_until')})`;

/** `lost`: the claim was taken over. `organization-taken`: the organization belongs to another tenant. */
export type Refused = 'lost' | 'organization-taken';

/** An organization as WorkOS has it, to be stored with the tenant. */
export interface FoundOrganization {
  readonly id: string;
  readonly domains: readonly TenantDomain[];
  readonly metadata: Readonly<Record<string, string>>;
}

/** The SQL of claims. Each statement names the attempt, so that one that was taken over changes nothing. */
export const createClaimStore = (db: Database) => ({
  /** The id of the tenant that owns the organization, or has reserved it. */
  async holderOf(organizationId: string): Promise<string | undefined> {
    const statement = 'select id from tenants where organization_id = $1';
    return (await db.query<{ id: string }>(statement, [organizationId]))[0]?.id;
  },

  /**
   * Claims an unused tenant id, and reserves the organization to adopt.
   *
   * @returns false if the tenant id or the organization is taken
   */
  claimNew(
    claim: Claim,
    profile: TenantProfile,
    request: ClaimRequest,
    audit: AuditRow,
  ): Promise<boolean> {
    return db.transaction(async (tx) => {
      const rows = await tx.query(
        `insert into tenants (id, status, name, domains, metadata, sign_in_client_id, sign_in_client_generation,
           attempt, lease_until, request, organization_id)
         values ($1, 'provisioning', $2, $3, $4, $5, $6, $7, ${LEASE}, $8, $9) on conflict do nothing returning id`,
        [claim.id, ...profileValues(profile), claim.attempt, json(request), adopted(request)],
      );
      if (rows.length > 0) await recordIn(tx, audit);
      return rows.length > 0;
    });
  },

  /** Takes over a claim whose holder is gone, with the profile that is wanted now. */
  takeOverClaim(
    claim: Claim,
    from: TenantRow,
    profile: TenantProfile,
    request: ClaimRequest,
    audit: AuditRow,
  ): Promise<'ours' | Refused> {
    return orOrganizationTaken(
      db.transaction(async (tx) => {
        const rows = await tx.query(
          `update tenants set status = 'provisioning', name = $2, domains = $3, metadata = $4,
             sign_in_client_id = $5, sign_in_client_generation = $6, attempt = $7, lease_until = ${LEASE},
             request = $8, organization_id = $9,
             former_organization_id = coalesce(nullif(${OWN_ORGANIZATION}, $9), former_organization_id),
             updated_at = now()
           where id = $1 and ${mayTransition('claim')} and status = $10 and attempt is not distinct from $11
             and ${isLeaseExpired('$12')} returning id`,
          [
            claim.id,
            ...profileValues(profile),
            claim.attempt,
            json(request),
            adopted(request),
            from.status,
            from.attempt,
            from.leased,
          ],
        );
        if (rows.length > 0) await recordIn(tx, audit);
        return rows.length > 0 ? 'ours' : 'lost';
      }),
    );
  },

  /**
   * Called before a write to WorkOS: reserves the organization for this tenant, and renews the
   * lease so that the claim outlives the call.
   *
   * @param fields the fields that are about to be written
   */
  reserve(
    claim: Claim,
    organizationId: string,
    fields: readonly string[],
  ): Promise<'ours' | Refused> {
    return orOrganizationTaken(
      db.transaction(async (tx) => {
        const rows = await tx.query(
          `update tenants set organization_id = $3, lease_until = ${LEASE},
             ${markUncertain('$2::uuid', '$4::text[]')}
           where id = $1 and attempt = $2 and status = 'provisioning' returning id`,
          [claim.id, claim.attempt, organizationId, fields],
        );
        return rows.length > 0 ? 'ours' : 'lost';
      }),
    );
  },

  /** Ends a claim: the tenant has its organization. */
  activate(
    claim: Claim,
    { id, domains, metadata }: FoundOrganization,
    audit: AuditRow,
  ): Promise<TenantRow | Refused> {
    return orOrganizationTaken(
      db.transaction(async (tx) => {
        const [row] = await tx.query<TenantRow>(
          `update tenants set status = ${RESUMED}, former_status = null, missing_since = null,
             organization_id = $3, domains = $4, metadata = $5, profile_version = profile_version + 1,
             ${clearUncertain('$2::uuid')}, attempt = null, lease_until = null, request = null, updated_at = now()
           where id = $1 and attempt = $2 and ${mayTransition('activate')} returning ${COLUMNS}`,
          [claim.id, claim.attempt, id, json(domains), json(metadata)],
        );
        if (row) await recordIn(tx, audit);
        return row ?? 'lost';
      }),
    );
  },

  /**
   * Releases a claim that failed. `retry`: it may be taken over at once; `park`: only by the next
   * PUT, because a retry would fail the same way; `conflict`: a person has to decide. Only `retry`
   * keeps the organization reserved.
   */
  async releaseClaim(
    claim: Claim,
    how: 'retry' | 'park' | 'conflict',
    audit: AuditRow,
  ): Promise<void> {
    await db.transaction(async (tx) => {
      await tx.query(
        `update tenants set lease_until = case when $3 = 'retry' then now() end,
           status = case when $3 = 'conflict' then 'conflict' else status end,
           organization_id = case when $3 = 'retry' then organization_id end, updated_at = now()
         where id = $1 and attempt = $2 and ${mayTransition('conflict')}`,
        [claim.id, claim.attempt, how],
      );
      await recordIn(tx, audit);
    });
  },

  /** Claims whose lease has expired, oldest first. */
  withExpiredLease(limit: number): Promise<TenantRow[]> {
    return db.query<TenantRow>(
      `select ${COLUMNS} from tenants where lease_until is not null and not ${isLeased('lease_until')} and status in ('provisioning', 'deleting')
       order by lease_until limit $1`,
      [limit],
    );
  },
});

/** When two claims reserve one organization at the same time, the unique index lets only one succeed. */
export async function orOrganizationTaken<T>(work: Promise<T>): Promise<T | 'organization-taken'> {
  try {
    return await work;
  } catch (error) {
    if (isUniqueViolation(error, 'tenants_organization')) return 'organization-taken';
    throw error;
  }
}

const adopted = (request: ClaimRequest): string | null =>
  request && 'adopt' in request ? request.adopt : null;

const profileValues = (profile: TenantProfile) =>
  [
    profile.name,
    json(profile.domains),
    json(profile.metadata),
    profile.signInClientId,
    profile.signInClientGeneration,
  ] as const;
