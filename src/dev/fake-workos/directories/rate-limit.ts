/** How often a thing may be asked for; off unless somebody wants it, so that no test trips over it. */
import { ApiError } from '../http/operation.ts';
import type { Limits } from '../state/world.ts';

const WINDOW_MS = 1000;

/** The moments of the last second, by what was asked for; of one fake, hence by its limits. */
const asked = new WeakMap<Limits, Map<string, number[]>>();

/** @throws ApiError 429, whose body is the bare text `Ratelimited` */
export function requireCalm(limits: Limits, directoryId: string, now: Date): void {
  const moments = asked.get(limits) ?? new Map<string, number[]>();
  asked.set(limits, moments);
  const at = now.getTime();
  const recent = (moments.get(directoryId) ?? []).filter((moment) => moment > at - WINDOW_MS);
  if (recent.length >= limits.directoryUsersPerSecond) throw new ApiError(429, 'Ratelimited');
  moments.set(directoryId, [...recent, at]);
}
