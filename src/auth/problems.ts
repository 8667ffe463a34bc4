import { Problem } from '../core/problem.ts';
import { KeysUnavailable } from './key-set.ts';

/** An issuer that does not answer makes a 503 and not a 401: the token may be valid. */
export const fromTokens = (error: unknown): Problem | undefined =>
  error instanceof KeysUnavailable
    ? new Problem('dependency-unavailable', 'The keys of the token’s issuer are not available.', {
        cause: error,
        retryAfter: 5,
      })
    : undefined;
