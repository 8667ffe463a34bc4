/** After this long, use counts half. */
const HALF_MS = 10_000;
/** Less than this is forgotten. */
const NEGLIGIBLE = 0.1;

/** Counts what each share has used lately. A share is undefined for background tasks. */
export function createRecentUse() {
  const uses = new Map<string | undefined, number>();
  let countedAt = 0;
  const fade = (now: number): void => {
    const factor = 0.5 ** ((now - countedAt) / HALF_MS);
    countedAt = now;
    for (const [share, used] of uses) {
      if (used * factor < NEGLIGIBLE) uses.delete(share);
      else uses.set(share, used * factor);
    }
  };
  return {
    count(share: string | undefined, now: number): void {
      fade(now);
      uses.set(share, (uses.get(share) ?? 0) + 1);
    },
    /** True if the share has used less than the others do on average. */
    isModest(share: string | undefined): boolean {
      const used = uses.get(share) ?? 0;
      const all = [...uses.values()].reduce((sum, one) => sum + one, 0);
      return used === 0 || used < all / uses.size;
    },
  };
}
