/** Things that live for a while: sessions, codes, tokens. */

interface Expiring {
  readonly expires_at: string;
}

/** Expired ones are forgotten after this, so that a long run does not grow. */
const FORGET_AFTER_MS = 60 * 60_000;

export function isLive({ expires_at }: Expiring, now: Date): boolean {
  return Date.parse(expires_at) > now.getTime();
}

/** `expires_at` of something that lives `ms` from now. */
export function expiryIn(ms: number, now: Date): string {
  return new Date(now.getTime() + ms).toISOString();
}

/** A map keeps the order of creation, so the old ones are at its front. */
export function forgetExpired(members: Map<string, Expiring>, now: Date): void {
  const limit = now.getTime() - FORGET_AFTER_MS;
  for (const [key, { expires_at }] of members) {
    if (Date.parse(expires_at) > limit) return;
    members.delete(key);
  }
}
