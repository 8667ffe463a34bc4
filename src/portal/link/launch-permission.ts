import { requirePermission, requireClient } from '../../auth/permission.ts';
import { clientGone } from '../../auth/refusals.ts';
import type { ActingUser } from '../../core/identity.ts';
import { Problem } from '../../core/problem.ts';
import { organizationOf } from '../../tenants/model/status.ts';
import type { LaunchFacts, RoleSource } from '../stores/release-store.ts';
import { requireRegistered } from './return-url.ts';

/** The conditions for a portal link, the same for every way to request one. */
export const LINK_REQUIREMENT = { scope: 'portal:launch', actingUser: 'it-admin' } as const;

/** The user for whom a ticket or link is created. */
interface Holder {
  readonly tenantId: string;
  readonly userId: string;
  readonly roleSource: RoleSource;
}

/** Returns the holder as acting user. A role that came from a token cannot be read again and is assumed. */
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
 * Checks what a link for a launch needs: permission, and URLs whose origin is still registered for the
 * client. A link without these URLs would silently lead elsewhere than requested.
 *
 * @returns the id of the tenant's organization
 * @throws Problem those of `requireLaunchPermission`, `invalid-request`
 */
export function requireMintable(
  launch: LaunchHolder & Addresses,
  itAdminRoles: readonly string[],
): string {
  const organizationId = requireLaunchPermission(launch, itAdminRoles);
  if (!launch.client) throw launchGone();
  requireRegistered('return_url', launch.returnUrl, launch.client);
  requireRegistered('success_url', launch.successUrl, launch.client);
  return organizationId;
}

/**
 * Checks the permission of a ticket's holder again.
 *
 * @returns the id of the tenant's organization
 * @throws Problem `launch-gone`, those of `requirePermission` and `organizationOf`
 */
export function requireLaunchPermission(
  launch: LaunchHolder,
  itAdminRoles: readonly string[],
): string {
  if (!launch.client || launch.client.disabled || !launch.tenant) throw launchGone();
  const organizationId = requireLinkPermission(launch, launch, itAdminRoles);
  if (launch.long && !launch.needsSignedInUser)
    requireClient(launch.client, { scope: 'portal:invite' });
  return organizationId;
}

/**
 * Checks the permission again for a link that is created at once, without a ticket.
 *
 * @returns the id of the tenant's organization
 * @throws Problem those of `requirePermission` and `organizationOf`
 */
export function requireLinkPermission(
  holder: Holder,
  { client, tenant, registry }: LaunchFacts,
  itAdminRoles: readonly string[],
): string {
  if (!client) throw clientGone();
  const facts = {
    client,
    tenantId: holder.tenantId,
    tenant: tenant ?? undefined,
    user: holderOf(holder, itAdminRoles),
    registry: registry ?? undefined,
  };
  requirePermission(LINK_REQUIREMENT, facts, itAdminRoles);
  if (holder.roleSource === 'asserted') requireClient(client, { scope: 'users:assert' });
  if (!tenant) throw launchGone();
  return organizationOf(tenant);
}

export const launchGone = () =>
  new Problem('launch-gone', 'The link was used, has expired or never existed.');

export const setupPageClosed = () =>
  new Problem('setup-page-closed', 'The page is open for an hour, in the browser that opened it.');

/** The problem when a link was not released but the reason is already gone: the tenant was remapped, permission is back, or the row stayed locked. */
export const changedMeanwhile = () =>
  new Problem('provisioning-in-progress', 'The tenant was changed meanwhile; try again.', {
    retryAfter: 1,
  });
