import type { TokenSealer } from '../../core/encryption.ts';
import type { Actor } from '../../core/identity.ts';
import { endFailedAttempt } from '../codes/code-attempt.ts';
import type { SsoStore } from '../codes/store.ts';
import type { Exchange, ExchangedProfile } from '../codes/workos-exchange.ts';
import type { CallbackError } from '../login/callback-error.ts';

/** How a test came back, sealed into the address of its result. */
export interface TestedSignIn {
  readonly launchId: string;
  readonly connectionId: string;
  /** Seconds since 1970. */
  readonly begunAt: number;
  readonly result: { readonly code: string; readonly verifier: string } | CallbackError;
}

export type TestOutcome =
  | { readonly profile: ExchangedProfile }
  | { readonly error: CallbackError }
  /** The result was shown before, is too old, or belongs to another setup page. */
  | 'over';

export interface ResultDeps {
  readonly sealer: TokenSealer;
  readonly exchange: Exchange;
  readonly store: SsoStore;
}

/** The setup page that asks for a result. */
export interface Asking {
  readonly launchId: string;
  readonly tenantId: string;
  readonly organizationId: string;
  readonly actor: Actor;
}

/** Returns the connection of a test that this setup page has begun, while its result may be fetched. */
export const connectionOf =
  (sealer: TokenSealer) =>
  (token: string, launchId: string): string | undefined => {
    const tested = sealer.open<TestedSignIn>('tested', token);
    return tested?.launchId === launchId ? tested.connectionId : undefined;
  };

/**
 * Exchanges the code of a test, once. Only a profile of the page's own organization is returned.
 *
 * @throws Problem `upstream-*`; if WorkOS did not receive the code, the same token works again
 */
export const createResultReader =
  ({ sealer, exchange, store }: ResultDeps) =>
  async (token: string, asking: Asking): Promise<TestOutcome> => {
    const { launchId, tenantId, actor } = asking;
    const tested = sealer.open<TestedSignIn>('tested', token);
    if (tested?.launchId !== launchId) return 'over';
    const { result, begunAt } = tested;
    if ('reason' in result) return { error: result };
    exchange.requireOpen();
    const age = Math.max(0, Math.floor(Date.now() / 1_000) - begunAt);
    const spent = await store.spend({ code: result.code, age, actor, tenantId });
    if (!spent) return 'over';
    try {
      const exchanged = await exchange.exchange(result.code, result.verifier);
      const outcome = outcomeOf(exchanged?.profile, tested, asking);
      await store.record({ actor, tenantId, ...factsOf(outcome) });
      return outcome;
    } catch (error) {
      throw await endFailedAttempt(store, spent, error);
    }
  };

type Outcome = Exclude<TestOutcome, 'over'>;

function outcomeOf(
  profile: ExchangedProfile | undefined,
  { connectionId }: TestedSignIn,
  { organizationId }: Asking,
): Outcome {
  if (!profile) return refused('code_refused');
  const isOwn =
    profile.organization_id === organizationId && profile.connection_id === connectionId;
  return isOwn ? { profile } : refused('profile_of_other_tenant');
}

const refused = (reason: string): Outcome => ({ error: { reason, said: undefined } });

const factsOf = (outcome: Outcome) =>
  'profile' in outcome
    ? ({
        outcome: 'succeeded',
        details: { profile_id: outcome.profile.id, connection_id: outcome.profile.connection_id },
      } as const)
    : ({ outcome: 'refused', details: { reason: outcome.error.reason } } as const);
