/** Domains of organizations. A verified domain belongs to one organization only. */
import { z } from 'zod';
import { emit } from '../events/events.ts';
import { ApiError } from '../http/operation.ts';
import { randomText } from '../state/ids.ts';
import type { OrganizationDomain } from '../state/organizations.ts';
import { timestamps, type World } from '../state/world.ts';

export const DomainName = z
  .string()
  .toLowerCase()
  .max(253)
  .regex(/^[a-z0-9-]+(\.[a-z0-9-]+)+$/);

export const DomainData = z.object({ domain: DomainName, state: z.enum(['pending', 'verified']) });
export type DomainData = z.infer<typeof DomainData>;

export function newDomain(
  world: World,
  organizationId: string,
  { domain, state }: DomainData,
): OrganizationDomain {
  return {
    object: 'organization_domain',
    id: world.newId('org_domain'),
    organization_id: organizationId,
    domain,
    state,
    ...(state === 'verified'
      ? { verification_strategy: 'manual' }
      : {
          verification_strategy: 'dns',
          verification_prefix: `fake-domain-verification-${randomText(6).toLowerCase()}`,
          verification_token: randomText(25),
        }),
    ...timestamps(world),
  };
}

export function allDomains(world: World): OrganizationDomain[] {
  return [...world.state.organizations.values()].flatMap(({ domains }) => domains);
}

/** @throws ApiError 409 if another organization has verified the domain */
export function requireUnclaimed(world: World, organizationId: string, domain: string): void {
  const claimed = allDomains(world).some(
    (other) =>
      other.domain === domain &&
      other.state === 'verified' &&
      other.organization_id !== organizationId,
  );
  if (claimed) throw domainConflict(domain);
}

export function domainConflict(domain: string): ApiError {
  return new ApiError(409, {
    code: 'domain_already_exists',
    message: `The domain '${domain}' is already in use.`,
  });
}

export function markVerified(world: World, domain: OrganizationDomain): void {
  domain.state = 'verified';
  domain.updated_at = world.now().toISOString();
  emit(world, 'organization_domain.verified', domain);
}

/** WorkOS does this when it found no DNS record within the verification period. */
export function markFailed(world: World, domain: OrganizationDomain): void {
  domain.state = 'failed';
  domain.updated_at = world.now().toISOString();
  emit(world, 'organization_domain.verification_failed', {
    reason: 'domain_verification_period_expired',
    organization_domain: domain,
  });
}

/** Emits the events for the difference between two lists of domains. */
export function emitDomains(
  world: World,
  before: readonly OrganizationDomain[],
  after: readonly OrganizationDomain[],
): void {
  const known = new Set(before);
  const kept = new Set(after);
  for (const domain of before)
    if (!kept.has(domain)) emit(world, 'organization_domain.deleted', domain);
  for (const domain of after)
    if (!known.has(domain)) {
      emit(world, 'organization_domain.created', domain);
      if (domain.state === 'verified') emit(world, 'organization_domain.verified', domain);
    }
}
