import type { Database } from '../db/database.ts';
import { Problem } from '../problem.ts';
import { failureOf } from '../workos/failure.ts';
import { markRead, moveCursor, readCursor, type Cursor } from './cursor.ts';
import type { IncomingEvent } from './event.ts';
import { insertEvents } from './store.ts';
import type { FeedPage, Position, UpstreamFeed } from './upstream-feed.ts';

/** WorkOS shows an event only some seconds after it happened: what is older than this has all appeared. */
export const SETTLED_MS = 120_000;
const DAY_MS = 86_400_000;
/** The longest range that one request may ask for. */
const RANGE_MS = 30 * DAY_MS;
/** WorkOS forgets events, and with them cursors. */
const KEPT_MS = 90 * DAY_MS;

const PAUSE_MS = 5_000;
const LONGEST_PAUSE_MS = 60_000;

export interface Gap {
  readonly from: Date;
  readonly to: Date;
}

export interface PollerDeps {
  readonly db: Database;
  readonly feed: UpstreamFeed;
  /** Called with the number of events that were new. */
  readonly onStored?: (count: number) => void;
  /** Events of this time were missed, and the feed cannot tell them any more. */
  readonly onGap?: (gap: Gap) => void;
  readonly onUnreadable?: (count: number) => void;
  readonly now?: () => number;
}

export interface Poller {
  /**
   * Reads the feed from the cursor to its end, page after page, into the inbox. The cursor moves in
   * the transaction that stores a page, and never past what may still appear: so the end is read
   * again each time, and what is known is ignored by its id.
   *
   * @throws UpstreamFailure @throws Problem @throws NotTheLeader
   */
  poll(signal: AbortSignal): Promise<void>;
  /** How long to wait before the next time. */
  pauseMs(): number;
}

export function createPoller(deps: PollerDeps): Poller {
  const { db, feed, now = Date.now } = deps;
  let pauseMs = PAUSE_MS;

  const readOn = async (from: Cursor, signal: AbortSignal): Promise<number> => {
    let cursor = from;
    let overlapping = 0;
    let position: Position | undefined = beginning(cursor, deps, now());
    while (position && !signal.aborted) {
      const page: FeedPage = await pageAt(feed, position, cursor, now());
      const moved = await store(page, cursor);
      overlapping += moved === cursor ? 1 : 0;
      cursor = moved;
      position = page.next;
    }
    if (!signal.aborted) await markRead(db);
    return overlapping;
  };

  const store = async ({ events, unreadable }: FeedPage, from: Cursor): Promise<Cursor> => {
    const to = settled(events, now()) ?? from;
    const added = await db.transaction(async (tx) => {
      if (to !== from) await moveCursor(tx, from, to);
      return insertEvents(tx, events, 'feed');
    });
    if (added.length > 0) deps.onStored?.(added.length);
    if (unreadable > 0) deps.onUnreadable?.(unreadable);
    return to;
  };

  return {
    async poll(signal) {
      try {
        // What is read again and again may cost a request a second at most.
        const overlapping = await readOn(await readCursor(db), signal);
        pauseMs = Math.min(Math.max(PAUSE_MS, overlapping * 1_000), LONGEST_PAUSE_MS);
      } catch (error) {
        pauseMs = Math.max(PAUSE_MS, retryAfterOf(error) * 1_000);
        throw error;
      }
    },
    pauseMs: () => pauseMs,
  };
}

/** Where to begin: behind the cursor, or without one that WorkOS still knows as far back as it goes. */
function beginning({ id, at }: Cursor, { onGap }: PollerDeps, now: number): Position {
  const oldest = new Date(now - RANGE_MS);
  if (id === null || at === null) return { range_start: oldest.toISOString() };
  if (at.getTime() > now - KEPT_MS) return { after: id };
  onGap?.({ from: at, to: oldest });
  return { range_start: oldest.toISOString() };
}

/** A cursor that WorkOS does not take is made good by its time. */
async function pageAt(
  feed: UpstreamFeed,
  position: Position,
  { id, at }: Cursor,
  now: number,
): Promise<FeedPage> {
  try {
    return await feed.page(position);
  } catch (error) {
    const { status = 0 } = failureOf(error)?.facts ?? {};
    const isOfTheCursor = 'after' in position && position.after === id;
    if (!isOfTheCursor || at === null || ![400, 404, 422].includes(status)) throw error;
    const from = Math.max(at.getTime() - SETTLED_MS, now - RANGE_MS);
    return feed.page({ range_start: new Date(from).toISOString() });
  }
}

/** The newest event of a page before which nothing can appear any more. */
function settled(events: readonly IncomingEvent[], now: number): Cursor | undefined {
  const isFresh = ({ created_at }: IncomingEvent) => Date.parse(created_at) > now - SETTLED_MS;
  const fresh = events.findIndex(isFresh);
  const last = fresh < 0 ? events.at(-1) : events[fresh - 1];
  return last && { id: last.id, at: new Date(last.created_at) };
}

/** Seconds. */
const retryAfterOf = (error: unknown): number =>
  (error instanceof Problem ? error.retryAfter : failureOf(error)?.facts.retryAfter) ?? 0;
