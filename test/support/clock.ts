export const MINUTE_MS = 60_000;

export interface MovedClocks {
  /** How far `Date.now()` is ahead (behind, if negative). */
  readonly aheadMs: number;
  /** How much time has passed meanwhile, by `performance.now()`, which nobody sets. */
  readonly passedMs?: number;
}

/**
 * Runs `work` while the clocks of this process, and so of the Gatehouse and the fakes in it, are moved.
 * Postgres’s clock and timers are not.
 */
export async function withClocks<T>(
  { aheadMs, passedMs = 0 }: MovedClocks,
  work: () => Promise<T>,
): Promise<T> {
  const wall = Date.now;
  const steady = performance.now.bind(performance);
  Date.now = () => wall() + aheadMs;
  performance.now = () => steady() + passedMs;
  try {
    return await work();
  } finally {
    Date.now = wall;
    performance.now = steady;
  }
}
