/** Seconds between attempts: short at first, three days in total. */
export const RETRY_AFTER_SECONDS: readonly number[] = [
  5, 60, 300, 1_800, 7_200, 18_000, 36_000, 36_000, 50_400, 50_400, 50_400,
];

/**
 * Seconds until the next attempt, with ±10 % jitter, so that deliveries that failed together are not
 * retried together.
 *
 * @param attempt number of the failed attempt, from 0
 * @returns undefined after the last attempt
 */
export function retryAfter(
  attempt: number,
  schedule: readonly number[] = RETRY_AFTER_SECONDS,
  random = Math.random,
): number | undefined {
  const seconds = schedule[attempt];
  return seconds === undefined ? undefined : seconds * (0.9 + random() / 5);
}
