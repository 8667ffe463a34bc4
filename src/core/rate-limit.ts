/** A limit on requests, as the `RateLimit` headers tell it. The figures are integers. */
export interface RateLimit {
  /** Names the limit in both headers. Lower-case letters, digits and hyphens only. */
  readonly name: string;
  /** Requests (or their cost) that are allowed in a window. */
  readonly quota: number;
  readonly windowSeconds: number;
  /** The part of the quota that is left. */
  readonly remaining: number;
  /** Seconds until more of the quota is available. */
  readonly resetSeconds: number;
}
