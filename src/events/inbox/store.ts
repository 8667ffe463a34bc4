import type { Queryable } from '../../core/ports.ts';
import { clean } from './clean.ts';
import type { IncomingEvent } from './event.ts';
import { organizationOf } from './organization.ts';

/** The source of an event: WorkOS's webhook, its Events API, or Gatehouse itself. */
export type Source = 'webhook' | 'feed' | 'gatehouse';

/** The channel on which a commit wakes the applier. */
export const EVENTS_CHANNEL = 'gatehouse_events';

// Sorted by id, so that two transactions with the same events do not deadlock.
const INSERT = {
  name: 'insert-events',
  text: `with added as (
      insert into events (id, event, organization_id, tenant_id, data, context, created_at, source)
      select id, event, organization_id, tenant_id, data, context, coalesce(created_at, now()), $2
      from jsonb_to_recordset($1::jsonb) as r (id text, event text, organization_id text, tenant_id text,
        data jsonb, context jsonb, created_at timestamptz)
      order by id
      on conflict (id) do nothing returning id)
    select id, pg_notify('${EVENTS_CHANNEL}', '') from added`,
};

interface Row {
  readonly id: string;
  readonly event: string;
  readonly data: Readonly<Record<string, unknown>>;
  readonly organization_id?: string | undefined;
  readonly tenant_id?: string | null;
  readonly context?: Readonly<Record<string, unknown>> | undefined;
  readonly created_at?: string;
}

/**
 * Adds events to the inbox and wakes the applier. Idempotent by event id, so webhook and feed may
 * add the same events concurrently.
 *
 * @returns the ids of the new events
 */
export const insertEvents = (
  tx: Queryable,
  events: readonly IncomingEvent[],
  source: Source,
): Promise<string[]> =>
  insertRows(
    tx,
    events.map((event) => ({ ...event, organization_id: organizationOf(event.data) })),
    source,
  );

export async function insertRows(
  tx: Queryable,
  rows: readonly Row[],
  source: Source,
): Promise<string[]> {
  if (rows.length === 0) return [];
  const added = await tx.query<{ id: string }>(INSERT, [clean(JSON.stringify(rows)), source]);
  return added.map(({ id }) => id);
}

export interface Inbox {
  /** Resolves once the event is durable, now or from an earlier call. @throws Problem `overloaded`, or an error of the database */
  add(event: IncomingEvent): Promise<void>;
}

/** Returns the ids that are not in the inbox. */
export async function missingOf(db: Queryable, ids: readonly string[]): Promise<string[]> {
  const rows = await db.query<{ id: string }>(
    'select id from unnest($1::text[]) as id where not exists (select 1 from events where events.id = id.id)',
    [ids],
  );
  return rows.map(({ id }) => id);
}

export interface Backlog {
  readonly waiting: number;
  /** Parked events and unreadable entries, without dropped ones. */
  readonly parked: number;
  /** Seconds: the age of the oldest waiting event, or the time since the feed was last read to its end, whichever is more. */
  readonly lag: number;
  /** The position of the newest applied event, and when it was created, in seconds since 1970. Null if there is none. */
  readonly position: number | null;
  readonly newestApplied: number | null;
  /** In seconds since 1970: when the event that the cursor names was created, and when the feed was last read to its end. */
  readonly cursorAt: number | null;
  readonly readAt: number | null;
}

/** Counts up to 100,000, so that a long backlog does not make it slow. */
const BACKLOG = `with open as (
    select received_at, parked_at, parked_reason from events where position is null limit 100000),
  newest as (
    select position::float8, extract(epoch from created_at)::float8 as created
    from events where position is not null order by events.position desc limit 1),
  feed as (select cursor_at, read_at from feed_cursors where feed = 'workos')
  select count(*) filter (where parked_at is null)::int as waiting,
    count(*) filter (where parked_reason <> $1)::int
      + (select count(*) from (
          select from unreadable_events where reason <> $1 limit 100000) as counted)::int as parked,
    coalesce(extract(epoch from now() - least(min(received_at) filter (where parked_at is null),
      (select read_at from feed)))::float8, 0) as lag,
    (select position from newest), (select created from newest) as "newestApplied",
    (select extract(epoch from cursor_at)::float8 from feed) as "cursorAt",
    (select extract(epoch from read_at)::float8 from feed) as "readAt"
  from open`;

export async function backlogOf(db: Queryable): Promise<Backlog> {
  const [row] = await db.query<Backlog>(BACKLOG, [DROPPED]);
  if (!row) throw new Error('An aggregate has one row.');
  return row;
}

/** The reason stored for entries that an operator dropped. */
export const DROPPED = 'dropped by an operator';

/**
 * Runs work inside a savepoint, so that its failure does not abort the transaction.
 *
 * @returns what it threw, if anything. @throws if the transaction itself is lost
 */
export async function attempt(
  tx: Queryable,
  work: () => Promise<void>,
): Promise<Error | undefined> {
  await tx.query({ name: 'savepoint', text: 'savepoint event' });
  try {
    await work();
    await tx.query({ name: 'release', text: 'release savepoint event' });
    return undefined;
  } catch (error) {
    await tx.query('rollback to savepoint event');
    return error instanceof Error ? error : new Error('No error was thrown', { cause: error });
  }
}
