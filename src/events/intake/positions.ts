import type { IncomingEvent } from '../inbox/event.ts';
import type { Cursor } from './cursor.ts';
import type { Position } from './upstream-feed.ts';

/** Events appear in the feed only some seconds after they happened; anything older than this is complete. */
export const SETTLED_MS = 120_000;
const DAY_MS = 86_400_000;
/** The longest range that one request may ask for. */
export const RANGE_MS = 30 * DAY_MS;
/** WorkOS keeps events, and so cursors, for this long. */
const KEPT_MS = 90 * DAY_MS;

/** A period whose events were missed. */
export interface Gap {
  readonly from: Date;
  readonly to: Date;
}

/**
 * The position to start from: the cursor, or the oldest readable time if WorkOS no longer has the cursor.
 *
 * @param onGap called if events between the cursor and that time can no longer be read
 */
export function startingPosition(
  { id, at }: Cursor,
  now: number,
  onGap: ((gap: Gap) => void) | undefined,
): Position {
  const oldest = new Date(now - RANGE_MS);
  if (id === null || at === null) return { range_start: oldest.toISOString() };
  if (at.getTime() > now - KEPT_MS) return { after: id };
  onGap?.({ from: at, to: oldest });
  return { range_start: oldest.toISOString() };
}

/** A time further in the future than this is ignored. */
const AHEAD_MS = 300_000;

/**
 * The cursor after a page: its newest event before which no new one can appear. The cursor's time
 * is that of the newest event with a plausible time, and never goes back.
 */
export function cursorAfter(
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
