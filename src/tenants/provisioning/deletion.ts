import type { AuditRows } from '../../audit-trail/audited.ts';
import type { Claim } from '../registry/claim-store.ts';
import type { Organizations } from '../organizations/organizations.ts';
import type { TenantRow } from '../model/row.ts';
import type { TenantStore } from '../registry/store.ts';

export interface DeletionDeps {
  readonly tenants: TenantStore;
  readonly organizations: Organizations;
}

/**
 * Deletes a tenant's organization at WorkOS, and then the tenant. The organization is the one of
 * our mapping. A tenant that has none may have left one behind in an unfinished provisioning: that
 * one is deleted if it carries the tenant's external id and mark, and is mapped to no tenant.
 */
export function createDeletion({ tenants, organizations }: DeletionDeps) {
  const leftBehind = async (tenantId: string): Promise<string | undefined> => {
    const found = await organizations.findByTenant(tenantId);
    const isOurs =
      found?.markedFor === tenantId && found.externalId === organizations.externalIdOf(tenantId);
    return isOurs ? found.id : undefined;
  };

  /** @returns false if the claim was taken over */
  const deleteOrganization = async (claim: Claim, from: TenantRow): Promise<boolean> => {
    const candidate = from.organizationId ?? (await leftBehind(claim.id));
    const held = await tenants.holdForDeletion(claim, candidate);
    if (held === 'lost') return false;
    if (held !== 'organization-taken' && held.organizationId !== null)
      await organizations.remove(held.organizationId);
    return true;
  };

  /** @returns false if another request works on the tenant */
  return async (claim: Claim, from: TenantRow, audit: AuditRows): Promise<boolean> => {
    if (!(await tenants.beginDelete(claim, from, audit('attempted')))) return false;
    try {
      return (
        (await deleteOrganization(claim, from)) &&
        (await tenants.markDeleted(claim, audit('succeeded')))
      );
    } catch (error) {
      // If this fails too, the lease runs out, and the reconciler goes on.
      await tenants.pauseDeletion(claim).catch(() => undefined);
      throw error;
    }
  };
}
