import { PRIORITIES, shareOf, type Caller, type Priority } from './caller.ts';

/**
 * `client`: the client's share is used up. `strangers`: that of all requests whose client is not known.
 * `capacity`: all places for this priority are taken.
 */
export type Fullness = 'client' | 'strangers' | 'capacity';

/**
 * Shares of the places, by priority. Work of a priority and all work that is less urgent hold at most
 * this share together; the rest is kept for what is more urgent.
 */
const SHARES: Readonly<Record<Priority, number>> = {
  login: 1,
  interactive: 7 / 8,
  ordinary: 3 / 4,
  batch: 1 / 2,
};
/** One client may hold at most this part of each share. */
const CLIENT_PART = 1 / 2;

/** Counts who holds how many of a number of places. */
export function createPlaces(capacity: number) {
  const all = createHeld(capacity);
  const byShare = new Map<string, ReturnType<typeof createHeld>>();
  const heldBy = (share: string) => {
    const held = byShare.get(share) ?? createHeld(capacity * CLIENT_PART);
    byShare.set(share, held);
    return held;
  };
  return {
    take(caller: Caller): void {
      const share = shareOf(caller);
      all.add(caller.priority, 1);
      if (share !== undefined) heldBy(share).add(caller.priority, 1);
    },
    free(caller: Caller): void {
      const share = shareOf(caller);
      all.add(caller.priority, -1);
      if (share === undefined) return;
      const held = heldBy(share);
      held.add(caller.priority, -1);
      if (held.isEmpty()) byShare.delete(share);
    },
    inUse: all.count,
    /** Returns what keeps a caller from a place, or undefined if there is one. */
    lacks(caller: Caller): Fullness | undefined {
      const { clientId, priority } = caller;
      const share = shareOf(caller);
      if (share !== undefined && byShare.get(share)?.isFull(priority))
        return clientId === undefined ? 'strangers' : 'client';
      return all.isFull(priority) ? 'capacity' : undefined;
    },
  };
}

/** Places held by priority, out of a number of places. Every priority may hold one at least. */
function createHeld(capacity: number) {
  const limits = PRIORITIES.map((one) => Math.max(1, Math.floor(capacity * SHARES[one])));
  /** For each priority, the places that it and all less urgent ones hold. */
  const held = PRIORITIES.map(() => 0);
  const levelOf = (priority: Priority): number => PRIORITIES.indexOf(priority);
  return {
    add(priority: Priority, places: 1 | -1): void {
      for (let level = levelOf(priority); level >= 0; level -= 1)
        held[level] = (held[level] ?? 0) + places;
    },
    /** True if a share that a place of this priority would count against is used up. */
    isFull: (priority: Priority): boolean =>
      limits.some((limit, level) => level <= levelOf(priority) && (held[level] ?? 0) >= limit),
    count: (): number => held[0] ?? 0,
    isEmpty: (): boolean => held[0] === 0,
  };
}
