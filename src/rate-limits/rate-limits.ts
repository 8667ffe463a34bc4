import type { Priority } from '../core/caller.ts';
import { Problem } from '../core/problem.ts';
import type { Database } from '../db/database.ts';
import type { RateLimits, RequestWeight } from '../http/rate-limits.ts';
import { createQuota, type Quota, type WaitMs } from './quota.ts';
import { createPointStore, WINDOW_SECONDS } from './store.ts';

export type LimitedBy = 'client' | 'tenant';

export interface RateLimitsDeps {
  readonly db: Database;
  /** Points per minute; 0 for no limit. */
  readonly limits: Readonly<Record<LimitedBy, number>>;
  /** Called for each refused request. */
  readonly onRefused: (by: LimitedBy) => void;
  /** Called when Postgres did not answer, so that this process counts alone for a while. */
  readonly onAlone: (error: unknown) => void;
}

/**
 * Limits requests per client and per tenant, over all replicas. Requests that a person waits for are
 * counted apart from all others, so that a client cannot use up its own logins and portal links with
 * reads. Logins count for no tenant: one user of a tenant must not be able to lock out the others.
 */
export function createRateLimits({ db, limits, onRefused, onAlone }: RateLimitsDeps): RateLimits {
  const quotaOf = (by: LimitedBy): Quota | undefined =>
    limits[by] === 0
      ? undefined
      : createQuota({ limit: limits[by], store: createPointStore(db, limits[by], onAlone) });
  const quotas = { client: quotaOf('client'), tenant: quotaOf('tenant') };

  const spend = (by: LimitedBy, id: string, { priority, cost }: RequestWeight) =>
    quotas[by]?.take(`${by} ${KINDS[priority]} ${id}`, cost)?.then((waitMs) => {
      if (waitMs === undefined) return;
      onRefused(by);
      throw exceeded(by, limits[by], waitMs);
    });

  return {
    ofClient: (clientId, request) => spend('client', clientId, request),
    ofTenant: (tenantId, request) =>
      request.priority === 'login' ? undefined : spend('tenant', tenantId, request),
  };
}

/** Requests of different kinds are counted apart. */
const KINDS: Readonly<Record<Priority, string>> = {
  login: 'people',
  interactive: 'people',
  ordinary: 'others',
  batch: 'others',
};

const exceeded = (by: LimitedBy, limit: number, waitMs: WaitMs): Problem => {
  const seconds = Math.max(1, Math.ceil(waitMs / 1_000));
  return new Problem(
    'too-many-requests',
    `This ${by} has used its ${limit} points of this minute. A request costs one, a list one per ten objects. Try again in ${seconds} s.`,
    { retryAfter: seconds, rateLimits: [{ ...policyOf(by, limit), resetSeconds: seconds }] },
  );
};

const policyOf = (by: LimitedBy, limit: number) => ({
  name: by,
  quota: limit,
  windowSeconds: WINDOW_SECONDS,
  remaining: 0,
});
