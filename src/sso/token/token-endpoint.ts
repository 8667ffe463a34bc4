import type { Authenticator } from '../../auth/passport.ts';
import type { InputOf, ReplyOf } from '../../http/endpoint.ts';
import {
  hasScope,
  mayUseEveryTenant,
  mayUseTenant,
  type Actor,
  type Client,
  type Tenant,
} from '../../core/identity.ts';
import { invalidField, Problem } from '../../core/problem.ts';
import type { Access } from './access-tokens.ts';
import { authenticateClient } from './client-authentication.ts';
import { endFailedAttempt, invalidGrant } from '../codes/code-attempt.ts';
import type { ssoContract } from '../protocol/contract.ts';
import type { Exchange, ExchangedProfile } from '../codes/workos-exchange.ts';
import { challengeOf, isSealedClient, type SealedCode, type Selector } from '../protocol/flow.ts';
import type { TokenSealer } from '../../core/encryption.ts';
import { openTenant, type Tenants } from '../protocol/login-target.ts';
import type { SsoStore } from '../codes/store.ts';

export interface TokenDeps {
  readonly authenticator: Authenticator;
  readonly sealer: TokenSealer;
  readonly exchange: Exchange;
  readonly access: Access;
  readonly store: SsoStore;
  readonly tenants: Tenants;
  /** The tenant that an organization is mapped to. */
  readonly tenantOf: (organizationId: string) => Promise<Tenant | undefined>;
  /** Turns an error into the problem that the caller gets. */
  readonly toProblem: (error: unknown) => Problem;
  readonly onOutcome: (code: string) => void;
}

type Request = InputOf<typeof ssoContract, 'exchangeSsoCode'>;
type TokenReply = ReplyOf<typeof ssoContract, 'exchangeSsoCode'>;

export function createTokenService(deps: TokenDeps) {
  const { sealer, exchange, store } = deps;

  /** All that spends nothing, so that a mistake can be mended. @throws Problem, in RFC 6749's terms */
  const checked = async ({ body, headers, identified }: Request) => {
    const client = await authenticateClient(deps.authenticator, headers, body);
    identified(client);
    requireGrant(client, body.grant_type);
    if (!body.code) throw invalidField('code', 'required', 'is required');
    const sealed = sealer.open<SealedCode>('code', body.code);
    if (!sealed || !isSealedClient(client, sealed)) throw invalidGrant();
    if (body.redirect_uri && body.redirect_uri !== sealed.redirectUri) throw invalidGrant();
    requireVerifier(sealed.challenge, body.code_verifier);
    // The tenant may have been suspended, or taken from the client, since the login began.
    const asked = 'organization' in sealed.selector ? sealed.selector.organization : undefined;
    if (asked !== undefined && !(await openTenant(deps.tenants, client, asked)))
      throw invalidGrant();
    return { client, sealed, asked };
  };

  /** The tenant that the profile proves, if it is the one that was asked for. @throws Problem `invalid-grant` */
  const provenTenant = async (
    profile: ExchangedProfile,
    selector: Selector,
    client: Client,
  ): Promise<string | null> => {
    const organizationId = profile.organization_id ?? null;
    if (organizationId === null) {
      const isOfNoTenant = 'provider' in selector && mayUseEveryTenant(client);
      if (isOfNoTenant || answersMagicLink(selector, profile)) return null;
      throw invalidGrant();
    }
    const tenant = await deps.tenantOf(organizationId);
    if (tenant?.status !== 'active' || !mayUseTenant(client, tenant.id)) throw invalidGrant();
    if (!answers(selector, tenant.id, profile)) throw invalidGrant();
    return tenant.id;
  };

  const redeem = async (request: Request): Promise<TokenReply> => {
    const { client, sealed, asked } = await checked(request);
    const actor: Actor = { ...request.actor, client };
    exchange.requireOpen();
    const age = secondsSince(sealed.begunAt ?? sealed.iat);
    const spent = await store.spend({ code: sealed.code, age, actor, tenantId: asked });
    if (!spent) throw invalidGrant();
    try {
      const token = await exchange.exchange(sealed.code, sealed.verifier);
      if (!token) throw invalidGrant();
      const tenantId = await provenTenant(token.profile, sealed.selector, client);
      const { id: profileId, connection_id: connectionId } = token.profile;
      const isMagicLink = 'magicLink' in sealed.selector;
      const released = await store.release({
        ...{ actor, tenantId: tenantId ?? undefined, profileId, connectionId, isMagicLink },
        organizationId: token.profile.organization_id ?? null,
      });
      if (!released) throw invalidGrant();
      return deps.access.grant(token, client, tenantId, isMagicLink);
    } catch (error) {
      throw await endFailedAttempt(store, spent, error);
    }
  };

  return {
    /** POST /sso/token */
    async exchangeCode(request: Request): Promise<TokenReply> {
      try {
        const reply = await redeem(request);
        deps.onOutcome('ok');
        return reply;
      } catch (error) {
        deps.onOutcome(deps.toProblem(error).slug.replaceAll('-', '_'));
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

/** RFC 7636 §4.6; a verifier without a challenge is a downgrade (RFC 9700 §2.1.1). */
function requireVerifier(challenge: string | undefined, verifier: string | undefined): void {
  if (challenge === undefined && !verifier) return;
  const wellFormed = verifier !== undefined && /^[A-Za-z0-9._~-]{43,128}$/.test(verifier);
  if (!wellFormed || challengeOf(verifier) !== challenge) throw invalidGrant();
}

/** True if the profile belongs to the login target; a provider's profile may belong to any tenant. */
function answers(selector: Selector, tenantId: string, profile: ExchangedProfile): boolean {
  if ('organization' in selector) return selector.organization === tenantId;
  if ('connection' in selector) return selector.connection === profile.connection_id;
  return 'provider' in selector || answersMagicLink(selector, profile);
}

/** A link signs in the one whom it was sent to. */
function answersMagicLink(
  selector: Selector,
  { email, connection_id: connectionId }: ExchangedProfile,
): boolean {
  if (!('magicLink' in selector)) return false;
  const { magicLink } = selector;
  const isSame = email.toLowerCase() === magicLink.email.toLowerCase();
  return isSame && (magicLink.connection ?? connectionId) === connectionId;
}

const secondsSince = (time: number): number => Math.floor(Date.now() / 1_000) - time;
