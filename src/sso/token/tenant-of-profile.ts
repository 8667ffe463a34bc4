import { mayUseEveryTenant, mayUseTenant, type Client } from '../../core/identity.ts';
import { comparableAddress } from '../../core/mail-address.ts';
import type { FindTenantByOrganization } from '../../core/ports.ts';
import { invalidGrant } from '../codes/code-attempt.ts';
import type { ExchangedProfile } from '../codes/workos-exchange.ts';
import type { LoginTarget } from '../protocol/flow.ts';

export interface ProfileTenantDeps {
  readonly findTenantByOrganization: FindTenantByOrganization;
}

/**
 * Finds the tenant that the profile belongs to.
 *
 * @returns null for a login without a tenant
 * @throws Problem `invalid-grant` if the profile does not match the login target
 */
export async function tenantOfProfile(
  { findTenantByOrganization }: ProfileTenantDeps,
  profile: ExchangedProfile,
  target: LoginTarget,
  client: Client,
): Promise<string | null> {
  const organizationId = profile.organization_id ?? null;
  if (organizationId === null) {
    const isProviderLogin = 'provider' in target && mayUseEveryTenant(client);
    if (isProviderLogin || matchesMagicLink(target, profile)) return null;
    throw invalidGrant('profile_of_other_tenant');
  }
  const tenant = await findTenantByOrganization(organizationId);
  if (!tenant || !matchesTarget(target, tenant.id, profile))
    throw invalidGrant('profile_of_other_tenant');
  if (tenant.status !== 'active') throw invalidGrant('tenant_not_active');
  if (!mayUseTenant(client, tenant.id)) throw invalidGrant('client_not_allowed');
  return tenant.id;
}

/** True if the profile belongs to the login target. A provider's profile may belong to any tenant. */
function matchesTarget(target: LoginTarget, tenantId: string, profile: ExchangedProfile): boolean {
  if ('organization' in target) return target.organization === tenantId;
  if ('connection' in target) return target.connection === profile.connection_id;
  return 'provider' in target || matchesMagicLink(target, profile);
}

/** True if the profile is that of the person to whom the magic link was sent. */
function matchesMagicLink(
  target: LoginTarget,
  { email, connection_id: connectionId }: ExchangedProfile,
): boolean {
  if (!('magicLink' in target)) return false;
  const { magicLink } = target;
  const isSame = comparableAddress(email) === comparableAddress(magicLink.email);
  return isSame && (magicLink.connection ?? connectionId) === connectionId;
}
