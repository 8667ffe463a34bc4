import { setTimeout as sleep } from 'node:timers/promises';
import { checkCancelled, currentCaller, shareOf, type Caller } from '../../core/caller.ts';
import { createTurns, waitForTurn } from '../../core/turns.ts';
import { rateLimited } from '../hold.ts';
import { createRecentUse } from './recent-use.ts';
import { reserveOf, type SubLimit } from './sub-limit.ts';

/** How long requests that were taken from a bucket may be used. */
const USABLE_MS = 1_000;
/** The longest pause before the bucket is asked again. */
const PAUSE_MS = 250;
/** After this time without a call, the turnstile need not be remembered. */
const IDLE_MS = 60_000;

interface TurnstileOptions {
  /** Takes a batch from the bucket. False if fewer than `reserve` would be left. Never rejects. */
  readonly take: (reserve: number) => Promise<boolean>;
  readonly waitMs: number;
}

export type Turnstile = ReturnType<typeof createTurnstile>;

/**
 * Lets calls pass as fast as one limit of WorkOS allows. One loop asks the bucket for all of them, and
 * clients take turns. Only for a client that has used less than the others it empties the bucket.
 */
export function createTurnstile(limit: SubLimit, { take, waitMs }: TurnstileOptions) {
  const turns = createTurns();
  const use = createRecentUse();
  let left = 0;
  let until = 0;
  let usedAt = performance.now();
  let isServing = false;

  const isModest = (caller: Caller): boolean => use.isModest(shareOf(caller));
  const pass = (caller: Caller): void => {
    left -= 1;
    usedAt = performance.now();
    use.count(shareOf(caller), usedAt);
  };
  const mayPass = (): boolean => left > 0 && performance.now() < until;
  const serveWhile = (fits: (caller: Caller) => boolean): void => {
    while (mayPass() && turns.serve(fits));
  };
  /** Ends in the same step in which it finds nobody waiting, so that whoever comes next starts it again. */
  const serve = async (): Promise<void> => {
    isServing = true;
    while (turns.size() > 0) {
      if (!mayPass()) {
        if (!(await take(turns.hasOne(isModest) ? 0 : reserveOf(limit)))) {
          await sleep(Math.min(PAUSE_MS, 1_000 / limit.perSecond));
          continue;
        }
        [left, until] = [limit.batch, performance.now() + USABLE_MS];
      }
      serveWhile(isModest);
      serveWhile(() => true);
    }
    isServing = false;
  };

  return {
    /** @throws Problem `upstream-rate-limited` if it takes longer than `waitMs` @throws Cancelled */
    async enter(): Promise<void> {
      checkCancelled();
      const caller = currentCaller();
      if (turns.size() === 0 && mayPass()) {
        pass(caller);
        return;
      }
      const { clientId, isRequest, priority } = caller;
      const passed = waitForTurn(turns, {
        caller: { clientId, isRequest, priority },
        waitMs,
        admit: () => {
          pass(caller);
        },
        refusal: () => rateLimited(Math.ceil(1 / limit.perSecond)),
      });
      // It cannot reject, as `take` does not.
      if (!isServing) serve().catch(() => undefined);
      await passed;
    },
    isIdle: (now: number): boolean => !isServing && now - usedAt > IDLE_MS,
  };
}
