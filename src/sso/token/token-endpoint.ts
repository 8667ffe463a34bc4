import { reasonOf } from '../../audit-trail/audited.ts';
import type { Actor } from '../../core/identity.ts';
import type { RecordOccurrence } from '../../core/ports.ts';
import type { ReplyOf } from '../../http/endpoint.ts';
import { endFailedAttempt, failedBefore, invalidGrant } from '../codes/code-attempt.ts';
import type { SsoStore } from '../codes/store.ts';
import type { Exchange } from '../codes/workos-exchange.ts';
import type { ssoContract } from '../protocol/contract.ts';
import type { SealedCode } from '../protocol/flow.ts';
import { namedBy } from '../protocol/login-target.ts';
import type { AccessTokens } from './access-tokens.ts';
import {
  checkTokenRequest,
  type TokenInput,
  type TokenRequestDeps,
} from './check-token-request.ts';
import { tenantOfProfile, type ProfileTenantDeps } from './tenant-of-profile.ts';

export interface TokenEndpointDeps extends TokenRequestDeps, ProfileTenantDeps {
  readonly exchange: Exchange;
  readonly accessTokens: AccessTokens;
  readonly store: SsoStore;
  readonly recordOccurrence: RecordOccurrence;
}

type TokenReply = ReplyOf<typeof ssoContract, 'exchangeSsoCode'>;

export type TokenEndpoint = ReturnType<typeof createTokenEndpoint>;

export function createTokenEndpoint(deps: TokenEndpointDeps) {
  const { sealer, exchange, store } = deps;

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

  /** @param onRecorded called once the audit trail has a row of the tenant */
  const redeem = async (input: TokenInput, onRecorded: () => void): Promise<TokenReply> => {
    const { client, sealed, requested } = await checkTokenRequest(deps, input);
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
      const tenantId = await tenantOfProfile(deps, token.profile, sealed.selector, client);
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

const secondsSince = (time: number): number => Math.floor(Date.now() / 1_000) - time;
