import { Problem } from '../../core/problem.ts';
import { failureOf } from '../../workos/failure.ts';
import { CodeNotTaken } from './workos-exchange.ts';
import type { SpentCode, SsoStore } from './store.ts';

/**
 * Ends an attempt to exchange a code that came to an error. A code that WorkOS has not taken is
 * given back first, so that the caller can be told to try again with it.
 *
 * @returns the error to throw
 */
export async function endFailedAttempt(
  store: Pick<SsoStore, 'giveBack' | 'record'>,
  spent: SpentCode,
  error: unknown,
): Promise<unknown> {
  if (error instanceof CodeNotTaken) {
    // A code that could not be given back stays spent; the caller gets the first error.
    const isGivenBack = await store.giveBack(spent).catch(() => false);
    return isGivenBack ? toTryAgain(error.cause) : error.cause;
  }
  const outcome = isInvalidGrant(error) ? 'refused' : 'failed';
  const { actor, tenantId } = spent;
  // The attempt stands in the audit trail already; the caller's answer is worth more than its end.
  await store.record({ actor, outcome, tenantId }).catch(() => undefined);
  return error;
}

export const invalidGrant = () =>
  new Problem(
    'invalid-grant',
    'The code is unknown, used, expired, or not for this client, redirect URI or verifier.',
  );

const isInvalidGrant = (error: unknown): boolean =>
  error instanceof Problem && error.slug === 'invalid-grant';

/** SDKs repeat a 503, and `Retry-After` tells everybody else when to. */
function toTryAgain(cause: unknown): unknown {
  if (cause instanceof Problem || failureOf(cause)?.facts.status === 429) return cause;
  return new Problem(
    'upstream-unavailable',
    'WorkOS could not be reached. The code is still good: try again with it.',
    { cause, retryAfter: 1 },
  );
}
