import type { Queryable } from '../core/ports.ts';
import type { Database } from '../db/database.ts';
import { createGrouped } from '../db/group-commit.ts';
import type { Job } from '../db/jobs.ts';
import { onceMore } from '../db/once-more.ts';
import type { Attempt } from './attempt.ts';
import type { DeliveryJob, DeliveryJobs } from './delivery-jobs.ts';
import { isPending } from './is-pending.ts';

interface Delivered {
  readonly job: Job<DeliveryJob>;
  readonly attempt: Attempt;
}

/**
 * Stores attempts that succeeded: those that end together, or while a transaction is under way, share the next one.
 * If that fails, they are stored once more, unless it was committed: then their jobs are gone.
 */
export function createDelivered(db: Database, jobs: DeliveryJobs) {
  const first = createStored(db, jobs, { logsLate: true });
  const again = createStored(db, jobs, { logsLate: false });
  return (delivered: Delivered): Promise<void> =>
    onceMore(
      () => first.add(delivered),
      () => again.add(delivered),
    );
}

/**
 * A job is gone if another worker took it over and recorded its attempt. A replay may have been asked for since, so only
 * the attempt is logged.
 *
 * @param options.logsLate false if the attempts of jobs that are gone may be logged already
 */
const createStored = (
  db: Database,
  jobs: DeliveryJobs,
  { logsLate }: { readonly logsLate: boolean },
) =>
  createGrouped<Delivered, undefined>({
    name: 'webhook-delivered',
    ask: (rows, lockTimeout) =>
      db.transaction(async (tx) => {
        await tx.query(SET_LOCK_TIMEOUT, [lockTimeout]);
        const ended = await endJobs(tx, jobs, rows);
        await addAttempts(tx, logsLate ? rows : ended);
        await setDelivered(tx, ended);
        return rows.map(() => undefined);
      }),
    overloaded: 'The log of deliveries cannot keep up.',
  });

/** Returns those whose jobs were not gone. */
async function endJobs(tx: Queryable, jobs: DeliveryJobs, rows: readonly Delivered[]) {
  const all = rows.map(({ job }) => job);
  const ended = new Set(await jobs.removeAll(tx, all));
  return rows.filter(({ job }) => ended.has(job.id));
}

const addAttempts = (tx: Queryable, rows: readonly Delivered[]) =>
  tx.query(ADD_DELIVERED, [JSON.stringify(rows.map(deliveredRow))]);

const setDelivered = (tx: Queryable, rows: readonly Delivered[]) =>
  tx.query(SET_DELIVERED, [
    rows.map(({ job }) => job.data.endpointId),
    rows.map(({ job }) => job.data.eventId),
  ]);

const deliveredRow = ({ job: { data }, attempt }: Delivered) => ({
  endpoint_id: data.endpointId,
  event_id: data.eventId,
  status: attempt.status,
  duration_ms: attempt.durationMs,
  outcome: attempt.outcome,
});

const SET_LOCK_TIMEOUT = `select set_config('lock_timeout', $1, true)`;
const ADD_DELIVERED = {
  name: 'webhook-delivered-attempts',
  text: `insert into webhook_attempts (endpoint_id, event_id, status, duration_ms, outcome)
    select * from jsonb_to_recordset($1::jsonb)
      as r (endpoint_id text, event_id text, status int, duration_ms int, outcome text)`,
};
/** The keys are arrays, for which Postgres expects ten rows. For a recordset it expects a hundred, and would read a small table whole. */
const SET_DELIVERED = {
  name: 'webhook-delivered-states',
  text: `update webhook_messages m set state = 'delivered', updated_at = now()
    from unnest($1::text[], $2::text[]) as r (endpoint_id, event_id)
    where m.endpoint_id = r.endpoint_id and m.event_id = r.event_id and ${isPending('m')}`,
};
