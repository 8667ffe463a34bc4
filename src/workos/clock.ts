/**
 * A `Date` header that differs from our clock by more than a day is ignored. If it differs by less, our clock is
 * taken for the wrong one: it is off by hours where local time was set as UTC.
 */
const MOST_APART_MS = 86_400_000;

export type UpstreamClock = ReturnType<typeof createUpstreamClock>;

/**
 * WorkOS's clock, by the `Date` header of its last reply (RFC 9110 §6.6.1): times that WorkOS gave are
 * compared with it, so that a wrong clock of ours changes nothing. Until the first reply it is ours.
 */
export function createUpstreamClock() {
  let reading: { readonly time: number; readonly at: number } | undefined;
  return {
    /** @param date the header of a reply that has just arrived */
    learn(date: string | undefined): void {
      const time = Date.parse(date ?? '');
      const isPlausible = Math.abs(time - Date.now()) <= MOST_APART_MS;
      reading = isPlausible ? { time, at: performance.now() } : undefined;
    },
    /** Milliseconds since 1970. */
    now: (): number => (reading ? reading.time + performance.now() - reading.at : Date.now()),
  };
}

/**
 * Seconds of a `Retry-After` (RFC 9110 §10.2.3): a number, or a date.
 *
 * @param now WorkOS's time
 */
export function secondsLeft(value: string | undefined, now: number): number | undefined {
  if (value === undefined) return undefined;
  const seconds = /^\d+$/.test(value) ? Number(value) : (Date.parse(value) - now) / 1_000;
  return Number.isFinite(seconds) ? Math.max(0, Math.ceil(seconds)) : undefined;
}
