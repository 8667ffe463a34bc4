import { NONE, totalOf, type Amounts } from './amounts.ts';
import type { Plan } from './round.ts';

/** Computes the lease with which the pool holds what is kept ready and what is planned. */
export function leaseOf({ mine, ready }: Plan, pool: number, isWaitedFor: boolean): Amounts {
  const planned = ready + totalOf(mine);
  if (pool > planned && !isWaitedFor) return { ...NONE, login: planned - pool };
  // While somebody waits, what is left is the fraction of a request, which has to grow to a whole one.
  let have = Math.max(0, isWaitedFor ? Math.min(pool, ready) : pool);
  const more = (wanted: number): number => {
    const lacks = Math.max(0, wanted - have);
    have = Math.max(0, have - wanted);
    return lacks;
  };
  return {
    // Already made, so that they are counted in any case.
    login: Math.max(0, -pool),
    interactive: more(ready + mine.login + mine.interactive),
    ordinary: more(mine.ordinary),
    batch: more(mine.batch),
  };
}
