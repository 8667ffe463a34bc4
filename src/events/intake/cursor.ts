import type { Queryable } from '../../core/ports.ts';
import type { Database } from '../../db/database.ts';
import { NotTheLeader, type Fence } from '../../db/fence.ts';

/** The position up to which WorkOS's feed was read. */
export interface Cursor {
  /** The last event before which no new one can appear; null if nothing was read yet. */
  readonly id: string | null;
  /** WorkOS's time of that event. */
  readonly at: Date | null;
}

const FEED = 'workos';

export async function readCursor(db: Queryable): Promise<Cursor> {
  const [cursor] = await db.query<Cursor>(
    'select cursor as id, cursor_at as at from feed_cursors where feed = $1',
    [FEED],
  );
  return cursor ?? { id: null, at: null };
}

/** Advances the cursor. @throws NotTheLeader if it is no longer at `from`, so another process moved it */
export async function moveCursor(tx: Queryable, from: Cursor, to: Cursor): Promise<void> {
  const rows = await tx.query(
    `insert into feed_cursors as known (feed, cursor, cursor_at) values ($1, $2, $3)
     on conflict (feed) do update set cursor = excluded.cursor,
       cursor_at = greatest(known.cursor_at, excluded.cursor_at)
       where known.cursor is not distinct from $4
     returning feed`,
    [FEED, to.id, to.at, from.id],
  );
  if (rows.length === 0) throw new NotTheLeader('The cursor was moved by another process.');
}

/** Records that the feed was read to its end. @throws NotTheLeader */
export async function markRead(db: Database, fence?: Fence): Promise<void> {
  await db.transaction(async (tx) => {
    await tx.query(
      `insert into feed_cursors (feed, read_at) values ($1, now())
       on conflict (feed) do update set read_at = now()`,
      [FEED],
    );
    await fence?.(tx);
  });
}
