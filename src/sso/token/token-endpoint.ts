import type { Authenticator } from '../../auth/passport.ts';
import type { InputOf, ReplyOf } from '../../http/endpoint.ts';
import {
  hasScope,
  mayUseEveryTenant,
  mayUseTenant,
  type Actor,
  type Client,
} from '../../core/identity.ts';
import type { FindTenant, FindTenantByOrganization, RecordOccurrence } from '../../core/ports.ts';
import { reasonOf } from '../../audit-trail/audited.ts';
import { invalidField, Problem } from '../../core/problem.ts';
import type { AccessTokens } from './access-tokens.ts';
import { authenticateClient } from './client-authentication.ts';
import { endFailedAttempt, failedBefore, invalidGrant } from '../codes/code-attempt.ts';
import type { ssoContract } from '../protocol/contract.ts';
import type { Exchange, ExchangedProfile } from '../codes/workos-exchange.ts';
import {
  challengeOf,
  isSealedClient,
  type LoginTarget,
  type SealedCode,
} from '../protocol/flow.ts';
import type { TokenSealer } from '../../core/encryption.ts';
import { namedBy, usableTenant } from '../protocol/login-target.ts';
import type { SsoStore } from '../codes/store.ts';

export interface TokenEndpointDeps {
  readonly authenticator: Authenticator;
  readonly sealer: TokenSealer;
  readonly exchange: Exchange;
  readonly accessTokens: AccessTokens;
  readonly store: SsoStore;
  readonly findTenant: FindTenant;
  readonly findTenantByOrganization: FindTenantByOrganization;
  readonly recordOccurrence: RecordOccurrence;
}

type TokenInput = InputOf<typeof ssoContract, 'exchangeSsoCode'>;
type TokenReply = ReplyOf<typeof ssoContract, 'exchangeSsoCode'>;

export type TokenEndpoint = ReturnType<typeof createTokenEndpoint>;

export function createTokenEndpoint(deps: TokenEndpointDeps) {
  const { sealer, exchange, store } = deps;

  /** Makes every check that spends nothing, so that a wrong request can be corrected. @throws Problem with an OAuth error code */
  const checkRequest = async ({ body, headers, identified, limited }: TokenInput) => {
    const client = await authenticateClient(deps.authenticator, headers, body);
    identified(client);
    await limited(client);
    requireGrant(client, body.grant_type);
    if (!body.code) throw invalidField('code', 'required', 'is required');
    const sealed = sealer.open<SealedCode>('code', body.code);
    if (!sealed) throw invalidGrant('code_unreadable');
    const { selector: target } = sealed;
    const requested = 'organization' in target ? target.organization : undefined;
    await checkSealed(client, sealed, body, requested);
    return { client, sealed, requested };
  };

  /** @throws Problem `invalid-grant` */
  const checkSealed = async (
    client: Client,
    sealed: SealedCode,
    body: TokenInput['body'],
    requested: string | undefined,
  ): Promise<void> => {
    if (!isSealedClient(client, sealed)) throw invalidGrant('code_of_other_client');
    if (body.redirect_uri && body.redirect_uri !== sealed.redirectUri)
      throw invalidGrant('redirect_uri_differs');
    requireVerifier(sealed.challenge, body.code_verifier);
    // The tenant may have been suspended, or taken from the client, since the login began.
    if (requested !== undefined && !(await usableTenant(deps.findTenant, client, requested)))
      throw invalidGrant(
        mayUseTenant(client, requested) ? 'tenant_not_active' : 'client_not_allowed',
      );
  };

  /** For a refusal that leaves no audit row of the tenant. Nothing is known without a readable code. */
  const recordRefusal = ({ body, actor }: TokenInput, error: unknown): void => {
    const sealed = sealer.open<SealedCode>('code', body.code ?? '');
    if (!sealed) return;
    deps.recordOccurrence({
      ...namedBy(sealed.selector),
      operation: actor.operation,
      outcome: 'refused',
      reason: reasonOf(error).reason,
      clientId: sealed.client,
      requestId: actor.requestId,
    });
  };

  /**
   * Finds the tenant that the profile belongs to.
   *
   * @returns null for a login without a tenant
   * @throws Problem `invalid-grant` if the profile does not match the login target
   */
  const tenantOfProfile = async (
    profile: ExchangedProfile,
    target: LoginTarget,
    client: Client,
  ): Promise<string | null> => {
    const organizationId = profile.organization_id ?? null;
    if (organizationId === null) {
      const isProviderLogin = 'provider' in target && mayUseEveryTenant(client);
      if (isProviderLogin || matchesMagicLink(target, profile)) return null;
      throw invalidGrant('profile_of_other_tenant');
    }
    const tenant = await deps.findTenantByOrganization(organizationId);
    if (!tenant || !matchesTarget(target, tenant.id, profile))
      throw invalidGrant('profile_of_other_tenant');
    if (tenant.status !== 'active') throw invalidGrant('tenant_not_active');
    if (!mayUseTenant(client, tenant.id)) throw invalidGrant('client_not_allowed');
    return tenant.id;
  };

  /** @param onRecorded called once the audit trail has a row of the tenant */
  const redeem = async (input: TokenInput, onRecorded: () => void): Promise<TokenReply> => {
    const { client, sealed, requested } = await checkRequest(input);
    const actor: Actor = { ...input.actor, client };
    exchange.requireOpen();
    const age = secondsSince(sealed.begunAt ?? sealed.iat);
    const spent = await store.spend({ code: sealed.code, age, actor, tenantId: requested });
    if (!spent)
      throw (await store.hasFailed(sealed.code, client).catch(() => false))
        ? failedBefore()
        : invalidGrant('code_used');
    if (requested !== undefined) onRecorded();
    try {
      const token = await exchange.exchange(sealed.code, sealed.verifier);
      if (!token) throw invalidGrant('code_refused');
      const tenantId = await tenantOfProfile(token.profile, sealed.selector, client);
      const { id: profileId, connection_id: connectionId } = token.profile;
      const isMagicLink = 'magicLink' in sealed.selector;
      const released = await store.release({
        ...{ actor, tenantId: tenantId ?? undefined, profileId, connectionId, isMagicLink },
        organizationId: token.profile.organization_id ?? null,
      });
      if (!released) throw invalidGrant('permission_lost');
      return deps.accessTokens.grant(token, client, tenantId, isMagicLink);
    } catch (error) {
      throw await endFailedAttempt(store, spent, error);
    }
  };

  return {
    /** POST /sso/token */
    async exchangeCode(input: TokenInput): Promise<TokenReply> {
      const trail = { hasRow: false };
      try {
        return await redeem(input, () => {
          trail.hasRow = true;
        });
      } catch (error) {
        if (!trail.hasRow) recordRefusal(input, error);
        throw error;
      }
    },
  };
}

function requireGrant(client: Client, grantType: string | undefined): void {
  if (!grantType) throw invalidField('grant_type', 'required', 'is required');
  if (grantType !== 'authorization_code')
    throw new Problem('unsupported-grant-type', 'grant_type must be authorization_code.');
  if (!hasScope(client, 'sso:login'))
    throw new Problem('unauthorized-client', 'The client lacks the scope sso:login.');
}

/** RFC 7636 §4.6. Refuses a verifier without a challenge: it shows a PKCE downgrade (RFC 9700 §2.1.1). */
function requireVerifier(challenge: string | undefined, verifier: string | undefined): void {
  if (challenge === undefined && !verifier) return;
  const wellFormed = verifier !== undefined && /^[A-Za-z0-9._~-]{43,128}$/.test(verifier);
  if (!wellFormed || challengeOf(verifier) !== challenge) throw invalidGrant('verifier_wrong');
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
  const isSame = email.toLowerCase() === magicLink.email.toLowerCase();
  return isSame && (magicLink.connection ?? connectionId) === connectionId;
}

const secondsSince = (time: number): number => Math.floor(Date.now() / 1_000) - time;
