/** Expiry of sessions, codes and tokens. */

interface Expiring {
  readonly expires_at: string;
}

/** Expired members are deleted after this time, so that memory stays bounded. */
const DELETE_AFTER_MS = 60 * 60_000;

export function isLive({ expires_at }: Expiring, now: Date): boolean {
  return Date.parse(expires_at) > now.getTime();
}

/** The `expires_at` value `ms` from now. */
export function expiryIn(ms: number, now: Date): string {
  return new Date(now.getTime() + ms).toISOString();
}

/** Stops at the first recent member: a map iterates in insertion order, oldest first. */
export function deleteExpired(members: Map<string, Expiring>, now: Date): void {
  const limit = now.getTime() - DELETE_AFTER_MS;
  for (const [key, { expires_at }] of members) {
    if (Date.parse(expires_at) > limit) return;
    members.delete(key);
  }
}
