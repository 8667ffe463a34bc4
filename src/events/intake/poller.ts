import type { Database } from '../../db/database.ts';
import { Problem } from '../../core/problem.ts';
import type { Fence } from '../../db/fence.ts';
import { failureOf, UpstreamFailure } from '../../workos/failure.ts';
import { markRead, moveCursor, readCursor, type Cursor } from './cursor.ts';
import type { IncomingEvent } from '../inbox/event.ts';
import { keepUnreadable, sha256, type Unreadable } from '../inbox/parked-store.ts';
import { insertOrSetAside } from '../inbox/intake-store.ts';
import { beyondTooLarge } from './beyond-too-large.ts';
import { isTooLarge, type FeedPage, type Position, type UpstreamFeed } from './upstream-feed.ts';

/** Events appear in the feed only some seconds after they happened; anything older than this is complete. */
export const SETTLED_MS = 120_000;
const DAY_MS = 86_400_000;
/** The longest range that one request may ask for. */
const RANGE_MS = 30 * DAY_MS;
/** WorkOS keeps events, and so cursors, for this long. */
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
  /** Called with the number of new events. */
  readonly onStored?: (count: number) => void;
  /** Called when events of this period were missed and are no longer in the feed. */
  readonly onGap?: (gap: Gap) => void;
  /** Called when a round ended before the end of the feed; the next one goes on from the cursor. */
  readonly onLongRound?: (round: { readonly pages: number; readonly at: Date | null }) => void;
  /** Called with the ids of the unreadable events that were set aside. */
  readonly onUnreadable?: (ids: readonly string[]) => void;
  readonly now?: () => number;
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
  const { db, feed, now = Date.now, maxPages = MAX_PAGES } = deps;
  let pauseMs = PAUSE_MS;

  const reader = createPageReader(feed, now);

  const readOn = async (from: Cursor, signal: AbortSignal, fence?: Fence): Promise<number> => {
    let cursor = from;
    let overlapping = 0;
    const seen = new Set<string>();
    const known = new Set<string>();
    let position: Position | undefined = startingPosition(cursor, deps, now());
    while (position && !signal.aborted && seen.size < maxPages) {
      requireProgress(seen, position);
      const page: FeedPage = await reader.pageAt(position, cursor);
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
    { events, unreadable }: FeedPage,
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
    throw new UpstreamFailure('invalid-response', { reason: 'a cursor that was there before' });
  seen.add(key);
}

/** Prevents an endless list. @throws UpstreamFailure if a page that is not the last has no new event */
function requireNewEvents(known: Set<string>, { events, unreadable, next }: FeedPage): void {
  const before = known.size;
  for (const { id } of events) known.add(id);
  for (const { id, raw } of unreadable)
    known.add(id ?? (raw.length > 0 ? sha256(raw) : `unknown ${known.size}`));
  if (next && known.size === before)
    throw new UpstreamFailure('invalid-response', { reason: 'a page that was there before' });
}

/** The first position: the cursor, or the oldest readable time if there is none that WorkOS still has. */
function startingPosition({ id, at }: Cursor, { onGap }: PollerDeps, now: number): Position {
  const oldest = new Date(now - RANGE_MS);
  if (id === null || at === null) return { range_start: oldest.toISOString() };
  if (at.getTime() > now - KEPT_MS) return { after: id };
  onGap?.({ from: at, to: oldest });
  return { range_start: oldest.toISOString() };
}

function createPageReader(feed: UpstreamFeed, now: () => number) {
  /** WorkOS's time of the last event that was read. */
  let lastRead: Date | undefined;
  /** The position to use instead, after an event that is too large. Only the last one is kept. */
  let detour: { readonly at: string; readonly to: Position } | undefined;

  const read = async (position: Position, { at }: Cursor): Promise<FeedPage> => {
    const key = JSON.stringify(position);
    if (detour?.at === key) return feed.page(detour.to);
    try {
      return await feed.page(position);
    } catch (error) {
      const after = 'range_start' in position ? new Date(position.range_start) : (lastRead ?? at);
      if (!isTooLarge(error) || !after) throw error;
      const to = await beyondTooLarge(feed, after, now());
      detour = { at: key, to };
      const page = await feed.page(to);
      return { ...page, unreadable: [...page.unreadable, tooLarge(to.range_start)] };
    }
  };

  return {
    /** A cursor that WorkOS does not take is made good by its time, and an event that is too large is passed over. */
    async pageAt(position: Position, cursor: Cursor): Promise<FeedPage> {
      const isOfTheCursor = 'after' in position && position.after === cursor.id;
      if (isOfTheCursor && cursor.at) lastRead = cursor.at;
      const page = await read(position, cursor).catch((error: unknown) => {
        const { status = 0 } = failureOf(error)?.facts ?? {};
        if (!isOfTheCursor || cursor.at === null || ![400, 404, 422].includes(status)) throw error;
        const from = Math.max(cursor.at.getTime() - SETTLED_MS, now() - RANGE_MS);
        return read({ range_start: new Date(from).toISOString() }, cursor);
      });
      const last = page.events.at(-1);
      if (last) lastRead = plausibleTime(last, lastRead, now());
      return page;
    },
  };
}

/** @param until WorkOS's time just after the event */
const tooLarge = (until: string): Unreadable => ({
  source: 'feed',
  id: `too-large-before-${until}`,
  reason: `WorkOS’s feed has an event just before ${until} that is too large to be read`,
  raw: Buffer.alloc(0),
});

/** A time further in the future than this is ignored. */
const AHEAD_MS = 300_000;

/**
 * The cursor after a page: its newest event before which no new one can appear. The cursor's time
 * is that of the newest event with a plausible time, and never goes back.
 */
function cursorAfter(
  events: readonly IncomingEvent[],
  from: Cursor,
  now: number,
): Cursor | undefined {
  const times = events.map(({ created_at }) => Date.parse(created_at));
  const fresh = times.findIndex((time) => time > now - SETTLED_MS && time <= now + AHEAD_MS);
  const past = fresh < 0 ? events.length : fresh;
  const last = events[past - 1];
  const since = from.at?.getTime() ?? now - KEPT_MS;
  const plausible = times.slice(0, past).filter((time) => time <= now);
  return last && { id: last.id, at: new Date(Math.max(since, ...plausible)) };
}

/** The event's time, or the previous one if it goes back or lies in the future. */
const plausibleTime = (
  { created_at }: IncomingEvent,
  before: Date | undefined,
  now: number,
): Date | undefined => {
  const time = new Date(created_at);
  return time.getTime() > now || (before && time < before) ? before : time;
};

/** Seconds to wait; 0 if the error does not say. */
const retryAfterOf = (error: unknown): number =>
  (error instanceof Problem ? error.retryAfter : failureOf(error)?.facts.retryAfter) ?? 0;
