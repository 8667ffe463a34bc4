import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { LRUCache } from 'lru-cache';
import { lruBound } from '../../core/lru-bound.ts';
import { auditRows, recordingFailure, type AuditRows } from '../../audit-trail/audited.ts';
import type { AuditRow } from '../../audit-trail/writer.ts';
import type { Actor } from '../../core/identity.ts';
import { Problem } from '../../core/problem.ts';
import { failureOf } from '../../workos/failure.ts';
import type { Claim, Refused } from '../registry/claim-store.ts';
import {
  requireAdoptable,
  type MappedOrganization,
  type OrganizationChanges,
  type Organizations,
} from '../organizations/organizations.ts';
import { isSame } from '../changes/profile.ts';
import {
  organizationConflict,
  organizationTaken,
  provisioningInProgress,
} from '../model/status.ts';
import type { ClaimRequest, TenantProfile, TenantRow, TenantStore } from '../registry/store.ts';

const WAIT_MS = 2_000;
const POLL_MS = 60;

export interface ProvisioningDeps {
  readonly tenants: TenantStore;
  readonly organizations: Organizations;
}

export type Provisioning = ReturnType<typeof createProvisioning>;

/**
 * Guarantees exactly one organization per tenant, whatever fails. A claim row is committed before
 * the first call to WorkOS; then the organization is looked up by its external id, created if there
 * is none, and looked up again if a concurrent call created it first; then the claim ends. Whoever
 * takes over an abandoned claim starts from the beginning, so nothing depends on the memory of the
 * first process. No database connection or lock is held during the calls.
 */
export function createProvisioning({ tenants, organizations }: ProvisioningDeps) {
  /** Attempts that this process has abandoned: their leases need not expire first. */
  const abandonedAttempts = new LRUCache<string, true>(lruBound(10_000));

  const organizationFor = async (
    claim: Claim,
    profile: TenantProfile,
    request: ClaimRequest,
  ): Promise<MappedOrganization> => {
    if (request && 'adopt' in request) return adopt(claim, request.adopt, profile);
    const existing = await organizations.findByTenant(claim.id);
    const found =
      existing ??
      (await organizations.create(claim.id, profile, claim.attempt)) ??
      (await organizations.findByTenant(claim.id));
    if (!found)
      throw new Problem(
        'upstream-invalid-response',
        'WorkOS reports that the organization exists, but does not return it.',
      );
    if (found.markedFor !== claim.id)
      throw organizationConflict(
        'An organization with this tenant’s external id exists and is not ours; adopt it by its id.',
      );
    return withProfile(claim, found, profile);
  };

  /** Brings an organization that an earlier attempt created up to the wanted profile. */
  const withProfile = async (
    claim: Claim,
    found: MappedOrganization,
    profile: TenantProfile,
  ): Promise<MappedOrganization> => {
    const {
      name,
      domains = found.domains,
      metadata = found.metadata,
    } = organizationChangesOf(profile);
    const names = (list: typeof domains) => list.map(({ domain }) => domain).sort();
    const differs =
      name !== found.name ||
      !isSame(names(domains), names(found.domains)) ||
      !isSame(metadata, found.metadata);
    if (!differs) return found;
    await reserve(claim, found.id, profile);
    return organizations.update(found.id, claim.id, organizationChangesOf(profile), found);
  };

  const adopt = async (
    claim: Claim,
    organizationId: string,
    profile: TenantProfile,
  ): Promise<MappedOrganization> => {
    const found = await organizations.find(organizationId);
    if (!found) throw organizationConflict('WorkOS does not know this organization.');
    requireAdoptable(found, claim.id, organizations.externalIdOf(claim.id));
    await disownFormer(claim, organizationId, profile);
    await reserve(claim, organizationId, profile);
    return organizations.update(organizationId, claim.id, organizationChangesOf(profile), found);
  };

  /**
   * Takes the tenant's external id off another organization that it had before, or that an earlier
   * attempt created: an external id is unique at WorkOS.
   */
  const disownFormer = async (
    claim: Claim,
    organizationId: string,
    profile: TenantProfile,
  ): Promise<void> => {
    const other = await organizations.findByTenant(claim.id);
    if (!other || other.id === organizationId) return;
    const holder = await tenants.holderOf(other.id);
    if (other.markedFor !== claim.id || holder !== undefined)
      throw organizationConflict(
        'Another organization has this tenant’s external id; remove it from that one first.',
      );
    await reserve(claim, organizationId, profile);
    await organizations.disown(other.id);
  };

  /** @throws Problem if the organization belongs to another tenant, or the claim was taken over */
  const reserve = async (
    claim: Claim,
    organizationId: string,
    profile: TenantProfile,
  ): Promise<void> => {
    const fields = Object.keys(organizationChangesOf(profile));
    const outcome = await tenants.reserve(claim, organizationId, fields);
    if (outcome !== 'ours') throw problemOf(outcome);
  };

  /** Releases a failed claim, so that the next caller need not wait for its lease to expire. */
  const abandonClaim = async (claim: Claim, error: unknown, audit: AuditRows): Promise<void> => {
    abandonedAttempts.set(claim.attempt, true);
    const how = isConflict(error) ? 'conflict' : isFinal(error) ? 'park' : 'retry';
    // If this fails too, the lease runs out, and the reconciler goes on.
    await tenants.releaseClaim(claim, how, audit('failed'));
  };

  const activate = async (
    claim: Claim,
    organization: MappedOrganization,
    audit: AuditRow,
  ): Promise<TenantRow> => {
    const row = await tenants.activate(claim, organization, audit).catch((error: unknown) => {
      throw new Problem(
        'provisioning-incomplete',
        'The organization exists, but could not be recorded; put the tenant again.',
        { cause: error },
      );
    });
    if (row === 'lost' || row === 'organization-taken') throw problemOf(row);
    return row;
  };

  const isAbandoned = ({ leased, attempt }: TenantRow): boolean =>
    !leased || (attempt !== null && abandonedAttempts.has(attempt));

  return {
    newClaim: (id: string): Claim => ({ id, attempt: randomUUID() }),

    /** Carries out a claim that this process holds. @throws Problem after releasing the claim */
    async finish(
      claim: Claim,
      profile: TenantProfile,
      request: ClaimRequest,
      actor: Actor,
    ): Promise<TenantRow> {
      const audit = auditRows({ actor, tenantId: claim.id });
      return recordingFailure(
        async () => {
          const organization = await organizationFor(claim, profile, request);
          return activate(claim, organization, {
            ...audit('succeeded'),
            details: {
              organization_id: organization.id,
              ...(request && 'adopt' in request && { adopted: true }),
            },
          });
        },
        (error) => abandonClaim(claim, error, audit),
      );
    },

    /** True if a claim may be taken over: its lease has expired, or this process abandoned it. */
    isAbandoned,

    /** Waits for another request to finish provisioning the tenant. @throws Problem `provisioning-in-progress` after 2 s */
    async waitUntilProvisioned(id: string): Promise<TenantRow> {
      const deadline = performance.now() + WAIT_MS;
      while (performance.now() < deadline) {
        await sleep(POLL_MS + Math.random() * POLL_MS);
        const row = await tenants.byId(id);
        if (row && (row.status !== 'provisioning' || isAbandoned(row))) return row;
      }
      throw provisioningInProgress();
    },
  };
}

/** The profile as changes to an organization; empty fields leave an existing one unchanged. */
const organizationChangesOf = ({
  name,
  domains,
  metadata,
}: TenantProfile): OrganizationChanges => ({
  name,
  ...(domains.length > 0 && { domains }),
  ...(Object.keys(metadata).length > 0 && { metadata }),
});

const problemOf = (outcome: Refused): Problem =>
  outcome === 'lost' ? provisioningInProgress() : organizationTaken();

const isConflict = (error: unknown): boolean =>
  error instanceof Problem && error.slug === 'organization-conflict';

/** True if WorkOS rejected the request itself, so that a retry would fail the same way. */
const isFinal = (error: unknown): boolean => {
  const status = failureOf(error)?.facts.status;
  return status === 400 || status === 409 || status === 422;
};
