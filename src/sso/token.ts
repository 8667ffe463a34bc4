import { createHash } from 'node:crypto';
import type { z } from 'zod';
import type { AuditRow } from '../audit-trail/writer.ts';
import type { Authenticator } from '../auth/passport.ts';
import type { Endpoint, Input } from '../http/endpoint.ts';
import {
  hasScope,
  mayUseEveryTenant,
  mayUseTenant,
  type Actor,
  type Client,
  type Tenant,
} from '../identity.ts';
import { Problem } from '../problem.ts';
import { authenticateClient } from './client-authentication.ts';
import type { ssoContract } from './contract.ts';
import type { Exchange, ExchangedProfile, ExchangedToken } from './exchange.ts';
import { challengeOf, type SealedAccess, type SealedCode, type Selector } from './flow.ts';
import type { Sealer } from './sealed.ts';
import type { SsoStore } from './store.ts';

export interface TokenDeps {
  readonly authenticator: Authenticator;
  readonly sealer: Sealer;
  readonly exchange: Exchange;
  readonly store: SsoStore;
  readonly tenants: { find(tenantId: string): Promise<Tenant | undefined> };
  /** The tenant that an organization is mapped to. */
  readonly tenantOf: (organizationId: string) => Promise<Tenant | undefined>;
  readonly onOutcome: (code: string) => void;
}

type Request = Input<(typeof ssoContract)['exchangeSsoCode'] & Endpoint>;
type TokenReply = z.input<(typeof ssoContract)['exchangeSsoCode']['reply']['body']>;
type ProfileReply = z.input<(typeof ssoContract)['getSsoProfile']['reply']['body']>;

/** WorkOS's access tokens live for 5 minutes where it does not say. */
const ACCESS_SECONDS = 300;

export function createTokenService(deps: TokenDeps) {
  const { sealer, exchange, store } = deps;

  /** All that spends nothing, so that a mistake can be mended. @throws Problem, in RFC 6749's terms */
  const checked = async ({
    body,
    headers,
  }: Request): Promise<{ client: Client; sealed: SealedCode }> => {
    const client = await authenticateClient(deps.authenticator, headers, body);
    if (body.grant_type !== 'authorization_code')
      throw new Problem('unsupported-grant-type', 'grant_type must be authorization_code.');
    if (!hasScope(client, 'sso:login'))
      throw new Problem('unauthorized-client', 'The client lacks the scope sso:login.');
    const sealed =
      body.code === undefined ? undefined : await sealer.open<SealedCode>('code', body.code);
    if (!sealed || sealed.client !== client.id) throw invalidGrant();
    if (body.redirect_uri !== undefined && body.redirect_uri !== sealed.redirectUri)
      throw invalidGrant();
    requireVerifier(sealed.challenge, body.code_verifier);
    await requireTenant(client, sealed.selector);
    return { client, sealed };
  };

  /** The tenant may have been suspended, or taken from the client, since the login began. */
  const requireTenant = async (client: Client, selector: Selector): Promise<void> => {
    if (!('organization' in selector)) return;
    const tenant = mayUseTenant(client, selector.organization)
      ? await deps.tenants.find(selector.organization)
      : undefined;
    if (tenant?.status !== 'active') throw invalidGrant();
  };

  /** The tenant that the profile proves, if it is the one that was asked for. @throws Problem `invalid-grant` */
  const tenantOf = async (
    profile: ExchangedProfile,
    selector: Selector,
    client: Client,
  ): Promise<string | null> => {
    const organizationId = profile.organization_id ?? null;
    const tenant = organizationId === null ? undefined : await deps.tenantOf(organizationId);
    const usable = tenant?.status === 'active' && mayUseTenant(client, tenant.id);
    const asked =
      ('organization' in selector && usable && tenant.id === selector.organization) ||
      ('connection' in selector && usable && profile.connection_id === selector.connection) ||
      ('provider' in selector && mayUseEveryTenant(client) && (organizationId === null || usable));
    if (!asked) throw invalidGrant();
    return tenant?.id ?? null;
  };

  const answer = async (
    token: ExchangedToken,
    client: Client,
    tenantId: string | null,
  ): Promise<TokenReply> => {
    const seconds = Math.max(1, Math.min(token.expires_in ?? ACCESS_SECONDS, 3_600));
    const access: SealedAccess = { token: token.access_token, client: client.id, tenant: tenantId };
    return {
      token_type: 'Bearer',
      access_token: await sealer.seal('access', access, seconds),
      expires_in: seconds,
      profile: profileReply(token.profile, tenantId),
      ...(token.oauth_tokens && { oauth_tokens: token.oauth_tokens as TokenReply['oauth_tokens'] }),
    };
  };

  const redeem = async ({ body, actor: stranger, ...rest }: Request): Promise<TokenReply> => {
    const { client, sealed } = await checked({ ...rest, body, actor: stranger });
    const actor: Actor = { ...stranger, client };
    const asked = 'organization' in sealed.selector ? sealed.selector.organization : undefined;
    if (
      !(await store.spend(
        createHash('sha256')
          .update(body.code ?? '')
          .digest(),
        actor,
        asked,
      ))
    )
      throw invalidGrant();
    const refuse = async (error: unknown): Promise<never> => {
      const outcome =
        error instanceof Problem && error.slug === 'invalid-grant' ? 'refused' : 'failed';
      await store
        .refused({ actor, outcome, tenantId: asked } satisfies AuditRow)
        .catch(() => undefined);
      throw error;
    };
    const token = await exchange.exchange(sealed.code, sealed.verifier).catch(refuse);
    if (!token) return refuse(invalidGrant());
    const tenantId = await tenantOf(token.profile, sealed.selector, client).catch(refuse);
    await store.signedIn({
      actor,
      tenantId: tenantId ?? undefined,
      profileId: token.profile.id,
      connectionId: token.profile.connection_id,
    });
    return answer(token, client, tenantId);
  };

  return {
    /** POST /sso/token */
    async exchangeCode(request: Request): Promise<TokenReply> {
      try {
        const reply = await redeem(request);
        deps.onOutcome('ok');
        return reply;
      } catch (error) {
        deps.onOutcome(error instanceof Problem ? error.slug.replaceAll('-', '_') : 'failed');
        throw error;
      }
    },

    /** GET /sso/profile. @throws Problem `invalid-access-token` */
    async profile(
      headers: Request['headers'],
      clients: { byId(id: string): Promise<Client | undefined> },
    ): Promise<ProfileReply> {
      const bearer = /^Bearer (\S+)$/i.exec(headers['authorization'] ?? '')?.[1];
      const access =
        bearer === undefined ? undefined : await sealer.open<SealedAccess>('access', bearer);
      const client = access && (await clients.byId(access.client));
      if (!client || client.disabled || !hasScope(client, 'sso:login')) throw invalidAccessToken();
      const { tenant } = access;
      if (tenant !== null)
        await requireTenant(client, { organization: tenant }).catch(refuseAccess);
      const profile = await exchange.profile(access.token);
      if (!profile) throw invalidAccessToken();
      const organization = profile.organization_id
        ? await deps.tenantOf(profile.organization_id)
        : undefined;
      if ((organization?.id ?? null) !== tenant) throw invalidAccessToken();
      return profileReply(profile, tenant);
    },
  };
}

const invalidGrant = () =>
  new Problem(
    'invalid-grant',
    'The code is unknown, used, expired, or not for this client, redirect URI or verifier.',
  );
const invalidAccessToken = () =>
  new Problem('invalid-access-token', 'The access token is unknown or expired.');
const refuseAccess = (): never => {
  throw invalidAccessToken();
};

/** RFC 7636 §4.6; a verifier without a challenge is a downgrade (RFC 9700 §2.1.1). */
function requireVerifier(challenge: string | undefined, verifier: string | undefined): void {
  if (challenge === undefined && verifier === undefined) return;
  const wellFormed = verifier !== undefined && /^[A-Za-z0-9._~-]{43,128}$/.test(verifier);
  if (!wellFormed || challengeOf(verifier) !== challenge) throw invalidGrant();
}

/** The reply's schema strips what it does not know; here only the id is mapped. */
const profileReply = (profile: ExchangedProfile, tenantId: string | null): ProfileReply =>
  ({ ...profile, object: 'profile', organization_id: tenantId }) as ProfileReply;
