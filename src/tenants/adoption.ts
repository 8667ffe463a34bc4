import { requireAdoptable } from './organizations/organization.ts';
import type { Organizations } from './organizations/organizations.ts';
import type { ClaimRequest } from './model/row.ts';
import {
  organizationConflict,
  organizationStillWritten,
  organizationTaken,
} from './model/status.ts';
import type { TenantStore } from './registry/store.ts';

interface AdoptionDeps {
  readonly tenants: TenantStore;
  readonly organizations: Organizations;
}

/**
 * Checks an adoption before anything is written, so that a wrong organization id leaves nothing behind.
 *
 * @param organizationId the organization to adopt, if the caller named one
 * @returns null if the tenant has this organization already, or none was named
 * @throws Problem `organization-conflict` if the tenant may not have it, `provisioning-in-progress` if its former tenant was just changed
 */
export async function adoptionOf(
  tenantId: string,
  organizationId: string | undefined,
  { tenants, organizations }: AdoptionDeps,
): Promise<ClaimRequest> {
  if (organizationId === undefined) return null;
  const known = await tenants.mappingOf(tenantId);
  const isOwn = known?.organizationId === organizationId;
  if (isOwn && known.status !== 'orphaned') return null;
  const holder = await tenants.holderOf(organizationId);
  if (holder !== undefined && holder !== tenantId) throw organizationTaken();
  if (await tenants.isWrittenByFormer(organizationId)) throw organizationStillWritten();
  const found = await organizations.find(organizationId);
  if (!found) throw organizationConflict('WorkOS does not know this organization.');
  requireAdoptable(found, tenantId, organizations.externalIdOf(tenantId));
  return { adopt: organizationId };
}
