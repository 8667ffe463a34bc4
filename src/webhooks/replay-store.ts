import { recordIn, type AuditRow } from '../audit-trail/writer.ts';
import type { Client } from '../core/identity.ts';
import type { Database } from '../db/database.ts';
import { coveredTenants } from '../db/tenant-rules.ts';
import { addJobs, keyOf, type DeliveryJobs } from './delivery-jobs.ts';
import type { EndpointRow } from './store.ts';

/** Selects the events to deliver again. */
export type ReplayOf =
  | { readonly eventId: string }
  | { readonly since: string; readonly until: string | null }
  | { readonly missed: true };

/** Events per replay. */
const PAGE = 1_000;

const OWN_TENANTS = coveredTenants('$2::text[]');

const REPLAY = `with due as (
    select e.id, e.created_at from events e
      left join webhook_messages m on m.endpoint_id = $1 and m.event_id = e.id
    where e.position is not null and e.event = any($3::text[])
      and ('*' = any($2::text[]) or e.tenant_id in (${OWN_TENANTS}))
      and m.state is distinct from 'pending'
      and ($5::text is null or e.id = $5)
      and ($6::timestamptz is null or e.created_at >= $6)
      and ($7::timestamptz is null or e.created_at < $7)
      and (not $8::boolean or (m.state is distinct from 'delivered' and e.received_at >= $4))
    order by e.created_at, e.id limit $9),
  owed as (
    insert into webhook_messages as w (endpoint_id, event_id, state) select $1, id, 'pending' from due
    on conflict (endpoint_id, event_id) do update set state = 'pending', updated_at = now()
      where w.state <> 'pending'
    returning event_id)
  select due.id as "eventId", due.created_at as "createdAt", owed.event_id is not null as "isOwed"
  from due left join owed on owed.event_id = due.id
  order by due.created_at, due.id`;

/** Events that a client asks to be delivered again. */
export const createReplayStore = (db: Database, jobs: DeliveryJobs) => ({
  /**
   * Queues events again, at most 1,000, oldest first. A pending delivery becomes due now if its event
   * was named, and otherwise keeps its time.
   *
   * @returns how many are due, and the time of the last if there are more
   */
  replay(client: Client, endpoint: EndpointRow, replay: ReplayOf, audit: AuditRow) {
    return db.transaction(async (tx) => {
      const due = await tx.query<{ eventId: string; createdAt: Date; isOwed: boolean }>(REPLAY, [
        ...[endpoint.id, client.tenants, endpoint.events, endpoint.createdAt],
        ...replayValues(replay),
        PAGE,
      ]);
      // Events that a concurrent replay has queued count for that one.
      const again = due.filter(({ isOwed }) => isOwed);
      const jobsOf = again.map(({ eventId }) => ({ endpointId: endpoint.id, eventId, attempt: 0 }));
      await addJobs(jobs, tx, jobsOf);
      const isRunNow =
        again.length === 0 && 'eventId' in replay
          ? await jobs.runNow(tx, keyOf({ endpointId: endpoint.id, eventId: replay.eventId }))
          : false;
      await recordIn(tx, audit);
      const more = due.length === PAGE ? due.at(-1)?.createdAt : undefined;
      return { count: again.length + (isRunNow ? 1 : 0), more };
    });
  },
});

export type ReplayStore = ReturnType<typeof createReplayStore>;

const replayValues = (replay: ReplayOf): unknown[] => [
  'eventId' in replay ? replay.eventId : null,
  'since' in replay ? replay.since : null,
  'since' in replay ? replay.until : null,
  'missed' in replay,
];
