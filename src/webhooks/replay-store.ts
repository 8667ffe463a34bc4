import { recordIn, type AuditRow } from '../audit-trail/writer.ts';
import type { Client } from '../core/identity.ts';
import type { Database } from '../db/database.ts';
import { covers } from '../db/tenant-rules.ts';
import { addJobs, keyOf, type DeliveryJobs } from './delivery-jobs.ts';
import type { EndpointRow } from './endpoint-row-store.ts';

export type ReplayStore = ReturnType<typeof createReplayStore>;

const PENDING = {
  name: 'webhook-pending',
  text: `select count(*)::int as count from (
    select from webhook_messages where endpoint_id = $1 and state = 'pending' limit $2) pending`,
};

/** The first of the last hundred events before the endpoint: a few of them may have been applied late. */
const BEFORE_ENDPOINT = {
  name: 'webhook-replay-start',
  text: `select min(position) as position from (
    select position from events where received_at < $1 order by received_at desc limit 100) earlier`,
};

const MAY_BE_NAMED = {
  name: 'webhook-replay-one',
  text: `select id from events where id = $1 and position is not null and event = any($2::text[])
    and ${covers('$3::text[]', 'tenant_id')}`,
};

const MISSED = {
  name: 'webhook-missed',
  text: `select e.id from events e left join webhook_messages m on m.endpoint_id = $1 and m.event_id = e.id
    where e.id = any($2::text[]) and e.received_at >= $3 and (m.state is null or m.state = 'failed')
    order by e.position`,
};

/** A message that another replay has queued stays that one's; of missed events also one that is delivered by now. */
const QUEUE = {
  name: 'webhook-replay-queue',
  text: `insert into webhook_messages as w (endpoint_id, event_id, state)
      select $1, id, 'pending' from unnest($2::text[]) id order by id
    on conflict (endpoint_id, event_id) do update set state = 'pending', updated_at = now()
      where w.state = 'failed' or (w.state = 'delivered' and not $3::boolean)
    returning event_id as "eventId"`,
};

/** Events that a client asks to be delivered again. */
export const createReplayStore = (db: Database, jobs: DeliveryJobs) => ({
  /** Counts the deliveries that wait, up to `most`. */
  async pending({ id }: EndpointRow, most: number): Promise<number> {
    const [row] = await db.query<{ count: number }>(PENDING, [id, most]);
    return row?.count ?? 0;
  },

  /** Returns a position in the feed before all events that the endpoint can have missed. */
  async startOf({ createdAt }: EndpointRow): Promise<string | undefined> {
    const [row] = await db.query<{ position: string | null }>(BEFORE_ENDPOINT, [createdAt]);
    return row?.position ?? undefined;
  },

  /** Returns true if the event exists, is of the endpoint's types, and the client may read it. */
  async mayBeNamed(client: Client, { events }: EndpointRow, eventId: string): Promise<boolean> {
    const found = await db.query(MAY_BE_NAMED, [eventId, events, client.tenants]);
    return found.length > 0;
  },

  /** Leaves out events that were delivered, wait for delivery, or are older than the endpoint. */
  async missed({ id, createdAt }: EndpointRow, eventIds: readonly string[]): Promise<string[]> {
    const rows = await db.query<{ id: string }>(MISSED, [id, eventIds, createdAt]);
    return rows.map((row) => row.id);
  },

  /**
   * Queues the events that do not wait already. With `onlyMissed` not those either that were delivered meanwhile.
   *
   * @returns how many were queued
   */
  queue(endpoint: EndpointRow, eventIds: readonly string[], onlyMissed: boolean, audit: AuditRow) {
    return db.transaction(async (tx) => {
      const values = [endpoint.id, eventIds, onlyMissed];
      const rows = await tx.query<{ eventId: string }>(QUEUE, values);
      const queued = new Set(rows.map(({ eventId }) => eventId));
      const due = eventIds
        .filter((id) => queued.has(id))
        .map((eventId) => ({ endpointId: endpoint.id, eventId, attempt: 0 }));
      await addJobs(jobs, tx, due);
      await recordIn(tx, audit);
      return due.length;
    });
  },

  /** Makes a delivery that waits for a retry due now. @returns true if there is one */
  runNow: ({ id }: EndpointRow, eventId: string): Promise<boolean> =>
    db.transaction((tx) => jobs.runNow(tx, keyOf({ endpointId: id, eventId }))),
});
