import { setTimeout as sleep } from 'node:timers/promises';
import { rateLimited } from '../hold.ts';
import type { CallOptions } from '../call-options.ts';

/** A limit that WorkOS has beside the budget. In no window of it can more requests be made than WorkOS allows. */
export interface SubLimit {
  /** The bucket that all processes share. */
  readonly name: string;
  readonly most: number;
  readonly perSecond: number;
  /** Requests that are taken from the bucket at once, so that frequent operations ask for it less often. */
  readonly batch: number;
}

/** 50 a minute. */
const ORGANIZATION_DELETES = { name: 'delete organization', most: 10, perSecond: 2 / 3, batch: 1 };
/** 1,000 reads and 500 writes in 10 s. */
const USER_READS = { name: 'read users', most: 100, perSecond: 90, batch: 10 };
const USER_WRITES = { name: 'write users', most: 50, perSecond: 45, batch: 5 };
/** 4 a second for each directory. */
const DIRECTORY_USERS = { most: 1, perSecond: 3, batch: 1 };

/** @see https://workos.com/docs/reference/rate-limits */
export function subLimitOf(options: CallOptions): SubLimit | undefined {
  const { class: group, operation, limited, repeatable } = options;
  if (group === 'organizations' && operation === 'delete') return ORGANIZATION_DELETES;
  if (group === 'users') return repeatable ? USER_READS : USER_WRITES;
  if (operation === 'get /directory_users' && limited !== undefined)
    return { name: `directory users ${limited}`, ...DIRECTORY_USERS };
  return undefined;
}

export interface SubLimitOptions {
  /** Takes requests from a bucket that all processes share. False if there are too few. */
  readonly take: (limit: SubLimit) => Promise<boolean>;
  /** How many processes share a limit while the database cannot be asked. */
  readonly processes: () => number;
  readonly waitMs?: number;
}

/** How long requests that were taken from a bucket may be used. */
const USABLE_MS = 1_000;
const WAIT_MS = 1_000;

export function createSubLimits({ take, processes, waitMs = WAIT_MS }: SubLimitOptions) {
  const taken = new Map<string, { left: number; readonly until: number }>();
  const nextAlone = new Map<string, number>();

  const forget = (now: number): void => {
    for (const [name, { until }] of taken) if (until < now) taken.delete(name);
    for (const [name, next] of nextAlone) if (next < now) nextAlone.delete(name);
  };
  /** While the database cannot be asked, each process makes its part of the requests. */
  const takeAlone = ({ name, perSecond, batch }: SubLimit): boolean => {
    const now = performance.now();
    if ((nextAlone.get(name) ?? 0) > now) return false;
    nextAlone.set(name, now + (1_000 * batch * processes()) / perSecond);
    return true;
  };
  const tryEnter = async (limit: SubLimit): Promise<boolean> => {
    const now = performance.now();
    forget(now);
    const lease = taken.get(limit.name);
    if (lease && lease.left > 0) {
      lease.left -= 1;
      return true;
    }
    const isTaken = await take(limit).catch(() => takeAlone(limit));
    if (isTaken) taken.set(limit.name, { left: limit.batch - 1, until: now + USABLE_MS });
    return isTaken;
  };

  return {
    /** Waits up to 1 s for WorkOS's own limit on an operation. @throws Problem `upstream-rate-limited` */
    async enter(options: CallOptions): Promise<void> {
      const limit = subLimitOf(options);
      if (!limit) return;
      const until = performance.now() + waitMs;
      while (!(await tryEnter(limit))) {
        if (performance.now() >= until) throw rateLimited(Math.ceil(1 / limit.perSecond));
        await sleep(Math.min(250, 1_000 / limit.perSecond));
      }
    },
  };
}
