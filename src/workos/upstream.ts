import { setTimeout as sleep } from 'node:timers/promises';
import { WorkOS } from '@workos-inc/node';
import {
  BrokenCircuitError,
  circuitBreaker,
  CircuitState,
  handleWhen,
  SamplingBreaker,
} from 'cockatiel';
import { LRUCache } from 'lru-cache';
import { lruBound } from '../core/lru-bound.ts';
import type { Secret } from '../core/secret.ts';
import { Problem } from '../core/problem.ts';
import { failureOf, UpstreamFailure } from './failure.ts';
import { createGuardedFetch } from './guarded-fetch.ts';
import { createHold, type Hold } from './hold.ts';
import { createRetryBudget } from './retry-budget.ts';

/** Calls that fail together: an outage of one class does not close the others. */
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
  | 'events';

export interface CallOptions {
  readonly class: UpstreamClass;
  /** What WorkOS limits together: its 429 holds back nothing else of the class. Default: the class. */
  readonly operation?: string | undefined;
  /** Whether doing it twice does no harm. Without it nothing is ever repeated. */
  readonly repeatable: boolean;
  /** What WorkOS counts apart, e.g. one directory: its 429 holds back nothing else. */
  readonly limited?: string | undefined;
}

/** WorkOS, through the guarded client. */
export interface Upstream {
  /** Runs one SDK call. @throws UpstreamFailure @throws Problem `upstream-rate-limited`, `upstream-unavailable`, `overloaded` */
  call<T>(options: CallOptions, use: (workos: WorkOS) => Promise<T>): Promise<T>;
  /** For what must not be spent on a call that is not going to be made. @throws Problem as `call`, before it asks */
  requireOpen(options: Pick<CallOptions, 'class' | 'operation'>): void;
  close(): Promise<void>;
}

export interface UpstreamOptions {
  readonly baseUrl: URL;
  readonly apiKey: Secret;
  readonly clientId: string;
  readonly maxInFlight?: number;
  readonly onAttempt?: (group: UpstreamClass, failure: UpstreamFailure | undefined) => void;
}

/** Of the calls that may be under way: kept free for logins, whatever else WorkOS is slow to answer. */
const SHARE_FOR_LOGINS = 1 / 8;

export function createUpstream({
  baseUrl,
  apiKey,
  clientId,
  maxInFlight = 256,
  onAttempt,
}: UpstreamOptions): Upstream {
  const guarded = createGuardedFetch({ baseUrl, connections: maxInFlight });
  const workos = buildSdk(baseUrl, apiKey, clientId, guarded.fetch);
  const gates = new Map<UpstreamClass, Gate>();
  const holds = new LRUCache<string, Hold>(lruBound(10_000));
  const retries = createRetryBudget();
  let inFlight = 0;
  const forLogins = Math.floor(maxInFlight * SHARE_FOR_LOGINS);
  const gateOf = (group: UpstreamClass): Gate => {
    const gate = gates.get(group) ?? openGate();
    gates.set(group, gate);
    return gate;
  };
  const holdOf = ({
    class: group,
    operation = group,
    limited = operation,
  }: Omit<CallOptions, 'repeatable'>): Hold => {
    const key = `${group} ${limited}`;
    const hold = holds.get(key) ?? createHold();
    holds.set(key, hold);
    return hold;
  };
  const requireRoom = (group: UpstreamClass) => {
    if (inFlight >= (group === 'sso' ? maxInFlight : maxInFlight - forLogins))
      throw new Problem('overloaded', 'Too many calls to WorkOS are under way.');
  };

  const attempt = async <T>(
    options: CallOptions,
    use: (workos: WorkOS) => Promise<T>,
  ): Promise<T> => {
    const { class: group } = options;
    const hold = holdOf(options);
    hold.check();
    try {
      const result = await gateOf(group).breaker.execute(() => use(workos));
      onAttempt?.(group, undefined);
      return result;
    } catch (error) {
      if (error instanceof BrokenCircuitError) throw closed();
      const failure = failureOf(error) ?? unreadable(error);
      onAttempt?.(group, failure);
      hold.learn(failure);
      throw failure;
    }
  };

  return {
    async call(options, use) {
      requireRoom(options.class);
      inFlight += 1;
      retries.earn();
      try {
        return await attempt(options, use).catch(async (error: unknown) => {
          if (!options.repeatable || !failureOf(error)?.isWorthRepeating || !retries.spend())
            throw error;
          await sleep(50 + Math.random() * 100);
          return attempt(options, use);
        });
      } finally {
        inFlight -= 1;
      }
    },
    requireOpen(options) {
      requireRoom(options.class);
      holdOf(options).check();
      if (!gateOf(options.class).admits()) throw closed();
    },
    close: () => guarded.close(),
  };
}

/** The SDK, with everything taken away that it does by itself. Never log it: its key is a plain property. */
const buildSdk = (
  baseUrl: URL,
  apiKey: Secret,
  clientId: string,
  fetchFn: typeof globalThis.fetch,
): WorkOS =>
  new WorkOS(apiKey.reveal(), {
    clientId,
    apiHostname: baseUrl.hostname,
    https: baseUrl.protocol === 'https:',
    ...(baseUrl.port && { port: Number(baseUrl.port) }),
    maxRetries: 0,
    // Longer than an attempt of ours, which so always ends first.
    timeout: 30_000,
    fetchFn,
  });

type Gate = ReturnType<typeof openGate>;

const REST_MS = 5_000;

/** Opens when half of at least 20 calls within 10 s found WorkOS down; tries again after 5 s. */
function openGate() {
  const breaker = circuitBreaker(
    handleWhen((error) => failureOf(error)?.isOutage ?? false),
    {
      halfOpenAfter: REST_MS,
      breaker: new SamplingBreaker({ threshold: 0.5, duration: 10_000, minimumRps: 2 }),
    },
  );
  let restedAt = 0;
  breaker.onBreak(() => (restedAt = Date.now() + REST_MS));
  return {
    breaker,
    /** Whether a call would be made: at once, or as the one that tries again. */
    admits: () =>
      breaker.state === CircuitState.Closed ||
      (breaker.state === CircuitState.Open && Date.now() >= restedAt),
  };
}

/** The SDK trips over replies that lack what it expects; its error would quote them. */
const unreadable = (error: unknown) =>
  new UpstreamFailure('invalid-response', {
    reason: error instanceof Error ? error.name : 'unknown',
  });

const closed = () =>
  new Problem('upstream-unavailable', 'WorkOS has been failing; no call is made for a moment.', {
    retryAfter: REST_MS / 1_000,
  });
