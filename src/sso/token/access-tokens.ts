import type { z } from 'zod';
import { bearerOf } from '../../auth/authorization-header.ts';
import type { InputOf } from '../../http/endpoint.ts';
import { hasScope, mayUseEveryTenant, type Client } from '../../core/identity.ts';
import type { FindClient, FindTenant, FindTenantByOrganization } from '../../core/ports.ts';
import { Problem } from '../../core/problem.ts';
import type { ssoContract } from '../protocol/contract.ts';
import type { Profile, TokenResponse } from '../protocol/schemas.ts';
import type { Exchange, ExchangedProfile, ExchangedToken } from '../codes/workos-exchange.ts';
import { isSealedClient, sealedClient, type SealedClient } from '../protocol/flow.ts';
import type { TokenSealer } from '../../core/encryption.ts';
import { usableTenant } from '../protocol/login-target.ts';
import { requireSameId } from '../../workos/parse-reply.ts';

/** Sealed into the access token that the client gets. */
interface SealedAccessToken extends SealedClient {
  /** WorkOS's access token. */
  readonly token: string;
  /** Null for a login without a tenant: by provider or magic link. */
  readonly tenant: string | null;
  /** Id of the profile. Absent in tokens of older releases. */
  readonly profile?: string;
  /** Signed in by a magic link, which may have no tenant. */
  readonly magicLink?: true;
}

export interface AccessTokenDeps {
  readonly findClient: FindClient;
  readonly findTenant: FindTenant;
  readonly findTenantByOrganization: FindTenantByOrganization;
  readonly sealer: TokenSealer;
  readonly exchange: Exchange;
}

export type AccessTokens = ReturnType<typeof createAccessTokens>;

/** Lifetime of WorkOS's access tokens when its reply does not state it. */
const DEFAULT_SECONDS = 300;
const MAX_SECONDS = 3_600;

/**
 * Access tokens for `GET /sso/profile`. They seal WorkOS's own token, so they work only at Gatehouse
 * and only while the client and its tenant are allowed.
 */
export function createAccessTokens({
  findClient,
  findTenant,
  findTenantByOrganization,
  sealer,
  exchange,
}: AccessTokenDeps) {
  /** True if the client may still use the tenant of the token. */
  const isAllowed = async (sealed: SealedAccessToken): Promise<boolean> => {
    const { tenant, magicLink } = sealed;
    const client = await findClient(sealed.client);
    if (!client || !isSealedClient(client, sealed)) return false;
    if (client.disabled || !hasScope(client, 'sso:login')) return false;
    if (tenant === null) return magicLink ?? mayUseEveryTenant(client);
    return (await usableTenant(findTenant, client, tenant)) !== undefined;
  };

  /** True if the profile still belongs to the token's tenant, and the tenant is active. */
  const isOfTenant = async (
    profile: ExchangedProfile,
    sealed: SealedAccessToken,
  ): Promise<boolean> => {
    const organizationId = profile.organization_id ?? null;
    if (organizationId === null) return sealed.tenant === null;
    const tenant = await findTenantByOrganization(organizationId);
    return tenant?.status === 'active' && tenant.id === sealed.tenant;
  };

  return {
    /** Returns the reply of the token endpoint. @param tenantId null for a login without a tenant */
    grant(
      { access_token: token, expires_in = DEFAULT_SECONDS, profile, oauth_tokens }: ExchangedToken,
      client: Client,
      tenantId: string | null,
      magicLink: boolean,
    ): z.input<typeof TokenResponse> {
      const seconds = Math.min(Math.floor(expires_in), MAX_SECONDS);
      const sealed: SealedAccessToken = {
        token,
        ...sealedClient(client),
        tenant: tenantId,
        profile: profile.id,
        ...(magicLink && { magicLink }),
      };
      return {
        token_type: 'Bearer',
        access_token: sealer.seal('access', sealed, seconds),
        expires_in: seconds,
        profile: withTenant(profile, tenantId),
        ...(oauth_tokens && { oauth_tokens }),
      };
    },

    /** GET /sso/profile. @throws Problem `invalid-access-token`, also when the client or tenant is no longer allowed; UpstreamFailure */
    async profile({
      headers,
      identified,
      limited,
    }: InputOf<typeof ssoContract, 'getSsoProfile'>): Promise<z.input<typeof Profile>> {
      const token = bearerOf(headers.authorization) ?? '';
      const sealed = sealer.open<SealedAccessToken>('access', token);
      if (!sealed || !(await isAllowed(sealed))) throw invalidAccessToken();
      identified({ id: sealed.client });
      await limited({ id: sealed.client });
      const profile = await exchange.profile(sealed.token);
      if (!profile) throw invalidAccessToken();
      // WorkOS's URL is the same for all users, so a cache before WorkOS could answer with another user.
      if (sealed.profile !== undefined) requireSameId(sealed.profile, profile);
      // Check again: client or tenant may have lost permission during the call to WorkOS.
      if (!(await isOfTenant(profile, sealed)) || !(await isAllowed(sealed)))
        throw invalidAccessToken();
      return withTenant(profile, sealed.tenant);
    },
  };
}

const invalidAccessToken = () =>
  new Problem(
    'invalid-access-token',
    'The access token is unknown or expired: exchange the code of a new sign-in. It is the access_token of POST /sso/token, not the key of your client.',
  );

/** Replaces WorkOS's organization id by the tenant's. */
const withTenant = (profile: ExchangedProfile, tenantId: string | null) => ({
  ...profile,
  organization_id: tenantId,
});
