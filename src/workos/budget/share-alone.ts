import { ALONE_AFTER_MS } from './round.ts';

/** How quickly the share follows the plans, which vary from round to round. */
const CHANGE = 0.1;

/** The requests that a process goes on making while the others are out of reach. @param first requests per second */
export function createShareAlone(first: number, now: () => number) {
  let share = first;
  let heardAt = now();
  return {
    perSecond: (): number => share,
    follow(planned: number): void {
      share += (planned - share) * CHANGE;
    },
    /** The others have answered. */
    heard(): void {
      heardAt = now();
    },
    /** Returns the requests that came in these seconds, up to what may be saved. @param pool what is there already */
    earned(seconds: number, pool: number): number {
      if (now() - heardAt < ALONE_AFTER_MS) return 0;
      const most = Math.max(1, share / 2);
      return Math.max(0, Math.min(share * seconds, most - pool));
    },
  };
}
