import { setTimeout as sleep } from 'node:timers/promises';
import type { WorkOS } from '@workos-inc/node';
import { BrokenCircuitError, CircuitState } from 'cockatiel';
import { LRUCache } from 'lru-cache';
import { createAdmission, type AdmissionWatch } from '../core/admission.ts';
import { checkCancelled, isCancelled, runToTheEnd } from '../core/caller.ts';
import { Cancelled } from '../core/cancellation.ts';
import type { Fullness } from '../core/places.ts';
import { lruBound } from '../core/lru-bound.ts';
import type { Proxies } from '../core/proxies.ts';
import type { Secret } from '../core/secret.ts';
import type { SpanStart } from '../core/span.ts';
import { inSpan } from '../core/tracing.ts';
import { Problem } from '../core/problem.ts';
import { failureOf, UpstreamFailure } from './failure.ts';
import { openGate, REST_MS, type Gate } from './gate.ts';
import { createGuardedFetch } from './guarded-fetch.ts';
import { createHold, type Hold } from './hold.ts';
import { createRetryBudget } from './retry-budget.ts';
import { buildSdk } from './sdk.ts';

/** Calls that share a circuit breaker: an outage of one class does not stop the others. */
export type UpstreamClass =
  | 'portal'
  | 'organizations'
  | 'setup'
  | 'sso'
  | 'connections'
  | 'directories'
  | 'directory_users'
  | 'audit_logs'
  | 'mfa'
  | 'passwordless'
  | 'users'
  | 'authorization'
  | 'api_keys'
  | 'widgets'
  | 'groups'
  | 'feature_flags'
  | 'events';

export interface CallOptions {
  readonly class: UpstreamClass;
  /** Rate limit bucket: a 429 blocks only calls with the same value. Default: the class. */
  readonly operation?: string | undefined;
  /** True if the call is idempotent and may be retried. */
  readonly repeatable: boolean;
  /** Object with a rate limit of its own, e.g. one directory. Default: the operation. */
  readonly limited?: string | undefined;
}

export interface Upstream {
  /** Runs one SDK call. @throws UpstreamFailure @throws Cancelled @throws Problem `upstream-rate-limited`, `workos-share-used`, `upstream-unavailable`, `overloaded` */
  call<T>(options: CallOptions, use: (workos: WorkOS) => Promise<T>): Promise<T>;
  /** Throws if a call would be refused locally. Check before consuming a single-use code. @throws Problem as `call` */
  requireOpen(options: Pick<CallOptions, 'class' | 'operation'>): void;
  /** Blocks an operation because WorkOS holds it back, as another process learned. */
  hold(operation: string, ms: number): void;
  close(): Promise<void>;
}

/** The requests to WorkOS that all processes may make together. */
export interface RequestBudget {
  /** Waits up to 1 s for a request of the current caller. @throws Problem `workos-share-used`, `upstream-rate-limited` */
  take(options: CallOptions): Promise<void>;
  /** Takes a request if there is one now. */
  tryTake(): boolean;
  /** Gives back a request that was not made. */
  giveBack(): void;
  /** Tells the other processes that WorkOS holds an operation back. */
  hold(operation: string, ms: number): void;
}

export interface UpstreamOptions {
  readonly baseUrl: URL;
  readonly apiKey: Secret;
  readonly clientId: string;
  readonly proxies?: Proxies;
  readonly maxInFlight?: number;
  /** How long a call waits for others to end, when too many are in progress. Default: 1 s. */
  readonly waitMs?: number;
  readonly watch?: AdmissionWatch;
  /** Default: none, so that requests are not limited. */
  readonly budget?: RequestBudget;
  /** @param failure undefined if the call succeeded */
  readonly onAttempt?: (
    group: UpstreamClass,
    failure: UpstreamFailure | Cancelled | undefined,
    seconds: number,
  ) => void;
  /** Called once for each class that is used. @param refuses true while its calls are refused */
  readonly onBreaker?: (group: UpstreamClass, refuses: () => boolean) => void;
}

export function createUpstream({
  baseUrl,
  apiKey,
  clientId,
  proxies,
  maxInFlight = 256,
  waitMs = 1_000,
  watch,
  budget = NO_BUDGET,
  onAttempt,
  onBreaker,
}: UpstreamOptions): Upstream {
  const guarded = createGuardedFetch({ baseUrl, connections: maxInFlight, proxies });
  const workos = buildSdk(baseUrl, apiKey, clientId, guarded.fetch);
  const gates = new Map<UpstreamClass, Gate>();
  const holds = new LRUCache<string, Hold>(lruBound(10_000));
  const retries = createRetryBudget();
  const admission = createAdmission({
    capacity: maxInFlight,
    waitMs,
    refuse: overloaded,
    watch,
  });
  const gateOf = (group: UpstreamClass): Gate => {
    const known = gates.get(group);
    if (known) return known;
    const gate = openGate();
    gates.set(group, gate);
    onBreaker?.(group, () => !gate.admits());
    return gate;
  };
  const holdOf = (key: string): Hold => {
    const hold = holds.get(key) ?? createHold();
    holds.set(key, hold);
    return hold;
  };
  const learn = (key: string, failure: UpstreamFailure): void => {
    const ms = holdOf(key).learn(failure);
    if (ms !== undefined) budget.hold(key, ms);
  };
  const attempt = async <T>(
    options: CallOptions,
    use: (workos: WorkOS) => Promise<T>,
    retry: number,
  ): Promise<T> => {
    holdOf(holdKeyOf(options)).check();
    checkCancelled();
    return inSpan(
      () => spanOf(options, retry),
      () => attemptNow(options, use),
    );
  };
  const attemptNow = async <T>(
    options: CallOptions,
    use: (workos: WorkOS) => Promise<T>,
  ): Promise<T> => {
    const { class: group } = options;
    const { breaker } = gateOf(group);
    const began = performance.now();
    const tell = (failure?: UpstreamFailure | Cancelled): void =>
      onAttempt?.(group, failure, (performance.now() - began) / 1_000);
    try {
      // A trial call closes the breaker or opens it again, for everybody.
      const isTrial = breaker.state !== CircuitState.Closed;
      const result = await breaker.execute(() =>
        isTrial ? runToTheEnd(() => use(workos)) : use(workos),
      );
      tell();
      return result;
    } catch (error) {
      if (error instanceof BrokenCircuitError) throw closed();
      const failure = cancelledOr(failureOf(error) ?? unreadable(error));
      tell(failure);
      if (failure instanceof UpstreamFailure) learn(holdKeyOf(options), failure);
      throw failure;
    }
  };

  return {
    async call(options, use) {
      holdOf(holdKeyOf(options)).check();
      if (gateOf(options.class).rests()) throw closed();
      await budget.take(options);
      const leave = await admission.enter().catch((error: unknown) => {
        budget.giveBack();
        throw error;
      });
      retries.earn();
      try {
        return await attempt(options, use, 0).catch(async (error: unknown) => {
          if (!options.repeatable || !failureOf(error)?.isWorthRepeating) throw error;
          if (!retries.spend() || !budget.tryTake()) throw error;
          await sleep(50 + Math.random() * 100);
          return attempt(options, use, 1);
        });
      } finally {
        leave();
      }
    },
    requireOpen(options) {
      const reason = admission.fullness();
      if (reason) throw overloaded(reason);
      holdOf(holdKeyOf(options)).check();
      if (!gateOf(options.class).admits()) throw closed();
    },
    hold(operation, ms) {
      holdOf(operation).extend(ms);
    },
    close: () => guarded.close(),
  };
}

const NO_BUDGET: RequestBudget = {
  take: () => Promise.resolve(),
  tryTake: () => true,
  giveBack: () => undefined,
  hold: () => undefined,
};

const spanOf = ({ class: group, operation }: CallOptions, retry: number): SpanStart => ({
  name: `WorkOS ${operation ?? group}`,
  kind: 'client',
  facts: {
    workosClass: group,
    workosOperation: operation,
    ...(retry > 0 && { retry }),
  },
});

/** Names what a 429 blocks: the object if it has a limit of its own, or the operation. */
const holdKeyOf = ({
  class: group,
  operation = group,
  limited = operation,
}: Omit<CallOptions, 'repeatable'>): string => `${group} ${limited}`;

/** The SDK throws on replies that lack an expected field. Only the error's name is kept: its message may quote the reply. */
const unreadable = (error: unknown) =>
  new UpstreamFailure('invalid-response', {
    reason: error instanceof Error ? error.name : 'unknown',
  });

/** A failed call whose caller has left was probably stopped by us, which says nothing about WorkOS. */
const cancelledOr = (failure: UpstreamFailure): UpstreamFailure | Cancelled =>
  isCancelled() ? new Cancelled('The caller left while WorkOS was asked.') : failure;

const overloaded = (reason: Fullness) =>
  new Problem(
    'overloaded',
    reason === 'client'
      ? 'Too many calls to WorkOS for this client are in progress.'
      : 'Too many calls to WorkOS are in progress.',
    { retryAfter: 1 },
  );

const closed = () =>
  new Problem(
    'upstream-unavailable',
    'WorkOS is failing, so Gatehouse has paused its calls for a few seconds.',
    {
      retryAfter: REST_MS / 1_000,
    },
  );
