import type { AppliedEvent, EventHandler } from '../events/inbox/event.ts';
import { recordIn, type AuditRow } from '../audit-trail/writer.ts';
import { isOfClient } from '../db/client-generation.ts';
import type { Queryable } from '../core/ports.ts';
import type { Database } from '../db/database.ts';
import type { Job } from '../db/jobs.ts';
import { coveredTenants, covers } from '../db/tenant-rules.ts';
import type { Client } from '../core/identity.ts';
import type { Attempt } from './attempt.ts';
import type { DeliveryJob, DeliveryJobs, EndpointRow, ReplayOf } from './store.ts';

/** Everything an attempt needs, as currently stored. */
export interface Message {
  readonly endpointUrl: string;
  /** When the endpoint was last changed, as the database writes it. */
  readonly endpointUpdatedAt: string;
  readonly isEnabled: boolean;
  /** Encrypted, newest first: the current secret, and the former ones that still sign. */
  readonly secrets: readonly string[];
  readonly event: AppliedEvent;
  /** True if the client may still read this event. */
  readonly isAllowed: boolean;
}

/** State after an attempt. */
export type Next =
  | { readonly state: 'delivered' | 'failed' }
  | { readonly state: 'pending'; readonly afterSeconds: number };

/** An attempt, and the version of the endpoint that it was made for. */
export interface Attempted extends Attempt {
  readonly endpointUpdatedAt: string;
}

/** Events per replay. */
const PAGE = 1_000;

/** Deliveries need `events:read` like any other reading of events, and a client that is not disabled. */
const MAY_READ = `not c.disabled and 'events:read' = any(c.scopes)`;

/**
 * Deliveries to endpoints. Only `webhook_messages` says whether one was delivered; the job says when
 * it is tried next, and exists as long as the message is `pending`.
 */
export const createMessageStore = (db: Database, jobs: DeliveryJobs) => ({
  /** Queues an applied event for every enabled endpoint that subscribes to it and whose client may read it. */
  fanOut: (async (tx, { id, event, tenantId }) => {
    const owed = await tx.query<{ endpointId: string }>(FAN_OUT, [id, event, tenantId]);
    await addJobs(
      jobs,
      tx,
      owed.map(({ endpointId }) => ({ endpointId, eventId: id, attempt: 0 })),
    );
  }) satisfies EventHandler,

  /** Returns undefined if the delivery is no longer due. */
  async find({ endpointId, eventId }: DeliveryJob): Promise<Message | undefined> {
    const [row] = await db.query<MessageRow>(MESSAGE, [endpointId, eventId]);
    return row && message(row);
  },

  /** Stores the attempt and its next state and ends the job, in one transaction. */
  record(job: Job<DeliveryJob>, attempt: Attempted | undefined, next: Next): Promise<void> {
    return db.transaction(async (tx) => {
      const { endpointId, eventId } = job.data;
      if (attempt) await tx.query(ADD_ATTEMPT, [endpointId, eventId, ...attemptValues(attempt)]);
      const follows = (await isOfFormer(tx, endpointId, attempt)) ? AT_ONCE : next;
      const set = await tx.query(SET_STATE, [endpointId, eventId, follows.state]);
      await jobs.remove(tx, job);
      if (set.length > 0 && follows.state === 'pending')
        await addJobs(
          jobs,
          tx,
          [{ ...idsOf(job.data), attempt: job.data.attempt + 1 }],
          follows.afterSeconds,
        );
    });
  },

  /** Retries later without counting an attempt. Only the first time is shown in the log. */
  setAside(job: Job<DeliveryJob>, attempt: Attempt, afterSeconds: number): Promise<void> {
    return db.transaction(async (tx) => {
      const { endpointId, eventId, aside } = job.data;
      if (!aside) await tx.query(ADD_ATTEMPT, [endpointId, eventId, ...attemptValues(attempt)]);
      await jobs.remove(tx, job);
      await addJobs(jobs, tx, [{ ...job.data, aside: true }], afterSeconds);
    });
  },

  /** Makes what was set aside due now. */
  runAsideNow: (): Promise<void> => jobs.runMatchingNow({ aside: true }),

  /** Removes a job whose message is delivered, failed or deleted; and the message, if its endpoint is deleted. */
  drop: (job: Job<DeliveryJob>): Promise<void> =>
    db.transaction(async (tx) => {
      await tx.query(FORGET, [job.data.endpointId, job.data.eventId]);
      await jobs.remove(tx, job);
    }),

  /**
   * Queues events again, at most 1,000, oldest first. A pending delivery becomes due now if its event
   * was named, and otherwise keeps its time.
   *
   * @returns how many are due, and the time of the last if there are more
   */
  replay(client: Client, endpoint: EndpointRow, which: ReplayOf, audit: AuditRow) {
    return db.transaction(async (tx) => {
      const due = await tx.query<{ eventId: string; createdAt: Date; isOwed: boolean }>(REPLAY, [
        ...[endpoint.id, client.tenants, endpoint.events, endpoint.createdAt],
        ...whichValues(which),
        PAGE,
      ]);
      // Events that a concurrent replay has queued count for that one.
      const again = due.filter(({ isOwed }) => isOwed);
      const jobsOf = again.map(({ eventId }) => ({ endpointId: endpoint.id, eventId, attempt: 0 }));
      await addJobs(jobs, tx, jobsOf);
      const hurried =
        again.length === 0 && 'eventId' in which
          ? await jobs.runNow(tx, keyOf({ endpointId: endpoint.id, eventId: which.eventId }))
          : false;
      await recordIn(tx, audit);
      const more = due.length === PAGE ? due.at(-1)?.createdAt : undefined;
      return { count: again.length + (hurried ? 1 : 0), more };
    });
  },

  /** Encrypted secrets of all endpoints, whatever their key. */
  secrets: (): Promise<SealedSecrets[]> => readSealedSecrets(db),

  /** Replaces the secrets, unless they have changed meanwhile. */
  async reseal(id: string, from: SealedSecrets, to: SealedSecrets): Promise<void> {
    await db.query(RESEAL, [id, from.secret, to.secret, to.formerSecret, to.olderSecret]);
  },
});

export type MessageStore = ReturnType<typeof createMessageStore>;

export interface SealedSecrets {
  readonly id: string;
  readonly secret: string;
  readonly formerSecret: string | null;
  readonly olderSecret: string | null;
}

const SEALED = `secret,
  case when former_secret_until > now() then former_secret end as "formerSecret",
  case when older_secret_until > now() then older_secret end as "olderSecret"`;
const SECRETS = `select id, ${SEALED} from webhook_endpoints`;

export const readSealedSecrets = (db: Database): Promise<SealedSecrets[]> =>
  db.query<SealedSecrets>(SECRETS);

/** The secrets that sign now, newest first. */
export const sealedIn = ({
  secret,
  formerSecret,
  olderSecret,
}: Omit<SealedSecrets, 'id'>): string[] =>
  [secret, formerSecret, olderSecret].filter((one) => one !== null);

const RESEAL = `update webhook_endpoints set secret = $3, former_secret = $4, older_secret = $5
  where id = $1 and secret = $2`;

const idsOf = ({ endpointId, eventId }: DeliveryJob) => ({ endpointId, eventId });

const keyOf = ({ endpointId, eventId }: Pick<DeliveryJob, 'endpointId' | 'eventId'>): string =>
  `${endpointId} ${eventId}`;

async function addJobs(
  jobs: DeliveryJobs,
  tx: Queryable,
  due: readonly DeliveryJob[],
  afterSeconds = 0,
): Promise<void> {
  if (due.length === 0) return;
  await jobs.add(
    tx,
    due.map((data) => ({ data, group: data.endpointId, key: keyOf(data), afterSeconds })),
  );
}

const FAN_OUT = {
  name: 'webhook-fan-out',
  text: `insert into webhook_messages (endpoint_id, event_id, state)
    select w.id, $1, 'pending' from webhook_endpoints w
      join clients c on c.id = w.client_id and ${isOfClient('w', 'c')}
    where w.status = 'enabled' and $2 = any(w.events) and ${MAY_READ}
      and ${covers('c.tenants', '$3::text')}
    on conflict (endpoint_id, event_id) do nothing
    returning endpoint_id as "endpointId"`,
};

const MESSAGE = {
  name: 'webhook-message',
  text: `select w.endpoint_url as "endpointUrl", w.updated_at::text as "endpointUpdatedAt",
      w.status = 'enabled' as "isEnabled", ${SEALED},
      ${MAY_READ} and ${covers('c.tenants', 'e.tenant_id')} as "isAllowed",
      e.id, e.event, e.organization_id as "organizationId", e.tenant_id as "tenantId", e.data, e.context,
      e.created_at as "createdAt", e.position
    from webhook_messages m
    join webhook_endpoints w on w.id = m.endpoint_id
    join clients c on c.id = w.client_id and ${isOfClient('w', 'c')}
    join events e on e.id = m.event_id
    where m.endpoint_id = $1 and m.event_id = $2 and m.state = 'pending'`,
};

interface MessageRow
  extends
    AppliedEvent,
    Pick<Message, 'endpointUrl' | 'endpointUpdatedAt' | 'isEnabled'>,
    Omit<SealedSecrets, 'id'> {
  readonly isAllowed: boolean | null;
}

function message(row: MessageRow): Message {
  const { endpointUrl, endpointUpdatedAt, isEnabled, isAllowed, ...rest } = row;
  const { secret, formerSecret, olderSecret, ...event } = rest;
  return {
    endpointUrl,
    endpointUpdatedAt,
    isEnabled,
    secrets: sealedIn({ secret, formerSecret, olderSecret }),
    event,
    isAllowed: isAllowed === true,
  };
}

const ADD_ATTEMPT = {
  name: 'webhook-attempt',
  text: `insert into webhook_attempts (endpoint_id, event_id, status, duration_ms, outcome)
    values ($1, $2, $3, $4, $5)`,
};
const attemptValues = ({ status, durationMs, outcome }: Attempt) => [status, durationMs, outcome];

const SET_STATE = {
  name: 'webhook-state',
  text: `update webhook_messages set state = $3, updated_at = now()
    where endpoint_id = $1 and event_id = $2 and state = 'pending' returning 1`,
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

const whichValues = (which: ReplayOf): unknown[] => [
  'eventId' in which ? which.eventId : null,
  'since' in which ? which.since : null,
  'since' in which ? which.until : null,
  'missed' in which,
];

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
