/** Above this length the database is not keeping up, and nothing more may wait. */
const MAX_WAITING = 4_096;
/** One client leaves the others half of the places. */
const MAX_OF_A_SHARE = MAX_WAITING / 2;

interface Place<T> {
  readonly item: T;
  readonly share: string | undefined;
}

/** A queue from which batches are taken. */
export interface Line<T> {
  /** @param share names whose place it is; undefined if no share bounds it. @returns false if there is no place */
  add(item: T, share: string | undefined): boolean;
  /** True if an item waits to be taken. */
  isWaiting(): boolean;
  /** Takes the first ones. */
  next(): T[];
  /** Takes all. */
  all(): T[];
}

export function createLine<T>(batch: number): Line<T> {
  const places: Place<T>[] = [];
  const held = new Map<string, number>();
  const change = (share: string | undefined, by: 1 | -1): void => {
    if (share === undefined) return;
    const count = (held.get(share) ?? 0) + by;
    if (count > 0) held.set(share, count);
    else held.delete(share);
  };
  const take = (count: number): T[] =>
    places.splice(0, count).map(({ item, share }) => {
      change(share, -1);
      return item;
    });
  return {
    add(item, share) {
      const isFull = places.length >= MAX_WAITING;
      if (isFull || (share !== undefined && (held.get(share) ?? 0) >= MAX_OF_A_SHARE)) return false;
      places.push({ item, share });
      change(share, 1);
      return true;
    },
    next: () => take(batch),
    isWaiting: () => places.length > 0,
    all: () => take(places.length),
  };
}
