/** The figures that follow from `WORKOS_REQUESTS_PER_MINUTE`. */
export interface Policy {
  readonly perMinute: number;
  /** Requests that become available per second, for all processes together. */
  readonly perSecond: number;
  /** The most requests that become available while nobody makes any. */
  readonly burst: number;
  /** Requests that a priority leaves for more urgent ones. */
  readonly floors: {
    readonly interactive: number;
    readonly ordinary: number;
    readonly batch: number;
  };
  /** How far logins may overdraw. More than that is not paid back. */
  readonly mostDebt: number;
  /** Requests that all processes together may hold ready while they are idle. */
  readonly ready: number;
}

/**
 * In any minute at most `60 × perSecond + burst + ready`, and what one round hands out, can be made,
 * which is about 1.01 of the budget. A larger `burst` leaves less per second. Of a small budget it is a larger
 * part, so that a few requests at once are made after a pause, and never below 2.5, so that it can be used at all.
 */
export function policyOf(perMinute: number): Policy {
  const burst = Math.max(0.03 * perMinute, Math.min(perMinute / 12, 5), 2.5);
  return {
    perMinute,
    perSecond: Math.min(0.975 * perMinute, Math.max(1.01 * perMinute - burst, 1)) / 60,
    burst,
    floors: { interactive: 0, ordinary: burst / 4, batch: burst / 2 },
    mostDebt: perMinute / 4,
    ready: 0.005 * perMinute,
  };
}
