import { decide, requireClient, unauthenticated } from '../auth/permission.ts';
import type { ActingUser } from '../core/identity.ts';
import { Problem } from '../core/problem.ts';
import { organizationOf } from '../tenants/model/status.ts';
import type { LaunchFacts, RoleSource } from './release-store.ts';
import { requireRegistered } from './return-url.ts';

/** The conditions for a portal link, the same for every way to request one. */
export const LINK_REQUIREMENT = { scope: 'portal:launch', actingUser: 'it-admin' } as const;

interface Holder {
  readonly tenantId: string;
  readonly userId: string;
  readonly roleSource: RoleSource;
}

/** The user that a ticket was made for. A role that only a token vouched for cannot be read again. */
export const holderOf = (
  { userId, tenantId, roleSource }: Holder,
  itAdminRoles: readonly string[],
): ActingUser => ({
  id: userId,
  tenantId,
  roles: roleSource === 'registry' ? [] : itAdminRoles,
  source: roleSource === 'asserted' ? 'asserted' : 'token',
});

type LaunchHolder = Holder & LaunchFacts & { readonly needsSignedInUser: boolean };
interface Addresses {
  readonly returnUrl: string | null;
  readonly successUrl: string | null;
}

/**
 * All that a link for a launch takes: permission, and addresses that are still of an origin
 * registered for the client. A link without them would silently lead elsewhere than was asked.
 *
 * @returns the id of the tenant's organization
 * @throws Problem those of `requireLaunchPermission`, `invalid-request`
 */
export function requireMintable(
  launch: LaunchHolder & Addresses,
  itAdminRoles: readonly string[],
): string {
  const organizationId = requireLaunchPermission(launch, itAdminRoles);
  if (!launch.client) throw gone();
  requireRegistered('return_url', launch.returnUrl, launch.client);
  requireRegistered('success_url', launch.successUrl, launch.client);
  return organizationId;
}

/**
 * All of permission again, for a ticket's holder.
 *
 * @returns the id of the tenant's organization
 * @throws Problem `launch-gone`, those of `decide`, a status of the tenant
 */
export function requireLaunchPermission(
  launch: LaunchHolder,
  itAdminRoles: readonly string[],
): string {
  if (!launch.client || launch.client.disabled || !launch.tenant) throw gone();
  const organizationId = requireLinkPermission(launch, launch, itAdminRoles);
  if (launch.long && !launch.needsSignedInUser)
    requireClient(launch.client, { scope: 'portal:invite' });
  return organizationId;
}

/**
 * All of permission again, for a link that is minted at once.
 *
 * @returns the id of the tenant's organization
 * @throws Problem those of `decide`, a status of the tenant
 */
export function requireLinkPermission(
  holder: Holder,
  { client, tenant, registry }: LaunchFacts,
  itAdminRoles: readonly string[],
): string {
  if (!client) throw unauthenticated();
  const facts = {
    client,
    tenantId: holder.tenantId,
    tenant: tenant ?? undefined,
    user: holderOf(holder, itAdminRoles),
    registry: registry ?? undefined,
  };
  decide(LINK_REQUIREMENT, facts, itAdminRoles);
  if (holder.roleSource === 'asserted') requireClient(client, { scope: 'users:assert' });
  if (!tenant) throw gone();
  return organizationOf(tenant);
}

export const gone = () =>
  new Problem('launch-gone', 'The link was used, has expired or never existed.');

/** A link was kept back, and what it was kept back for is over: the tenant has another organization, or a right is back. */
export const changedMeanwhile = () =>
  new Problem('provisioning-in-progress', 'The tenant was changed meanwhile; try again.', {
    retryAfter: 1,
  });
