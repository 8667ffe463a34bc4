import { reasonOf } from '../../audit-trail/audited.ts';
import { ExactReason } from '../../core/exact-reason.ts';
import { Problem } from '../../core/problem.ts';
import { failureOf } from '../../workos/failure.ts';
import { CodeNotTaken } from './workos-exchange.ts';
import type { SpentCode } from './spend-store.ts';
import type { SsoStore } from './store.ts';

/**
 * Ends an attempt to exchange a code that failed. If WorkOS did not receive the code, it is given
 * back first, so that the caller can be told to retry with it.
 *
 * @returns the error to throw
 */
export async function endFailedAttempt(
  store: Pick<SsoStore, 'giveBack' | 'record' | 'fail'>,
  spent: SpentCode,
  error: unknown,
): Promise<unknown> {
  if (error instanceof CodeNotTaken) {
    // If this fails, the code stays spent and the caller gets the original error.
    const isGivenBack = await store.giveBack(spent, reasonOf(error.cause)).catch(() => false);
    return isGivenBack ? retryable(error.cause) : error.cause;
  }
  const { actor, tenantId } = spent;
  const details = reasonOf(error);
  const recorded = isInvalidGrant(error)
    ? store.record({ actor, outcome: 'refused', tenantId, details })
    : store.fail(spent, details);
  // The audit trail already has the attempt; the reply must not fail because its outcome is missing.
  await recorded.catch(() => undefined);
  return error;
}

/** Callers cannot tell the reasons apart. */
export type GrantRefusal =
  | 'code_unreadable'
  | 'code_of_other_client'
  | 'redirect_uri_differs'
  | 'verifier_wrong'
  | 'code_used'
  | 'code_refused'
  | 'tenant_not_active'
  | 'client_not_allowed'
  | 'profile_of_other_tenant'
  | 'permission_lost';

export const invalidGrant = (reason: GrantRefusal) =>
  new Problem(
    'invalid-grant',
    'The code is unknown, used, expired, or not for this client, redirect URI or verifier. A code is good once and for ten minutes: begin a new sign-in.',
    { cause: new ExactReason(reason) },
  );

/** The answer to a repetition: SDKs send a code again after a 5xx, and would else blame the code. */
export const failedBefore = () =>
  new Problem(
    'invalid-grant',
    'The code is used up: an earlier exchange of it failed at WorkOS, which may have taken it. Start the sign-in again.',
  );

const isInvalidGrant = (error: unknown): boolean =>
  error instanceof Problem && error.slug === 'invalid-grant';

/** Returns an error that callers retry: SDKs retry a 503, others read `Retry-After`. */
function retryable(cause: unknown): unknown {
  if (cause instanceof Problem || failureOf(cause)?.facts.status === 429) return cause;
  return new Problem(
    'upstream-unavailable',
    'WorkOS could not be reached. The code is still good: try again with it.',
    { cause, retryAfter: 1 },
  );
}
