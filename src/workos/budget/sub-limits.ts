import { runForAll } from '../../core/caller.ts';
import type { CallOptions } from '../call-options.ts';
import { subLimitOf, type SubLimit } from './sub-limit.ts';
import { createTurnstile, type Turnstile } from './turnstile.ts';

export interface SubLimitOptions {
  /** Takes requests from a bucket that all processes share. False if fewer than `reserve` would be left. */
  readonly take: (limit: SubLimit, reserve: number) => Promise<boolean>;
  /** How many processes share a limit while the database cannot be asked. */
  readonly processes: () => number;
  readonly waitMs?: number;
}

const WAIT_MS = 1_000;

export function createSubLimits({ take, processes, waitMs = WAIT_MS }: SubLimitOptions) {
  const open = new Map<string, Turnstile>();
  const nextAlone = new Map<string, number>();

  const forget = (now: number): void => {
    for (const [name, turnstile] of open) if (turnstile.isIdle(now)) open.delete(name);
    for (const [name, next] of nextAlone) if (next < now) nextAlone.delete(name);
  };
  /** While the database cannot be asked, each process makes its part of the requests. */
  const takeAlone = ({ name, perSecond, batch }: SubLimit): boolean => {
    const now = performance.now();
    if ((nextAlone.get(name) ?? 0) > now) return false;
    nextAlone.set(name, now + (1_000 * batch * processes()) / perSecond);
    return true;
  };
  const turnstileOf = (limit: SubLimit): Turnstile => {
    const known = open.get(limit.name);
    if (known) return known;
    const opened = createTurnstile(limit, {
      waitMs,
      // Not in the name of the client that comes first: the others wait for these requests too.
      take: (reserve) => runForAll(() => take(limit, reserve)).catch(() => takeAlone(limit)),
    });
    open.set(limit.name, opened);
    return opened;
  };

  return {
    /** Waits up to 1 s for WorkOS's own limit on an operation. @throws Problem `upstream-rate-limited` */
    async enter(options: CallOptions): Promise<void> {
      const limit = subLimitOf(options);
      if (!limit) return;
      forget(performance.now());
      await turnstileOf(limit).enter();
    },
  };
}
