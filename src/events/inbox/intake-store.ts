import type { Queryable } from '../../core/ports.ts';
import type { Database } from '../../db/database.ts';
import { asPostgresError } from '../../db/problems.ts';
import { createGroupCommit } from '../../db/group-commit.ts';
import type { IncomingEvent } from './event.ts';
import { keepUnreadable } from './parked-store.ts';
import { attempt, insertEvents, type Inbox, type Source } from './store.ts';

/** The ids of the new entries. */
export interface Inserted {
  readonly events: readonly string[];
  readonly unreadable: readonly string[];
}

/** SQLSTATE classes 22 (data exception) and 54 (program limit exceeded): the value is at fault, not the database. */
const isDataError = (error: unknown): boolean => /^(22|54)/.test(asPostgresError(error).code ?? '');

/**
 * Adds events to the inbox like `insertEvents`. If Postgres rejects one of them, each is stored by
 * itself, and the rejected one is set aside.
 */
export async function insertOrSetAside(
  tx: Queryable,
  events: readonly IncomingEvent[],
  source: Exclude<Source, 'gatehouse'>,
): Promise<Inserted> {
  let added: string[] = [];
  const error = await attempt(tx, async () => {
    added = await insertEvents(tx, events, source);
  });
  if (error === undefined) return { events: added, unreadable: [] };
  if (!isDataError(error)) throw error;
  if (events.length > 1) {
    const parts: Inserted[] = [];
    for (const event of events) parts.push(await insertOrSetAside(tx, [event], source));
    return {
      events: parts.flatMap((part) => part.events),
      unreadable: parts.flatMap((part) => part.unreadable),
    };
  }
  const unreadable = events.map((event) => ({
    id: event.id,
    source,
    reason: `Postgres cannot store it (${asPostgresError(error).code ?? ''})`,
    raw: Buffer.from(JSON.stringify(event)),
  }));
  return { events: [], unreadable: await keepUnreadable(tx, unreadable) };
}

export interface InboxDeps {
  readonly db: Database;
  /** Called with the number of new events. */
  readonly onStored: (count: number) => void;
  /** Called with the id of an event that was set aside. */
  readonly onUnreadable: (id: string) => void;
}

/** Adds webhook deliveries to the inbox; concurrent deliveries share one statement. */
export const createInbox = ({ db, onStored, onUnreadable }: InboxDeps): Inbox =>
  createGroupCommit<IncomingEvent>({
    name: 'inbox',
    overloaded: 'The inbox cannot keep up.',
    async insert(events) {
      const inserted = await insertEvents(db, events, 'webhook').then(
        (ids): Inserted => ({ events: ids, unreadable: [] }),
        (error: unknown) => {
          if (!isDataError(error)) throw error;
          return db.transaction((tx) => insertOrSetAside(tx, events, 'webhook'));
        },
      );
      onStored(inserted.events.length);
      for (const id of inserted.unreadable) onUnreadable(id);
    },
  });
