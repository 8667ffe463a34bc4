import { setTimeout as sleep } from 'node:timers/promises';
import type { WorkOS } from '@workos-inc/node';
import { createAdmission, type AdmissionWatch } from '../core/admission.ts';
import type { Fullness } from '../core/places.ts';
import { Problem } from '../core/problem.ts';
import type { Proxies } from '../core/proxies.ts';
import type { Secret } from '../core/secret.ts';
import { createAttempts, pausedCalls, type OnAttempt } from './attempt.ts';
import type { CallOptions } from './call-options.ts';
import { failureOf } from './failure.ts';
import { createGates, type OnBreaker } from './gate.ts';
import { createGuardedFetch } from './guarded-fetch.ts';
import { createHolds } from './hold.ts';
import { createRetryBudget } from './retry-budget.ts';
import { buildSdk } from './sdk.ts';

export interface Upstream {
  /** Runs one SDK call. @throws UpstreamFailure @throws Cancelled @throws Problem `upstream-rate-limited`, `workos-share-used`, `upstream-unavailable`, `overloaded` */
  call<T>(options: CallOptions, use: (workos: WorkOS) => Promise<T>): Promise<T>;
  /** Throws if a call would be refused locally. Check before consuming a single-use code. @throws Problem as `call` */
  requireOpen(options: Pick<CallOptions, 'class' | 'operation'>): void;
  /** WorkOS's clock: milliseconds since 1970. */
  now(): number;
  /** Blocks an operation for so long, because another process got a 429 for it. */
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
  /** Tells the other processes that an operation got a 429. */
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
  readonly onAttempt?: OnAttempt;
  readonly onBreaker?: OnBreaker;
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
  const gateOf = createGates(onBreaker);
  const holds = createHolds((key, ms) => {
    budget.hold(key, ms);
  });
  const attempt = createAttempts({ workos, gateOf, holds, onAttempt });
  const retries = createRetryBudget();
  const admission = createAdmission({
    capacity: maxInFlight,
    waitMs,
    refuse: overloaded,
    watch,
  });

  /** Waits for the call's turn, then for a place. @returns gives the place back */
  const enter = async (options: CallOptions): Promise<() => void> => {
    await budget.take(options);
    return admission.enter().catch((error: unknown) => {
      budget.giveBack();
      throw error;
    });
  };

  return {
    async call(options, use) {
      holds.check(options);
      if (gateOf(options.class).refuses()) throw pausedCalls();
      const leave = await enter(options);
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
      holds.check(options);
      if (!gateOf(options.class).admits()) throw pausedCalls();
    },
    now: guarded.clock.now,
    hold(operation, ms) {
      holds.extend(operation, ms);
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

const overloaded = (reason: Fullness) =>
  new Problem(
    'overloaded',
    reason === 'client'
      ? 'Too many calls to WorkOS for this client are in progress.'
      : 'Too many calls to WorkOS are in progress.',
    { retryAfter: 1 },
  );
