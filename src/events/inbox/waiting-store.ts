/** Events that wait for their position in the feed, in the order in which they are applied. */
import type { Queryable } from '../../core/ports.ts';
import { columnsOf } from '../../db/columns.ts';
import { events } from '../../db/schema/events.ts';
import type { AppliedEvent } from './event.ts';

/** Key of the advisory lock; an arbitrary constant that every process uses. */
const FEED_LOCK = 7_201_900_114;

/** An event without a position yet. */
export interface WaitingEvent extends Omit<AppliedEvent, 'position'> {
  /** Events of one subject are applied in order: the organization, or else the object of the event. */
  readonly subject: string;
  /** True if its organization may belong to a tenant that is being provisioned. */
  readonly isUndecided: boolean;
}

const SUBJECT = `coalesce(organization_id, data->>'id', id)`;

/**
 * The time by which an event of a tenant's organization may predate the tenant, because WorkOS's
 * clock may differ from ours. Applies only to events received after the tenant was created, by our clock.
 * Equals the tolerance of webhook signatures.
 */
const CLOCK_TOLERANCE = `interval '180 seconds'`;
/** The same if the organization belonged to another tenant before, whose events must stay that tenant's. */
const CLOCK_TOLERANCE_AFTER_ANOTHER = `interval '5 seconds'`;
/** The longest wait of an event that is not known to belong to a claim. */
const LONGEST_WAIT = `interval '1 hour'`;

/** True if the organization was another tenant's when the event occurred, although tenant `t` existed already. */
const IS_OF_FORMER = `exists (select from tenants former
  where former.former_organization_id = e.organization_id and former.id <> t.id and former.status = 'deleted'
    and e.created_at <= former.updated_at and t.created_at < former.updated_at
    and (t.status <> 'deleted' or former.updated_at < t.updated_at))`;

/** A tenant gets the events since its creation, and those that name it, but none of a former tenant's time. */
const SINCE = `(t.id = e.named or not ${IS_OF_FORMER} and (t.created_at <= e.created_at
  or t.created_at <= e.received_at and t.created_at <= e.created_at + case
    when exists (select from tenants former
      where former.former_organization_id = e.organization_id and former.id <> t.id)
    then ${CLOCK_TOLERANCE_AFTER_ANOTHER} else ${CLOCK_TOLERANCE} end))`;

/** The tenant id in the mark or external id of an organization event. */
const NAMED = `case when event like 'organization.%' then
    coalesce(data->'metadata'->>'gatehouse_tenant',
      case when starts_with(data->>'external_id', prefix.value)
        then substr(data->>'external_id', length(prefix.value) + 1) else data->>'external_id' end)
  end`;

/*
 * True if a claim, i.e. a tenant that is being provisioned, may own the event's organization. An
 * adoption names its organization. Any other claim may have created an unknown organization, unless
 * the event names another tenant or is older than the claim.
 */
const CLAIMED = `exists (select from tenants c
  where c.status = 'provisioning' and c.lease_until is not null and case
    when e.organization_id in (c.organization_id, c.request->>'adopt') then true
    when c.organization_id is not null or c.request->>'adopt' is not null then false
    when e.named is not null then c.id = e.named
    else c.created_at <= e.received_at and c.created_at <= e.created_at + ${CLOCK_TOLERANCE}
      and e.received_at > now() - ${LONGEST_WAIT} end)`;

/** The most events that one transaction applies. */
export const MAX_APPLIED = 100;

/** Approximate stored size of a batch, which has to be read within the statement timeout. */
const BATCH_BYTES = 4 * 1024 * 1024;

/** Thousands of subjects may be skipped: Postgres hashes a subquery, but not `<> all`. */
const IS_WAITING = `position is null and parked_at is null
  and (cardinality($1::text[]) = 0 or ${SUBJECT} not in (select unnest($1::text[])))`;
/** An organization's creation comes before its other events of the same millisecond. */
const OLDEST_FIRST = `created_at, (event <> 'organization.created'), id`;

/** The ids of the next batch, chosen without reading the events' data; at least one. */
const CHOSEN = `select id from (
    select id, sum(size) over (order by ${OLDEST_FIRST}) - size as before
    from (select id, event, created_at, pg_column_size(data) as size from events
      where ${IS_WAITING} order by ${OLDEST_FIRST} limit $2) oldest) sized
  where before < ${BATCH_BYTES}`;

/**
 * Only `events_unplaced` has events in this order, so without sorts it is the one that is read. Otherwise
 * Postgres sorts all that wait, while its statistics are of when none did; or, when they are new, begins with the
 * oldest event of the feed.
 */
const WITHOUT_SORTS = 'set local enable_sort = off; set local enable_incremental_sort = off';
const WITH_SORTS = 'set local enable_sort to default; set local enable_incremental_sort to default';

async function inIndexOrder<R extends object>(
  tx: Queryable,
  text: string,
  values: readonly unknown[],
): Promise<R[]> {
  await tx.query(WITHOUT_SORTS);
  const rows = await tx.query<R>(text, values);
  await tx.query(WITH_SORTS);
  return rows;
}

/*
 * Live tenant: events created after the tenant. Deleted tenant: events from its lifetime, plus later
 * `*.deleted` events, which the deletion caused.
 */
const WITH_TENANT = `select e.id, e.event, e.organization_id, e.data, e.context, e.created_at, e.subject,
      coalesce(e.tenant_id, live.id, former_tenant.id) as tenant_id,
      e.organization_id is not null and e.tenant_id is null and owner.id is null and former_tenant.id is null
        and ${CLAIMED} as undecided
    from (select id, event, organization_id, tenant_id, data, context, created_at, received_at,
        ${SUBJECT} as subject, ${NAMED} as named
      from events left join settings prefix on prefix.name = 'workos_external_id_prefix'
      where id = any($1::text[])) e
    left join lateral (select t.id, t.created_at from tenants t where t.organization_id = e.organization_id
      and t.status not in ('provisioning', 'conflict', 'deleted')) owner on true
    left join lateral (select t.id from tenants t where t.id = owner.id and ${SINCE}) live on true
    left join lateral (select t.id from tenants t
      where t.former_organization_id = e.organization_id and ${SINCE}
        and (e.created_at <= t.updated_at or e.event like '%.deleted')
      order by t.updated_at desc limit 1) former_tenant on true`;

const DECIDED_COLUMNS = columnsOf(events, {
  only: ['id', 'event', 'organizationId', 'createdAt', 'tenantId', 'context'],
});

/** Reads no data of events that wait for a tenant, and of the others only as many as are applied at once. */
const WAITING = {
  name: 'waiting-events',
  text: `select ${DECIDED_COLUMNS}, subject, undecided as "isUndecided",
      case when undecided then '{}' else data end as data
    from (select *, row_number() over (partition by undecided order by ${OLDEST_FIRST}) as nth
      from (${WITH_TENANT}) decided) numbered
    where undecided or nth <= ${MAX_APPLIED} order by ${OLDEST_FIRST}`,
};

/** The oldest waiting events, without those of the skipped subjects. */
export async function readWaiting(
  tx: Queryable,
  skippedSubjects: readonly string[],
  limit: number,
): Promise<WaitingEvent[]> {
  const chosen = await inIndexOrder<{ id: string }>(tx, CHOSEN, [skippedSubjects, limit]);
  if (chosen.length === 0) return [];
  return tx.query<WaitingEvent>(WAITING, [chosen.map(({ id }) => id)]);
}

/** The oldest waiting event, without its data. */
export async function oldestWaiting(
  tx: Queryable,
  skippedSubjects: readonly string[],
): Promise<Pick<WaitingEvent, 'id' | 'event' | 'subject'> | undefined> {
  const [oldest] = await inIndexOrder<Pick<WaitingEvent, 'id' | 'event' | 'subject'>>(
    tx,
    `select id, event, ${SUBJECT} as subject from events where ${IS_WAITING} order by ${OLDEST_FIRST} limit 1`,
    [skippedSubjects],
  );
  return oldest;
}

/** The setting with the position after which `gatehouse restored` wants new ones, so that none is given twice. */
export const FEED_POSITIONS_AFTER = 'feed_positions_after';

/** Locks the feed until the transaction ends, across all processes. @returns the last position given */
export async function lockFeed(tx: Queryable): Promise<bigint> {
  await tx.query({ name: 'lock-feed', text: `select pg_advisory_xact_lock(${FEED_LOCK})` });
  const [row] = await tx.query<{ last: string | null }>({
    name: 'last-position',
    text: `select greatest((select max(position) from events),
      (select value::bigint from settings where name = '${FEED_POSITIONS_AFTER}')) as last`,
  });
  return BigInt(row?.last ?? 0);
}

const PLACE = {
  name: 'place-events',
  text: `update events set position = given.position, tenant_id = given.tenant
    from unnest($1::text[], $2::bigint[], $3::text[]) as given (id, position, tenant)
    where events.id = given.id`,
};

export async function placeEvents(tx: Queryable, placed: readonly AppliedEvent[]): Promise<void> {
  if (placed.length === 0) return;
  await tx.query(PLACE, [
    placed.map(({ id }) => id),
    placed.map(({ position }) => position),
    placed.map(({ tenantId }) => tenantId),
  ]);
}
