import { failureOf } from '../../workos/failure.ts';
import type { IncomingEvent } from '../inbox/event.ts';
import type { Unreadable } from '../inbox/parked-store.ts';
import { beyondTooLarge } from './beyond-too-large.ts';
import type { Cursor } from './cursor.ts';
import { RANGE_MS, SETTLED_MS } from './positions.ts';
import {
  isTooLarge,
  type UpstreamPage,
  type Position,
  type UpstreamFeed,
} from './upstream-feed.ts';

/**
 * Reads pages of WorkOS's feed. If WorkOS rejects the cursor, reads on from the cursor's time instead;
 * skips an event that is too large for an answer.
 */
export function createPageReader(feed: UpstreamFeed, now: () => number) {
  /** WorkOS's time of the last event that was read. */
  let lastRead: Date | undefined;
  /** The position to use instead, after an event that is too large. Only the last one is kept. */
  let detour: { readonly at: string; readonly to: Position } | undefined;

  const read = async (position: Position, { at }: Cursor): Promise<UpstreamPage> => {
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
    /** @throws UpstreamFailure @throws Problem */
    async pageAt(position: Position, cursor: Cursor): Promise<UpstreamPage> {
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

/** The event's time, or the previous one if it goes back or lies in the future. */
const plausibleTime = (
  { created_at }: IncomingEvent,
  before: Date | undefined,
  now: number,
): Date | undefined => {
  const time = new Date(created_at);
  return time.getTime() > now || (before && time < before) ? before : time;
};
