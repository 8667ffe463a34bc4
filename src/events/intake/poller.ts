import type { Database } from '../../db/database.ts';
import { Problem } from '../../core/problem.ts';
import type { Fence } from '../../db/fence.ts';
import { failureOf, UpstreamFailure } from '../../workos/failure.ts';
import { markRead, moveCursor, readCursor, type Cursor } from './cursor.ts';
import { keepUnreadable, idOfRaw } from '../inbox/parked-store.ts';
import { insertOrSetAside } from '../inbox/intake-store.ts';
import { createPageReader } from './page-reader.ts';
import { cursorAfter, startingPosition, type Gap } from './positions.ts';
import type { UpstreamPage, Position, UpstreamFeed } from './upstream-feed.ts';

const PAUSE_MS = 5_000;
const LONGEST_PAUSE_MS = 60_000;

export interface PollerDeps {
  readonly db: Database;
  readonly feed: UpstreamFeed;
  /** Called with the number of new events. */
  readonly onStored?: (count: number) => void;
  /** Called when events of this period were missed and are no longer in the feed. */
  readonly onGap?: (gap: Gap) => void;
  /** Called when a round ended before the end of the feed; the next one goes on from the cursor. */
  readonly onLongRound?: (round: { readonly pages: number; readonly at: Date | null }) => void;
  /** Called with the ids of the unreadable events that were set aside. */
  readonly onUnreadable?: (ids: readonly string[]) => void;
  /** WorkOS's clock, which its events have their times from. */
  readonly now: () => number;
  /** The most pages that one round reads. */
  readonly maxPages?: number;
}

export interface Poller {
  /**
   * Reads the feed from the cursor to its end into the inbox. The cursor moves in the transaction
   * that stores a page, and never past a point before which new events may still appear. So the
   * end of the feed is read again each time, and known events are ignored by their ids.
   *
   * @param fence undefined if no other process can be polling
   * @throws UpstreamFailure @throws Problem @throws NotTheLeader
   */
  poll(signal: AbortSignal, fence?: Fence): Promise<void>;
  /** Milliseconds to wait before the next round. */
  pauseMs(): number;
}

export function createPoller(deps: PollerDeps): Poller {
  const { db, feed, now, maxPages = MAX_PAGES } = deps;
  let pauseMs = PAUSE_MS;

  const reader = createPageReader(feed, now);

  const readOn = async (from: Cursor, signal: AbortSignal, fence?: Fence): Promise<number> => {
    let cursor = from;
    let overlapping = 0;
    const seen = new Set<string>();
    const known = new Set<string>();
    let position: Position | undefined = startingPosition(cursor, now(), deps.onGap);
    while (position && !signal.aborted && seen.size < maxPages) {
      requireProgress(seen, position);
      const page: UpstreamPage = await reader.pageAt(position, cursor);
      requireNewEvents(known, page);
      const moved = await store(page, cursor, fence);
      overlapping += moved === cursor ? 1 : 0;
      cursor = moved;
      position = page.next;
    }
    if (!position) await markRead(db, fence);
    else if (seen.size >= maxPages) deps.onLongRound?.({ pages: seen.size, at: cursor.at });
    return overlapping;
  };

  const store = async (
    { events, unreadable }: UpstreamPage,
    from: Cursor,
    fence?: Fence,
  ): Promise<Cursor> => {
    const to = cursorAfter(events, from, now()) ?? from;
    const [inserted, kept] = await db.transaction(async (tx) => {
      if (to !== from) await moveCursor(tx, from, to);
      const stored = await insertOrSetAside(tx, events, 'feed');
      const setAside = await keepUnreadable(tx, unreadable);
      await fence?.(tx);
      return [stored, setAside];
    });
    const odd = [...inserted.unreadable, ...kept];
    if (inserted.events.length > 0) deps.onStored?.(inserted.events.length);
    if (odd.length > 0) deps.onUnreadable?.(odd);
    return to;
  };

  return {
    async poll(signal, fence) {
      try {
        // Reading the same pages again costs at most one request a second.
        const overlapping = await readOn(await readCursor(db), signal, fence);
        pauseMs = Math.min(Math.max(PAUSE_MS, overlapping * 1_000), LONGEST_PAUSE_MS);
      } catch (error) {
        pauseMs = Math.max(PAUSE_MS, retryAfterOf(error) * 1_000);
        throw error;
      }
    },
    pauseMs: () => pauseMs,
  };
}

/** The most pages of one round: 100,000 events, which take about two minutes. */
const MAX_PAGES = 1_000;

/** Prevents an endless list. @throws UpstreamFailure if a cursor repeats */
export function requireProgress(seen: Set<string>, position: Position): void {
  const key = JSON.stringify(position);
  if (seen.has(key))
    throw new UpstreamFailure('invalid-response', { reason: 'a cursor that repeats' });
  seen.add(key);
}

/** Prevents an endless list. @throws UpstreamFailure if a page that is not the last has no new event */
function requireNewEvents(known: Set<string>, { events, unreadable, next }: UpstreamPage): void {
  const before = known.size;
  for (const { id } of events) known.add(id);
  for (const { id, raw } of unreadable)
    known.add(id ?? (raw.length > 0 ? idOfRaw(raw) : `unknown ${known.size}`));
  if (next && known.size === before)
    throw new UpstreamFailure('invalid-response', { reason: 'a page without a new event' });
}

/** Seconds to wait; 0 if the error does not say. */
const retryAfterOf = (error: unknown): number =>
  (error instanceof Problem ? error.retryAfter : failureOf(error)?.facts.retryAfter) ?? 0;
