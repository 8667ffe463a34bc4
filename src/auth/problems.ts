import { Problem } from '../core/problem.ts';
import { KeysUnavailable } from './key-set.ts';

/** An issuer that cannot be asked is no reason to call a token bad. */
export const fromTokens = (error: unknown): Problem | undefined =>
  error instanceof KeysUnavailable
    ? new Problem('dependency-unavailable', 'The keys of the token’s issuer are not available.', {
        cause: error,
        retryAfter: 5,
      })
    : undefined;
