import { isOfClient } from '../db/client-generation.ts';
import type { Queryable } from '../core/ports.ts';
import type { Database } from '../db/database.ts';
import { eventColumns } from '../db/event-columns.ts';
import { createGroupedFind } from '../db/grouped-find.ts';
import { onceMore } from '../db/once-more.ts';
import { covers } from '../db/tenant-rules.ts';
import type { AppliedEvent } from '../events/inbox/event.ts';
import { keyOf, type DeliveryJob } from './delivery-jobs.ts';
import { isPending } from './is-pending.ts';
import { MAY_READ } from './may-read.ts';
import { SEALED, sealedIn, type SealedSecrets } from './sealed-secrets-store.ts';

/** Everything an attempt needs, as currently stored. */
export interface Message {
  readonly endpointId: string;
  readonly endpointUrl: string;
  /** When the endpoint was last changed, as the database writes it. */
  readonly endpointUpdatedAt: string;
  readonly isEnabled: boolean;
  /** Encrypted, newest first: the current secret, and the former ones that still sign. */
  readonly secrets: readonly string[];
  readonly event: AppliedEvent;
  /** True if the client may still read this event. */
  readonly isAllowed: boolean;
  /** The time by Postgres's clock, in milliseconds since 1970. Receivers refuse a signature minutes old. */
  readonly now: number;
}

/** Returns a look-up of deliveries that are due: undefined for one that is due no longer. */
export function createDueMessages(
  db: Database,
): (delivery: DeliveryJob) => Promise<Message | undefined> {
  const find = createGroupedFind<MessageRow>(timed(db), MESSAGES);
  return async (delivery) => {
    const row = await onceMore(() => find(keyOf(delivery)));
    return row && message(row);
  };
}

/**
 * Adds to each row how long ago it was asked for: the process may have been paused before it read the answer.
 * Postgres's time already has what passed while the statement waited for the one before.
 */
const timed = (db: Queryable): Queryable => ({
  async query<R extends object>(...asked: Parameters<Queryable['query']>) {
    const began = performance.now();
    const rows = await db.query<R>(...asked);
    const sinceMs = performance.now() - began;
    return rows.map((row) => ({ ...row, sinceMs }));
  },
});

/** `$1` has the keys of deliveries. */
const MESSAGES = {
  name: 'webhook-messages',
  keyOf: ({ endpointId, id }: MessageRow) => keyOf({ endpointId, eventId: id }),
  text: `select w.id as "endpointId", w.endpoint_url as "endpointUrl", w.updated_at::text as "endpointUpdatedAt",
      w.status = 'enabled' as "isEnabled", ${SEALED},
      ${MAY_READ} and ${covers('c.tenants', 'e.tenant_id')} as "isAllowed",
      (extract(epoch from now()) * 1000)::float8 as now, ${eventColumns('e')}
    from (select split_part(key, ' ', 1) as endpoint_id, split_part(key, ' ', 2) as event_id
      from unnest($1::text[]) as key) asked
    join webhook_messages m using (endpoint_id, event_id)
    join webhook_endpoints w on w.id = m.endpoint_id
    join clients c on c.id = w.client_id and ${isOfClient('w', 'c')}
    join events e on e.id = m.event_id
    where ${isPending('m')}`,
};

interface MessageRow
  extends
    AppliedEvent,
    Pick<Message, 'endpointId' | 'endpointUrl' | 'endpointUpdatedAt' | 'isEnabled' | 'now'>,
    Omit<SealedSecrets, 'id'> {
  readonly isAllowed: boolean | null;
  readonly sinceMs: number;
}

function message(row: MessageRow): Message {
  const {
    endpointId,
    endpointUrl,
    endpointUpdatedAt,
    isEnabled,
    isAllowed,
    now,
    sinceMs,
    ...rest
  } = row;
  const { secret, formerSecret, olderSecret, ...event } = rest;
  return {
    endpointId,
    endpointUrl,
    endpointUpdatedAt,
    isEnabled,
    event,
    now: Math.floor(now + sinceMs),
    secrets: sealedIn({ secret, formerSecret, olderSecret }),
    isAllowed: isAllowed === true,
  };
}
