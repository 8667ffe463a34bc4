import type { Tenant } from '../../core/identity.ts';
import { Problem } from '../../core/problem.ts';

/** The organization of an active tenant. @throws Problem that explains why the tenant cannot be used */
export function organizationOf(tenant: Tenant): string {
  if (tenant.status === 'active' && tenant.organizationId !== null) return tenant.organizationId;
  throw notUsable(tenant);
}

export function notUsable({ status }: Pick<Tenant, 'status'>): Problem {
  switch (status) {
    case 'provisioning':
      return provisioningInProgress();
    case 'orphaned':
      return organizationMissing();
    case 'conflict':
      return organizationConflict(
        'An organization with this tenant’s external id exists that Gatehouse did not create; adopt it by its id.',
      );
    case 'deleting':
    case 'deleted':
      return tenantDeleted();
    case 'suspended':
    case 'active':
      return new Problem(
        'tenant-not-active',
        'The tenant is suspended; only PATCH /v1/tenants/{id} with {"status": "active"} ends that.',
      );
  }
}

export const provisioningInProgress = (): Problem =>
  new Problem(
    'provisioning-in-progress',
    'The tenant is being provisioned; try again in a moment.',
    { retryAfter: 2 },
  );

export const deletionInProgress = (): Problem =>
  new Problem(
    'provisioning-in-progress',
    'The tenant is being changed or deleted; try again in a moment.',
    { retryAfter: 2 },
  );

export const organizationMissing = (): Problem =>
  new Problem(
    'organization-missing',
    'WorkOS no longer has the tenant’s organization; the platform team has to act.',
  );

export const organizationConflict = (detail: string): Problem =>
  new Problem('organization-conflict', detail);

export const organizationTaken = (): Problem =>
  organizationConflict('The organization is mapped to another tenant.');

export const organizationStillWritten = (): Problem =>
  new Problem(
    'provisioning-in-progress',
    'The tenant that had this organization was changed a moment ago; try again in some seconds.',
    { retryAfter: 15 },
  );

export const tenantDeleted = (): Problem =>
  new Problem(
    'tenant-deleted',
    'This tenant id belonged to a deleted tenant and is not used again.',
  );

export const alreadyUsed = (): Problem =>
  new Problem('external-id-already-used', 'There is a tenant with this external_id already.');
