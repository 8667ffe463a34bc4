import { Problem } from '../../core/problem.ts';
import { isSame } from '../model/profile.ts';
import type { ClaimRequest, TenantProfile } from '../model/row.ts';
import {
  organizationConflict,
  organizationTaken,
  provisioningInProgress,
} from '../model/status.ts';
import {
  requireAdoptable,
  type MappedOrganization,
  type OrganizationChanges,
} from '../organizations/organization.ts';
import type { Organizations } from '../organizations/organizations.ts';
import type { Claim, Refused } from '../registry/claim-store.ts';
import type { TenantStore } from '../registry/store.ts';

export interface OrganizationFinderDeps {
  readonly tenants: Pick<TenantStore, 'holderOf' | 'reserve'>;
  readonly organizations: Organizations;
}

/**
 * Finds or creates the organization of a claim: the one to adopt, the tenant's own, or else a new one.
 *
 * @throws Problem `organization-conflict`, `provisioning-in-progress`, `upstream-*`
 */
export function createOrganizationFinder({ tenants, organizations }: OrganizationFinderDeps) {
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
        'An organization with this tenant’s external id exists that Gatehouse did not create; adopt it by its id.',
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
    if (outcome !== 'ours') throw refusedClaim(outcome);
  };

  return organizationFor;
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

export const refusedClaim = (outcome: Refused): Problem =>
  outcome === 'lost' ? provisioningInProgress() : organizationTaken();
