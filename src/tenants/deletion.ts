import type { AuditRow } from '../audit-trail/writer.ts';
import type { Claim } from './claim-store.ts';
import type { Organizations } from './organizations.ts';
import type { TenantRow, TenantStore } from './store.ts';

export interface DeletionDeps {
  readonly tenants: TenantStore;
  readonly organizations: Organizations;
}

/**
 * Deletes a tenant's organization at WorkOS, and then the tenant. Our map says which one that is.
 * Of a tenant that never came to one, an unfinished provisioning may have left one behind: it is
 * deleted if it has the tenant's external id and mark, and is mapped to no tenant.
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

  /** @returns false if somebody else works on the tenant */
  return async (
    claim: Claim,
    from: TenantRow,
    { attempted, succeeded }: Readonly<Record<'attempted' | 'succeeded', AuditRow>>,
  ): Promise<boolean> => {
    if (!(await tenants.beginDelete(claim, from, attempted))) return false;
    try {
      return (await deleteOrganization(claim, from)) && (await tenants.bury(claim, succeeded));
    } catch (error) {
      // If even this fails, the lease ends by itself and the reconciler goes on.
      await tenants.pauseDeletion(claim).catch(() => undefined);
      throw error;
    }
  };
}
