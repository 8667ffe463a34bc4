/** Seconds from one attempt to the next: quickly at first, and for three days in all. */
export const RETRY_AFTER_SECONDS: readonly number[] = [
  5, 60, 300, 1_800, 7_200, 18_000, 36_000, 36_000, 50_400, 50_400, 50_400,
];

/**
 * When to try again, with a tenth of chance in it, so that what failed together does not come back
 * together.
 *
 * @param attempt that failed, counted from 0
 * @returns undefined: no more
 */
export function retryAfter(
  attempt: number,
  schedule: readonly number[] = RETRY_AFTER_SECONDS,
  random = Math.random,
): number | undefined {
  const seconds = schedule[attempt];
  return seconds === undefined ? undefined : seconds * (0.9 + random() / 5);
}
