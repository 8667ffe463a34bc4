import type { Logger } from 'pino';
import { createKeySet } from '../auth/key-set.ts';
import { createTokenVerifier } from '../auth/token-verifier.ts';
import type { Config, TokenIssuer } from '../config/config.ts';
import { describeCause } from '../core/describe-cause.ts';
import { createLogThrottle } from '../core/log-throttle.ts';
import type { Metrics } from './metrics/metrics.ts';
import type { Check } from './readiness.ts';

/** Verifiers of user and client tokens, with a readiness check for each issuer's keys. */
export function createTokenVerifiers(
  { userToken, clientToken, proxies }: Config,
  metrics: Metrics,
  logger: Logger,
) {
  const checks: Record<string, Check> = {};
  const verifier = (kind: 'client' | 'user', issuer: TokenIssuer | undefined) => {
    if (!issuer) return undefined;
    const failing = createLogThrottle((cause) => {
      logger.warn({ issuer: kind, cause }, 'the keys of the token issuer could not be fetched');
    });
    const onFetch = (outcome: 'ok' | 'failed', error?: unknown) => {
      metrics.keySets.inc({ issuer: kind, outcome });
      if (outcome === 'ok') failing.reset();
      else failing.say(describeCause(error));
    };
    const keySet = createKeySet({ url: issuer.jwksUrl, proxies, onFetch });
    checks[`${kind} token keys`] = async () =>
      (await keySet.isUsable())
        ? undefined
        : `no usable key is known; see ${kind.toUpperCase()}_TOKEN_JWKS_URL`;
    return createTokenVerifier(issuer, keySet);
  };
  return { user: verifier('user', userToken), client: verifier('client', clientToken), checks };
}
