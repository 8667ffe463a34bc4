/** Parked events: those that cannot be applied, and entries that are no valid events. */
import { createHash } from 'node:crypto';
import type { Queryable } from '../../core/ports.ts';
import type { Database } from '../../db/database.ts';
import type { Fence } from '../../db/fence.ts';
import type { IncomingEvent } from './event.ts';
import { DROPPED, EVENTS_CHANNEL, insertEvents } from './store.ts';

/** An entry from WorkOS that is no valid event. */
export interface Unreadable {
  readonly source: 'webhook' | 'feed';
  /** The event's id, if that is valid. */
  readonly id?: string | undefined;
  readonly reason: string;
  readonly raw: Buffer;
}

/** The size limit of a webhook. An entry that is cut here cannot be parsed later. */
const KEPT_BYTES = 1024 * 1024;

/** Stores invalid entries for a person to look at. Safe to repeat. @returns the ids of the new ones */
export async function keepUnreadable(
  tx: Queryable,
  items: readonly Unreadable[],
): Promise<string[]> {
  const added: string[] = [];
  for (const { id, source, reason, raw } of items) {
    const rows = await tx.query<{ id: string }>(
      `insert into unreadable_events (id, source, reason, raw) values ($1, $2, $3, $4)
       on conflict (id) do nothing returning id`,
      [id ?? idOfRaw(raw), source, reason.slice(0, 500), raw.subarray(0, KEPT_BYTES)],
    );
    added.push(...rows.map((row) => row.id));
  }
  return added;
}

/** Stands for the id of an entry that has none. */
export const idOfRaw = (raw: Buffer): string => createHash('sha256').update(raw).digest('hex');

/** Parks an event, so that later events of its subject go on. @throws NotTheLeader */
export const park = (
  db: Database,
  id: string,
  reason: string,
  fence: Fence | undefined,
): Promise<void> =>
  db.transaction(async (tx) => {
    await tx.query(
      `update events set parked_at = now(), parked_reason = $2 where id = $1 and position is null`,
      [id, reason],
    );
    await fence?.(tx);
  });

/** A parked event, or an entry that is no valid event. */
export interface Parked {
  readonly id: string;
  /** `failed`: an event that could not be applied. `unreadable`: no valid event for this release. */
  readonly kind: 'failed' | 'unreadable';
  readonly event: string | null;
  readonly organizationId: string | null;
  readonly source: string;
  readonly reason: string;
  readonly at: Date;
}

const LIST = `select * from (
    select id, 'failed' as kind, event, organization_id as "organizationId", source,
      parked_reason as reason, parked_at as at
    from events where position is null and parked_reason <> $1
    union all
    select id, 'unreadable', null, null, source, reason, received_at from unreadable_events
    where reason <> $1) parked
  where $2::text[] is null or id = any($2) order by at, id limit $3`;

/** Lists parked entries, oldest first. @param ids undefined for all */
export const listParked = (
  db: Queryable,
  ids: readonly string[] | undefined,
  limit: number,
): Promise<Parked[]> => db.query<Parked>(LIST, [DROPPED, ids, limit]);

/** Unparks an event, so that it is applied again. */
export async function retryFailed(tx: Queryable, id: string): Promise<void> {
  await tx.query(
    `update events set parked_at = null, parked_reason = null where id = $1 and position is null`,
    [id],
  );
  await tx.query(`select pg_notify('${EVENTS_CHANNEL}', '')`);
}

/** The stored body of an unreadable entry; undefined if there is no such entry. */
export async function rawOf(tx: Queryable, id: string): Promise<Buffer | undefined> {
  const [row] = await tx.query<{ raw: Buffer }>(
    'select raw from unreadable_events where id = $1 for update',
    [id],
  );
  return row?.raw;
}

/** Moves an entry that can now be read into the inbox. */
export async function admit(
  tx: Queryable,
  { id, source }: Pick<Parked, 'id' | 'source'>,
  event: IncomingEvent,
): Promise<void> {
  await insertEvents(tx, [event], source === 'webhook' ? 'webhook' : 'feed');
  await tx.query('delete from unreadable_events where id = $1', [id]);
}

/** Drops a parked entry. Its id is kept, so that it is not stored again. */
export async function drop(
  tx: Queryable,
  { id, kind }: Pick<Parked, 'id' | 'kind'>,
): Promise<void> {
  await tx.query(
    kind === 'failed'
      ? 'update events set parked_reason = $2 where id = $1 and position is null and parked_at is not null'
      : `update unreadable_events set reason = $2, raw = '' where id = $1`,
    [id, DROPPED],
  );
}
