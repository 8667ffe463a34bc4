import { mayUseTenant, type Actor, type Client } from '../../core/identity.ts';
import type { FindTenant, RecordOccurrence } from '../../core/ports.ts';
import { parseStrictUrl } from '../../core/strict-url.ts';
import { TenantId } from '../../core/wire-ids.ts';
import type { AuthorizationRequest } from '../protocol/authorization-request.ts';

export interface RefusalRecorderDeps {
  readonly findTenant: FindTenant;
  readonly recordOccurrence: RecordOccurrence;
}

/**
 * Records a login that was refused before it began, if it names a tenant that exists: anybody may send such a
 * request.
 *
 * @param client undefined if it is not registered
 */
export const createRefusalRecorder =
  ({ findTenant, recordOccurrence }: RefusalRecorderDeps) =>
  async (
    request: AuthorizationRequest,
    client: Client | undefined,
    code: string,
    { operation, requestId }: Actor,
  ): Promise<void> => {
    const { organization = '', redirect_uri: redirectUri = '' } = request;
    if (!TenantId.safeParse(organization).success) return;
    // The refusal must not depend on the database.
    const tenant = await findTenant(organization).catch(() => undefined);
    if (!tenant) return;
    const mayUse = client !== undefined && mayUseTenant(client, tenant.id);
    const notUsable = mayUse ? 'tenant_not_active' : 'client_not_allowed';
    recordOccurrence({
      tenantId: tenant.id,
      operation,
      outcome: 'refused',
      reason: code === 'organization_invalid' ? notUsable : code,
      clientId: client?.id,
      requestId,
      said: code === 'unregistered_redirect_uri' ? addressOf(redirectUri) : undefined,
    });
  };

/** The address without its query, which may carry anything. */
const addressOf = (redirectUri: string): string | undefined => {
  const url = parseStrictUrl(redirectUri);
  return url && `${url.origin}${url.pathname}`;
};
