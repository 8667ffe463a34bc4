import type { Queryable } from '../../core/ports.ts';
import { clean } from './clean.ts';
import type { AppliedEvent, IncomingEvent } from './event.ts';
import { organizationOf } from './organization.ts';

/** The door an event came through: WorkOS's webhook, its Events API, or none because it is our own. */
export type Source = 'webhook' | 'feed' | 'gatehouse';

/** Tells the applier, the moment it is committed, that something waits. */
export const EVENTS_CHANNEL = 'gatehouse_events';

/** Any constant: all that counts is that every process of ours uses the same one. */
const FEED_LOCK = 7_201_900_114;

// Sorted, or two transactions that hold each other's events would wait for one another.
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
 * Puts events into the inbox and wakes the applier. Safe to repeat, and from both doors at once:
 * keyed by event id.
 *
 * @returns the ids of those that were new
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
  /** Resolves once the event is durable, this time or before. @throws Problem `overloaded`, or what the database says */
  add(event: IncomingEvent): Promise<void>;
}

/** Those of these ids that never came in. */
export async function missingOf(db: Queryable, ids: readonly string[]): Promise<string[]> {
  const rows = await db.query<{ id: string }>(
    'select id from unnest($1::text[]) as id where not exists (select 1 from events where events.id = id.id)',
    [ids],
  );
  return rows.map(({ id }) => id);
}

export interface Backlog {
  readonly waiting: number;
  /** Events that were set aside, and what could not be read as one; dropped ones are not counted. */
  readonly parked: number;
  /** Seconds: the age of the oldest that waits, or of the last reading of the feed to its end, if that is more. */
  readonly lag: number;
}

export async function backlogOf(db: Queryable): Promise<Backlog> {
  const [row] = await db.query<Backlog>(
    `select count(*) filter (where parked_at is null)::int as waiting,
       count(*) filter (where parked_reason <> $1)::int
         + (select count(*) from unreadable_events where reason <> $1)::int as parked,
       coalesce(extract(epoch from now() - least(min(received_at) filter (where parked_at is null),
         (select read_at from feed_cursors where feed = 'workos')))::float8, 0) as lag
     from events where position is null`,
    [DROPPED],
  );
  return row ?? { waiting: 0, parked: 0, lag: 0 };
}

/** The reason of what an operator gave up. */
export const DROPPED = 'dropped by an operator';

/** Waiting: without a place yet. */
export interface WaitingEvent extends Omit<AppliedEvent, 'position'> {
  /** What has its events in order: the organization, else the object that the event is about. */
  readonly subject: string;
  /** Whether its organization may be that of a tenant that is being provisioned. */
  readonly isUndecided: boolean;
}

const SUBJECT = `coalesce(organization_id, data->>'id', id)`;

/**
 * How much earlier than a tenant its own organization's events may seem to be: WorkOS's clock is
 * not ours. Only events that came in after the tenant was put, by our clock, have this allowance.
 * It is as much as a webhook's signature may differ.
 */
const CLOCKS_DIFFER = `interval '180 seconds'`;
/** The allowance where the organization was another tenant's before, who must keep what is its own. */
const CLOCKS_DIFFER_AFTER_ANOTHER = `interval '5 seconds'`;
/** An event that nothing connects with a claim waits no longer than this for it. */
const LONGEST_WAIT = `interval '1 hour'`;

/** A tenant has what happened since it exists, and what says itself that it is the tenant's. */
const SINCE = `(t.created_at <= e.created_at or t.id = e.named
  or (t.created_at <= e.received_at and t.created_at <= e.created_at + case
    when exists (select from tenants former
      where former.former_organization_id = e.organization_id and former.id <> t.id)
    then ${CLOCKS_DIFFER_AFTER_ANOTHER} else ${CLOCKS_DIFFER} end))`;

/** The tenant that an event about an organization names by our mark or external id. */
const NAMED = `case when event like 'organization.%' then
    coalesce(data->'metadata'->>'gatehouse_tenant',
      case when starts_with(data->>'external_id', prefix.value)
        then substr(data->>'external_id', length(prefix.value) + 1) else data->>'external_id' end)
  end`;

/*
 * A claim is a tenant that is being provisioned, by somebody who is at it or will be again. An
 * adoption knows its organization; any other claim may be the one that made an unknown organization,
 * unless the event names another tenant or is older than the claim.
 */
const CLAIMED = `exists (select from tenants c
  where c.status = 'provisioning' and c.lease_until is not null and case
    when e.organization_id in (c.organization_id, c.request->>'adopt') then true
    when c.organization_id is not null or c.request->>'adopt' is not null then false
    when e.named is not null then c.id = e.named
    else c.created_at <= e.received_at and c.created_at <= e.created_at + ${CLOCKS_DIFFER}
      and e.received_at > now() - ${LONGEST_WAIT} end)`;

/** So many are applied by one transaction. */
export const MOST_APPLIED = 100;

/** A batch holds about this much, as it is stored: all of it has to be read within the statement's time. */
const BATCH_BYTES = 4 * 1024 * 1024;

/** The subjects that are passed over may be thousands: a subquery is hashed, and `<> all` is not. */
const IS_WAITING = `position is null and parked_at is null
  and (cardinality($1::text[]) = 0 or ${SUBJECT} not in (select unnest($1::text[])))`;
/** An organization's creation comes before what else happened to it in the same millisecond. */
const OLDEST_FIRST = `created_at, (event <> 'organization.created'), id`;

/** Their ids, chosen without reading their data: at least one. */
const CHOSEN = `select id from (
    select id, sum(size) over (order by ${OLDEST_FIRST}) - size as before
    from (select id, event, created_at, pg_column_size(data) as size from events
      where ${IS_WAITING} order by ${OLDEST_FIRST} limit $2) oldest) sized
  where before < ${BATCH_BYTES}`;

/*
 * A tombstone has what happened while the tenant existed, and of what comes after only the
 * deletions, which it caused.
 */
const OF_ITS_TENANT = `select e.id, e.event, e.organization_id, e.data, e.context, e.created_at, e.subject,
      coalesce(e.tenant_id, live.id, buried.id) as tenant_id,
      e.organization_id is not null and e.tenant_id is null and owner.id is null and buried.id is null
        and ${CLAIMED} as undecided
    from (select id, event, organization_id, tenant_id, data, context, created_at, received_at,
        ${SUBJECT} as subject, ${NAMED} as named
      from events left join settings prefix on prefix.name = 'workos_external_id_prefix'
      where id in (${CHOSEN}) limit $2) e
    left join lateral (select t.id, t.created_at from tenants t where t.organization_id = e.organization_id
      and t.status not in ('provisioning', 'conflict', 'deleted')) owner on true
    left join lateral (select t.id from tenants t where t.id = owner.id and ${SINCE}) live on true
    left join lateral (select t.id from tenants t
      where t.former_organization_id = e.organization_id and ${SINCE}
        and (e.created_at <= t.updated_at or e.event like '%.deleted')
      order by t.updated_at desc limit 1) buried on true`;

/** Of those that wait for a tenant no data is read, and of the others only as many as are applied at once. */
const WAITING = {
  name: 'waiting-events',
  text: `select id, event, organization_id as "organizationId", created_at as "createdAt", subject,
      tenant_id as "tenantId", undecided as "isUndecided", context,
      case when undecided then '{}' else data end as data
    from (select *, row_number() over (partition by undecided order by ${OLDEST_FIRST}) as nth
      from (${OF_ITS_TENANT}) decided) numbered
    where undecided or nth <= ${MOST_APPLIED} order by ${OLDEST_FIRST}`,
};

/** The oldest events that wait, but for those of the subjects that are held back. */
export const readWaiting = (
  tx: Queryable,
  heldBack: readonly string[],
  limit: number,
): Promise<WaitingEvent[]> => tx.query<WaitingEvent>(WAITING, [heldBack, limit]);

/** The event that a batch of one would have read, without its data. */
export async function oldestWaiting(
  db: Queryable,
  heldBack: readonly string[],
): Promise<Pick<WaitingEvent, 'id' | 'event' | 'subject'> | undefined> {
  const [oldest] = await db.query<Pick<WaitingEvent, 'id' | 'event' | 'subject'>>(
    `select id, event, ${SUBJECT} as subject from events where ${IS_WAITING} order by ${OLDEST_FIRST} limit 1`,
    [heldBack],
  );
  return oldest;
}

/** One at a time, on any number of processes, until the transaction ends. @returns the last place given */
export async function lockFeed(tx: Queryable): Promise<bigint> {
  await tx.query({ name: 'lock-feed', text: `select pg_advisory_xact_lock(${FEED_LOCK})` });
  const [row] = await tx.query<{ last: string | null }>({
    name: 'last-position',
    text: 'select max(position) as last from events',
  });
  return BigInt(row?.last ?? 0);
}

const PLACE = {
  name: 'place-events',
  text: `update events set position = given.position, tenant_id = given.tenant
    from unnest($1::text[], $2::bigint[], $3::text[]) as given (id, position, tenant)
    where events.id = given.id`,
};

export async function placeEvents(tx: Queryable, events: readonly AppliedEvent[]): Promise<void> {
  if (events.length === 0) return;
  await tx.query(PLACE, [
    events.map(({ id }) => id),
    events.map(({ position }) => position),
    events.map(({ tenantId }) => tenantId),
  ]);
}

/**
 * Runs work that may fail without taking the transaction with it.
 *
 * @returns what it threw, if it did. @throws where the transaction is lost anyhow
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
