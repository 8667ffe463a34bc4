import { mayUseEveryTenant, mayUseTenant, type Client, type Tenant } from '../../core/identity.ts';
import type { FindTenant } from '../../core/ports.ts';
import { TenantId } from '../../core/wire-ids.ts';
import { AuthorizationError, type AuthorizationRequest } from './authorization-request.ts';
import type { LoginTarget } from './flow.ts';

/** Returns the tenant, or undefined if this client may not sign users in to it now. */
export async function usableTenant(
  findTenant: FindTenant,
  client: Client,
  tenantId: string,
): Promise<Tenant | undefined> {
  // Invalid tenant ids are not looked up: Postgres rejects some of their characters.
  if (!mayUseTenant(client, tenantId) || !TenantId.safeParse(tenantId).success) return undefined;
  const tenant = await findTenant(tenantId);
  return tenant?.status === 'active' ? tenant : undefined;
}

/**
 * Resolves the login target of a request.
 *
 * @returns the target, and the parameters that name it to WorkOS
 * @throws AuthorizationError
 */
export async function resolveLoginTarget(
  client: Client,
  request: AuthorizationRequest,
  findTenant: FindTenant,
): Promise<{ readonly target: LoginTarget; readonly upstream: Record<string, string> }> {
  requireOneSelector(request);
  const { organization, connection, provider } = request;
  if (organization !== undefined) {
    const tenant = await usableTenant(findTenant, client, organization);
    if (!tenant?.organizationId)
      throw new AuthorizationError(
        'organization_invalid',
        'organization',
        'There is no such tenant for this client, or it is not active.',
      );
    return { target: { organization }, upstream: { organization: tenant.organizationId } };
  }
  if (connection !== undefined) {
    requireConnection(connection);
    return { target: { connection }, upstream: { connection } };
  }
  requireProvider(client, provider);
  return { target: { provider }, upstream: { provider } };
}

/** The error codes are WorkOS's. */
function requireOneSelector({ organization, connection, provider, domain }: AuthorizationRequest) {
  if (domain !== undefined)
    throw new AuthorizationError(
      'domain_connection_selector_not_allowed',
      'domain',
      'Use organization or connection instead of domain.',
    );
  if ([organization, connection, provider].filter((value) => value !== undefined).length !== 1)
    throw new AuthorizationError(
      'invalid_connection_selector',
      'organization',
      'Exactly one of organization, connection and provider is needed.',
    );
}

function requireConnection(connection: string): void {
  if (!/^[\x21-\x7e]{1,100}$/.test(connection))
    throw new AuthorizationError(
      'connection_invalid',
      'connection',
      'connection must be the id of a connection at WorkOS.',
    );
}

function requireProvider(client: Client, provider: string | undefined): asserts provider is string {
  if (!mayUseEveryTenant(client))
    throw new AuthorizationError(
      'unauthorized_client',
      'provider',
      'Only clients that may use every tenant (*) can sign users in by provider.',
    );
  if (provider === undefined || !/^[A-Za-z]{1,64}$/.test(provider))
    throw new AuthorizationError(
      'invalid_request',
      'provider',
      'provider must be the name of a provider at WorkOS, e.g. GoogleOAuth.',
    );
}

/** The tenant or connection that a login names, as far as it names one. */
export function namedBy(target: LoginTarget): {
  readonly tenantId?: string;
  readonly connectionId?: string | undefined;
} {
  if ('organization' in target) return { tenantId: target.organization };
  if ('connection' in target) return { connectionId: target.connection };
  return 'magicLink' in target ? { connectionId: target.magicLink.connection } : {};
}
