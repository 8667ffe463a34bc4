import { mayUseTenant, type Client, type Tenant } from '../../core/identity.ts';
import { undefinedIfNotFound } from '../../workos/failure.ts';
import type { UpstreamClass } from '../../workos/call-options.ts';
import type { RequestSender } from './request-sender.ts';

/**
 * Finds the tenant of an object at WorkOS. Undefined if the object does not exist or the client may not
 * use its tenant, null if the object names no organization.
 *
 * @throws UpstreamFailure
 */
export type TenantFinder = (
  client: Client,
  group: UpstreamClass,
  path: string,
) => Promise<Tenant | null | undefined>;

/** Looks up the tenants of organizations, by organization id. */
export type TenantsOf = (
  organizationIds: readonly string[],
) => Promise<ReadonlyMap<string, Tenant>>;

export function createTenantFinder(
  sender: Pick<RequestSender, 'knownOrganizationOf' | 'organizationOf'>,
  tenantsOf: TenantsOf,
): TenantFinder {
  const usable = async (client: Client, organizationId: string): Promise<Tenant | undefined> => {
    const tenant = (await tenantsOf([organizationId])).get(organizationId);
    return tenant && mayUseTenant(client, tenant.id) ? tenant : undefined;
  };
  return async (client, group, path) => {
    const known = sender.knownOrganizationOf(path);
    const tenant = known === undefined ? undefined : await usable(client, known);
    if (tenant) return tenant;
    // WorkOS is asked about another tenant's object even if it is known: otherwise the response time would reveal that it exists.
    const organizationId = await sender.organizationOf(group, path).catch(undefinedIfNotFound);
    if (organizationId === undefined || organizationId === null) return organizationId;
    return usable(client, organizationId);
  };
}
