/** WorkOS's rate limit per directory. Off by default, so that tests do not hit it by accident. */
import { ApiError } from '../http/operation.ts';
import type { Limits } from '../state/world.ts';

const WINDOW_MS = 1000;

/** Times of recent requests by directory id, per fake (each fake has its own `Limits`). */
const requestTimes = new WeakMap<Limits, Map<string, number[]>>();

/** @throws ApiError 429 with the plain text `Ratelimited` */
export function requireBelowRateLimit(limits: Limits, directoryId: string, now: Date): void {
  const times = requestTimes.get(limits) ?? new Map<string, number[]>();
  requestTimes.set(limits, times);
  const at = now.getTime();
  const recent = (times.get(directoryId) ?? []).filter((time) => time > at - WINDOW_MS);
  if (recent.length >= limits.directoryUsersPerSecond) throw new ApiError(429, 'Ratelimited');
  times.set(directoryId, [...recent, at]);
}
