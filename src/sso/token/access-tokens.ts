import type { z } from 'zod';
import { bearerOf } from '../../auth/authorization-header.ts';
import { hasScope, mayUseEveryTenant, type Client, type Tenant } from '../../core/identity.ts';
import { Problem } from '../../core/problem.ts';
import type { Profile, TokenResponse } from '../protocol/contract.ts';
import type { Exchange, ExchangedProfile, ExchangedToken } from '../codes/workos-exchange.ts';
import { isSealedClient, sealedClient, type SealedClient } from '../protocol/flow.ts';
import type { TokenSealer } from '../../core/encryption.ts';
import { openTenant, type Tenants } from '../protocol/login-target.ts';

/** Sealed into the access token that the sibling gets. */
interface SealedAccess extends SealedClient {
  /** WorkOS's access token. */
  readonly token: string;
  /** Null: a provider's login without a tenant. */
  readonly tenant: string | null;
  /** Signed in by a magic link, and so perhaps of no tenant. */
  readonly magicLink?: true;
}

export interface AccessDeps {
  readonly clients: { byId(id: string): Promise<Client | undefined> };
  readonly tenants: Tenants;
  readonly tenantOf: (organizationId: string) => Promise<Tenant | undefined>;
  readonly sealer: TokenSealer;
  readonly exchange: Exchange;
}

export type Access = ReturnType<typeof createAccess>;

/** WorkOS's access tokens live for 5 minutes where it does not say. */
const DEFAULT_SECONDS = 300;
const MAX_SECONDS = 3_600;

/** Access tokens: WorkOS's, wrapped, so that they are of use through us alone, and only while we allow it. */
export function createAccess({ clients, tenants, tenantOf, sealer, exchange }: AccessDeps) {
  /** True if the client may still use the login target of the token. */
  const isAllowed = async (access: SealedAccess): Promise<boolean> => {
    const { tenant, magicLink } = access;
    const client = await clients.byId(access.client);
    if (!client || !isSealedClient(client, access)) return false;
    if (client.disabled || !hasScope(client, 'sso:login')) return false;
    if (tenant === null) return magicLink ?? mayUseEveryTenant(client);
    return (await openTenant(tenants, client, tenant)) !== undefined;
  };

  /** True if the profile still belongs to the token's tenant, and the tenant is active. */
  const isOfSealed = async (profile: ExchangedProfile, access: SealedAccess): Promise<boolean> => {
    const organizationId = profile.organization_id ?? null;
    if (organizationId === null) return access.tenant === null;
    const tenant = await tenantOf(organizationId);
    return tenant?.status === 'active' && tenant.id === access.tenant;
  };

  return {
    grant(
      { access_token: token, expires_in = DEFAULT_SECONDS, profile, oauth_tokens }: ExchangedToken,
      client: Client,
      tenantId: string | null,
      magicLink: boolean,
    ): z.input<typeof TokenResponse> {
      const seconds = Math.min(Math.floor(expires_in), MAX_SECONDS);
      const access: SealedAccess = {
        token,
        ...sealedClient(client),
        tenant: tenantId,
        ...(magicLink && { magicLink }),
      };
      return {
        token_type: 'Bearer',
        access_token: sealer.seal('access', access, seconds),
        expires_in: seconds,
        profile: ofTenant(profile, tenantId),
        ...(oauth_tokens && { oauth_tokens }),
      };
    },

    /** @throws Problem `invalid-access-token`, also once the client or the tenant may no longer be used */
    async profile(authorization: string | undefined): Promise<z.input<typeof Profile>> {
      const access = sealer.open<SealedAccess>('access', bearerOf(authorization) ?? '');
      if (!access || !(await isAllowed(access))) throw invalidAccessToken();
      const profile = await exchange.profile(access.token);
      if (!profile) throw invalidAccessToken();
      // Once more: client or tenant may have lost its right while WorkOS was asked.
      if (!(await isOfSealed(profile, access)) || !(await isAllowed(access)))
        throw invalidAccessToken();
      return ofTenant(profile, access.tenant);
    },
  };
}

const invalidAccessToken = () =>
  new Problem('invalid-access-token', 'The access token is unknown or expired.');

const ofTenant = (profile: ExchangedProfile, tenantId: string | null) => ({
  ...profile,
  organization_id: tenantId,
});
