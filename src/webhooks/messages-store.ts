import type { EventHandler } from '../events/inbox/event.ts';
import { isOfClient } from '../db/client-generation.ts';
import type { Queryable } from '../core/ports.ts';
import type { Database } from '../db/database.ts';
import type { Job } from '../db/jobs.ts';
import { covers } from '../db/tenant-rules.ts';
import type { Attempt } from './attempt.ts';
import { createDelivered } from './delivered-store.ts';
import { addJobs, type DeliveryJob, type DeliveryJobs } from './delivery-jobs.ts';
import { createDueMessages } from './due-message-store.ts';
import { isPending } from './is-pending.ts';
import { MAY_READ } from './may-read.ts';

/** State after an attempt. */
export type Next =
  | { readonly state: 'delivered' | 'failed' }
  | { readonly state: 'pending'; readonly afterSeconds: number };

/** An attempt, and the version of the endpoint that it was made for. */
export interface Attempted extends Attempt {
  readonly endpointUpdatedAt: string;
}

/**
 * Deliveries to endpoints. Only `webhook_messages` says whether one was delivered; the job says when
 * it is tried next, and exists as long as the message is `pending`.
 */
export function createMessageStore(db: Database, jobs: DeliveryJobs) {
  const recordDelivered = createDelivered(db, jobs);
  return {
    /** Queues an applied event for every enabled endpoint that subscribes to it and whose client may read it. */
    fanOut: (async (tx, { id, event, tenantId }) => {
      // The endpoints are read in parts, so that no statement runs into its timeout, however many there are.
      for (let after: string | undefined = ''; after !== undefined;) {
        const chosen: Chosen[] = await tx.query<Chosen>(FAN_OUT, [id, event, tenantId, after]);
        const owed = chosen.filter(({ isOwed }) => isOwed);
        await addJobs(
          jobs,
          tx,
          owed.map(({ endpointId }) => ({ endpointId, eventId: id, attempt: 0 })),
        );
        after = chosen.length === FAN_OUT_PART ? chosen.at(-1)?.endpointId : undefined;
      }
    }) satisfies EventHandler,

    /** Returns undefined if the delivery is no longer due. */
    find: createDueMessages(db),

    /** Stores the attempt and its next state and ends the job, in one transaction. */
    record(job: Job<DeliveryJob>, attempt: Attempted | undefined, next: Next): Promise<void> {
      if (attempt && next.state === 'delivered') return recordDelivered({ job, attempt });
      return db.transaction(async (tx) => {
        const { endpointId, eventId } = job.data;
        if (attempt) await tx.query(ADD_ATTEMPT, [endpointId, eventId, ...attemptValues(attempt)]);
        const follows = (await isOfFormer(tx, endpointId, attempt)) ? AT_ONCE : next;
        // The job is gone if another worker took it over and recorded its attempt; what follows is for that one to say.
        if (!(await jobs.remove(tx, job))) return;
        const set = await tx.query(SET_STATE, [endpointId, eventId, follows.state]);
        if (set.length === 0 || follows.state !== 'pending') return;
        const again = { endpointId, eventId, attempt: job.data.attempt + 1 };
        await addJobs(jobs, tx, [again], follows.afterSeconds);
      });
    },

    /** Retries later without counting an attempt. Only the first time is shown in the log. */
    setAside(job: Job<DeliveryJob>, attempt: Attempt, afterSeconds: number): Promise<void> {
      return db.transaction(async (tx) => {
        const { endpointId, eventId, aside } = job.data;
        if (!aside) await tx.query(ADD_ATTEMPT, [endpointId, eventId, ...attemptValues(attempt)]);
        if (await jobs.remove(tx, job))
          await addJobs(jobs, tx, [{ ...job.data, aside: true }], afterSeconds);
      });
    },

    /** Makes what was set aside due now. */
    runAsideNow: (): Promise<void> => jobs.runAsideNow(),

    /** Removes a job whose message is delivered, failed or deleted; and the message, if its endpoint is deleted. */
    drop: (job: Job<DeliveryJob>): Promise<void> =>
      db.transaction(async (tx) => {
        await tx.query(FORGET, [job.data.endpointId, job.data.eventId]);
        await jobs.remove(tx, job);
      }),
  };
}

export type MessageStore = ReturnType<typeof createMessageStore>;

/** Endpoints per statement; it takes about a quarter of a second. */
const FAN_OUT_PART = 500;

interface Chosen {
  readonly endpointId: string;
  /** False if the delivery was queued before. */
  readonly isOwed: boolean;
}

const FAN_OUT = {
  name: 'webhook-fan-out-part',
  text: `with chosen as (
      select w.id from webhook_endpoints w
        join clients c on c.id = w.client_id and ${isOfClient('w', 'c')}
      where w.id > $4 and w.status = 'enabled' and $2 = any(w.events) and ${MAY_READ}
        and ${covers('c.tenants', '$3::text')}
      order by w.id limit ${FAN_OUT_PART}),
    added as (
      insert into webhook_messages (endpoint_id, event_id, state) select id, $1, 'pending' from chosen
      on conflict (endpoint_id, event_id) do nothing returning endpoint_id)
    select chosen.id as "endpointId", added.endpoint_id is not null as "isOwed"
    from chosen left join added on added.endpoint_id = chosen.id order by chosen.id`,
};

const ADD_ATTEMPT = {
  name: 'webhook-attempt',
  text: `insert into webhook_attempts (endpoint_id, event_id, status, duration_ms, outcome)
    values ($1, $2, $3, $4, $5)`,
};
const attemptValues = ({ status, durationMs, outcome }: Attempt) => [status, durationMs, outcome];

const SET_STATE = {
  name: 'webhook-state',
  text: `update webhook_messages m set state = $3, updated_at = now()
    where endpoint_id = $1 and event_id = $2 and ${isPending('m')} returning 1`,
};

const FORGET = `delete from webhook_messages where endpoint_id = $1 and event_id = $2
  and not exists (select 1 from webhook_endpoints w where w.id = $1)`;

const DISABLE = `update webhook_endpoints
  set status = 'disabled', disabled_reason = 'gone', updated_at = now()
  where id = $1 and updated_at = $2::timestamptz returning 1`;

const AT_ONCE: Next = { state: 'pending', afterSeconds: 0 };

/**
 * Disables an endpoint that answered 410. Returns true if the endpoint was changed during the attempt:
 * then the answer concerns its former state, and the event is delivered to the current one.
 */
async function isOfFormer(
  tx: Queryable,
  endpointId: string,
  attempt: Attempted | undefined,
): Promise<boolean> {
  if (attempt?.outcome !== 'gone') return false;
  const disabled = await tx.query(DISABLE, [endpointId, attempt.endpointUpdatedAt]);
  return disabled.length === 0;
}
