import type { Queryable } from '../core/ports.ts';
import { DROPPED } from '../events/inbox/store.ts';

/** Counting stops here: an operator acts the same on 1,000 as on a million. */
export const COUNTED = 1_000;

export interface Troubles {
  readonly orphaned: number;
  readonly conflicts: number;
  /** Tenants whose provisioning or deletion has not ended within minutes. */
  readonly unfinished: number;
  /** Null if no worker has ever run. */
  readonly ledUntil: Date | null;
  readonly feedReadAt: Date | null;
  readonly failedDeliveries: number;
  readonly unreadable: number;
  readonly tenants: number;
  readonly clients: number;
}

const counted = (from: string): string =>
  `(select count(*)::int from (select from ${from} limit ${COUNTED}) counted)`;

const TROUBLES = {
  name: 'console-troubles',
  text: `select ${counted(`tenants where status = 'orphaned'`)} as orphaned,
    ${counted(`tenants where status = 'conflict'`)} as conflicts,
    ${counted(`tenants where status in ('provisioning', 'deleting') and updated_at < now() - interval '10 minutes'`)} as unfinished,
    (select until from leases order by until desc limit 1) as "ledUntil",
    (select read_at from feed_cursors where feed = 'workos') as "feedReadAt",
    ${counted(`webhook_messages where state = 'failed' and updated_at > now() - interval '1 day'`)} as "failedDeliveries",
    ${counted(`unreadable_events where reason <> $1`)} as unreadable,
    greatest(${counted(`tenants where status <> 'deleted'`)},
      (select reltuples::int from pg_class where oid = 'tenants'::regclass)) as tenants,
    ${counted('clients')} as clients`,
};

export async function readTroubles(db: Queryable): Promise<Troubles> {
  const [row] = await db.query<Troubles>(TROUBLES, [DROPPED]);
  if (!row) throw new Error('The statement returned no row.');
  return row;
}
