import type { Queryable } from '../core/ports.ts';
import type { IncomingEvent } from '../events/inbox/event.ts';
import { requireProgress } from '../events/intake/poller.ts';
import { SETTLED_MS } from '../events/intake/positions.ts';
import { missingOf } from '../events/inbox/store.ts';
import type { UpstreamPage, Position, UpstreamFeed } from '../events/intake/upstream-feed.ts';

export interface Verification {
  /** The number of events that WorkOS listed. */
  readonly read: number;
  /** Events created before this time should have arrived. */
  readonly until: Date;
  /** Events that WorkOS has and the inbox lacks, oldest first. */
  readonly missing: readonly IncomingEvent[];
}

/** Compares WorkOS's feed with the inbox. Changes nothing. @param onProgress called with the number of events read so far */
export async function verifyEvents(
  { db, feed }: { readonly db: Queryable; readonly feed: UpstreamFeed },
  since: Date,
  onProgress: (read: number) => void,
): Promise<Verification> {
  const until = new Date(Date.now() - SETTLED_MS);
  const missing: IncomingEvent[] = [];
  let read = 0;
  let position: Position | undefined = { range_start: since.toISOString() };
  const seen = new Set<string>();
  while (position) {
    requireProgress(seen, position);
    const page: UpstreamPage = await feed.page(position);
    const settled = page.events.filter((event) => Date.parse(event.created_at) <= until.getTime());
    const ids = new Set(
      await missingOf(
        db,
        settled.map(({ id }) => id),
      ),
    );
    missing.push(...settled.filter(({ id }) => ids.has(id)));
    onProgress((read += settled.length));
    position = settled.length < page.events.length ? undefined : page.next;
  }
  return { read, until, missing };
}
