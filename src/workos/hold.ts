import { LRUCache } from 'lru-cache';
import { lruBound } from '../core/lru-bound.ts';
import { Problem } from '../core/problem.ts';
import type { CallOptions } from './call-options.ts';
import type { UpstreamFailure } from './failure.ts';

const DEFAULT_SECONDS = 5;
/** WorkOS's longest rate limits are per minute, so a longer `Retry-After` is a mistake. */
const ABSURD_SECONDS = 120;

export type Holds = ReturnType<typeof createHolds>;

type Held = Omit<CallOptions, 'repeatable'>;

/** Blocks what WorkOS rate limits: an operation, or an object with a limit of its own. */
export function createHolds(onHold: (key: string, ms: number) => void) {
  const holds = new LRUCache<string, Hold>(lruBound(10_000));
  const holdOf = (key: string): Hold => {
    const hold = holds.get(key) ?? createHold();
    holds.set(key, hold);
    return hold;
  };
  return {
    /** @throws Problem `upstream-rate-limited` with the remaining seconds, if such calls are blocked */
    check(call: Held): void {
      holdOf(keyOf(call)).check();
    },

    /** Blocks such calls after a 429, and reports it. */
    learn(call: Held, failure: UpstreamFailure): void {
      const key = keyOf(call);
      const ms = holdOf(key).learn(failure);
      if (ms !== undefined) onHold(key, ms);
    },

    /** Blocks calls because another process got a 429. @param key as reported there */
    extend(key: string, ms: number): void {
      holdOf(key).extend(ms);
    },
  };
}

/** Names what a 429 blocks: the object if it has a limit of its own, or the operation. */
const keyOf = ({ class: group, operation = group, limited = operation }: Held): string =>
  `${group} ${limited}`;

type Hold = ReturnType<typeof createHold>;

/** Blocks calls after a 429 until `Retry-After` has passed. */
function createHold(now = () => performance.now()) {
  let until = 0;
  /** Never shortens: calls that are under way together get answers of different length. */
  const extend = (ms: number): void => {
    until = Math.max(until, now() + ms);
  };
  return {
    /** @throws Problem `upstream-rate-limited` with the remaining seconds, if calls are blocked */
    check(): void {
      const left = Math.ceil((until - now()) / 1_000);
      if (left > 0) throw rateLimited(left);
    },

    /** Blocks calls after a 429. Returns for how many ms they are blocked now, or undefined for any other failure. */
    learn(failure: UpstreamFailure): number | undefined {
      if (failure.facts.status !== 429) return undefined;
      extend(holdSeconds(failure) * 1_000);
      return until - now();
    },

    /** Blocks calls for at least so long, because another process got a 429. */
    extend,
  };
}

export const rateLimited = (retryAfter: number, cause?: unknown): Problem =>
  new Problem('upstream-rate-limited', 'WorkOS is rate limiting Gatehouse.', { retryAfter, cause });

export function holdSeconds({ facts: { retryAfter } }: UpstreamFailure): number {
  if (retryAfter === undefined || retryAfter > ABSURD_SECONDS) return DEFAULT_SECONDS;
  return Math.max(1, retryAfter);
}
