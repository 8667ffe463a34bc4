import { mayUseEveryTenant, mayUseTenant, type Client, type Tenant } from '../../core/identity.ts';
import { TenantId } from '../../core/wire-ids.ts';
import { AuthorizationError, type AuthorizationRequest } from './authorization-request.ts';
import type { Selector } from './flow.ts';

export interface Tenants {
  find(tenantId: string): Promise<Tenant | undefined>;
}

/** The tenant, if this client may sign users in to it now. */
export async function openTenant(
  tenants: Tenants,
  client: Client,
  tenantId: string,
): Promise<Tenant | undefined> {
  // Invalid tenant ids are not looked up: Postgres rejects some of their characters.
  if (!mayUseTenant(client, tenantId) || !TenantId.safeParse(tenantId).success) return undefined;
  const tenant = await tenants.find(tenantId);
  return tenant?.status === 'active' ? tenant : undefined;
}

/** Resolves the login target, in our parameters and in WorkOS's. @throws AuthorizationError */
export async function chosenSelector(
  client: Client,
  { organization, connection, provider }: AuthorizationRequest,
  tenants: Tenants,
): Promise<{ readonly selector: Selector; readonly upstream: Record<string, string> }> {
  if ([organization, connection, provider].filter((value) => value !== undefined).length !== 1)
    throw new AuthorizationError(
      'invalid_request',
      'organization',
      'Exactly one of organization, connection and provider is needed.',
    );
  if (organization !== undefined) {
    const tenant = await openTenant(tenants, client, organization);
    if (!tenant?.organizationId)
      throw new AuthorizationError(
        'organization_invalid',
        'organization',
        'There is no such tenant for this client, or it is not active.',
      );
    return { selector: { organization }, upstream: { organization: tenant.organizationId } };
  }
  if (connection !== undefined) {
    requireConnection(connection);
    return { selector: { connection }, upstream: { connection } };
  }
  requireProvider(client, provider);
  return { selector: { provider }, upstream: { provider } };
}

function requireConnection(connection: string): void {
  if (!/^[\x21-\x7e]{1,100}$/.test(connection))
    throw new AuthorizationError(
      'connection_invalid',
      'connection',
      'connection is not a connection id.',
    );
}

function requireProvider(client: Client, provider: string | undefined): asserts provider is string {
  if (!mayUseEveryTenant(client))
    throw new AuthorizationError(
      'unauthorized_client',
      'provider',
      'A provider’s login belongs to no tenant: only clients with * may begin one.',
    );
  if (provider === undefined || !/^[A-Za-z]{1,64}$/.test(provider))
    throw new AuthorizationError('invalid_request', 'provider', 'provider is not a provider.');
}
