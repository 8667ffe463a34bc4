import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { LRUCache } from 'lru-cache';
import { lruBound } from '../../core/lru-bound.ts';
import {
  auditRows,
  recordingFailure,
  withReason,
  type AuditRows,
} from '../../audit-trail/audited.ts';
import type { AuditRow } from '../../audit-trail/writer.ts';
import type { Actor } from '../../core/identity.ts';
import { runForAll } from '../../core/caller.ts';
import { Problem } from '../../core/problem.ts';
import { failureOf } from '../../workos/failure.ts';
import type { Claim } from '../registry/claim-store.ts';
import type { MappedOrganization } from '../organizations/organization.ts';
import type { Organizations } from '../organizations/organizations.ts';
import { createOrganizationFinder, refusedClaim } from './organization-for-claim.ts';
import type { ClaimRequest, TenantProfile, TenantRow } from '../model/row.ts';
import { provisioningInProgress } from '../model/status.ts';
import type { TenantStore } from '../registry/store.ts';

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
  const organizationFor = createOrganizationFinder({ tenants, organizations });
  const looks = createSharedLooks(tenants);

  /** Releases a failed claim, so that the next caller need not wait for its lease to expire. */
  const abandonClaim = async (claim: Claim, error: unknown, audit: AuditRows): Promise<void> => {
    abandonedAttempts.set(claim.attempt, true);
    const how = isConflict(error) ? 'conflict' : isFinal(error) ? 'park' : 'retry';
    // If this fails too, the lease runs out, and the reconciler goes on.
    await tenants.releaseClaim(claim, how, withReason(audit('failed'), error));
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
    if (row === 'lost' || row === 'organization-taken') throw refusedClaim(row);
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
        const row = await looks.next(id);
        if (row && (row.status !== 'provisioning' || isAbandoned(row))) return row;
      }
      throw provisioningInProgress();
    },
  };
}

/** One look at a tenant serves all requests that wait for it: they must not use up their client's sessions. */
function createSharedLooks(tenants: Pick<TenantStore, 'byId'>) {
  const planned = new Map<string, Promise<TenantRow | undefined>>();
  const look = async (id: string): Promise<TenantRow | undefined> => {
    await sleep(POLL_MS + Math.random() * POLL_MS);
    planned.delete(id);
    return tenants.byId(id);
  };
  return {
    /** Reads the tenant after a short pause. */
    next(id: string): Promise<TenantRow | undefined> {
      const next = planned.get(id) ?? runForAll(() => look(id), 'ordinary');
      planned.set(id, next);
      return next;
    },
  };
}

const isConflict = (error: unknown): boolean =>
  error instanceof Problem && error.slug === 'organization-conflict';

/** True if WorkOS rejected the request itself, so that a retry would fail the same way. */
const isFinal = (error: unknown): boolean => {
  const status = failureOf(error)?.facts.status;
  return status === 400 || status === 409 || status === 422;
};
