import type { Database } from '../db/database.ts';
import { createGrouped } from '../db/group-commit.ts';
import type { Job } from '../db/jobs.ts';
import type { Attempt } from './attempt.ts';
import type { DeliveryJob, DeliveryJobs } from './delivery-jobs.ts';
import { isPending } from './is-pending.ts';

interface Delivered {
  readonly job: Job<DeliveryJob>;
  readonly attempt: Attempt;
}

/** Stores attempts that succeeded: those that end together, or while a transaction is under way, share the next one. */
export const createDelivered = (db: Database, jobs: DeliveryJobs) =>
  createGrouped<Delivered, undefined>({
    name: 'webhook-delivered',
    ask: (rows, lockTimeout) =>
      db.transaction(async (tx) => {
        const values = JSON.stringify(rows.map(deliveredRow));
        await tx.query(ADD_DELIVERED, [values, lockTimeout]);
        await tx.query(SET_DELIVERED, [
          rows.map(({ job }) => job.data.endpointId),
          rows.map(({ job }) => job.data.eventId),
        ]);
        await jobs.removeAll(
          tx,
          rows.map(({ job }) => job),
        );
        return rows.map(() => undefined);
      }),
    overloaded: 'The log of deliveries cannot keep up.',
  });

const deliveredRow = ({ job: { data }, attempt }: Delivered) => ({
  endpoint_id: data.endpointId,
  event_id: data.eventId,
  status: attempt.status,
  duration_ms: attempt.durationMs,
  outcome: attempt.outcome,
});

const DELIVERED_ROWS = `jsonb_to_recordset($1::jsonb)
  as r (endpoint_id text, event_id text, status int, duration_ms int, outcome text)`;
const ADD_DELIVERED = {
  name: 'webhook-delivered-attempts',
  text: `insert into webhook_attempts (endpoint_id, event_id, status, duration_ms, outcome)
    select r.* from ${DELIVERED_ROWS}, set_config('lock_timeout', $2, true)`,
};
/** By arrays, of which Postgres expects ten rows and not a hundred: for a hundred it would rather read a small table whole. */
const SET_DELIVERED = {
  name: 'webhook-delivered-states',
  text: `update webhook_messages m set state = 'delivered', updated_at = now()
    from unnest($1::text[], $2::text[]) as r (endpoint_id, event_id)
    where m.endpoint_id = r.endpoint_id and m.event_id = r.event_id and ${isPending('m')}`,
};
