import type { Queryable } from '../core/ports.ts';
import { FEED_POSITIONS_AFTER } from '../events/inbox/waiting-store.ts';

/** More than any backup lacks. A billion times as many fit in a `bigint`. */
const SKIPPED = 1_000_000_000;

/** The numbers of rows, which `setval` changes at once, whatever becomes of the transaction. */
const IDS = `select setval(ids.name::regclass, nextval(ids.name::regclass) + ${SKIPPED})
  from (values (pg_get_serial_sequence('audit_trail', 'id')), (pg_get_serial_sequence('webhook_attempts', 'id'))) as ids (name)`;

const POSITIONS = `insert into settings as s (name, value)
  select $1, (coalesce(max(position), 0) + ${SKIPPED})::text from events
  on conflict (name) do update
    set value = (greatest(s.value::bigint + ${SKIPPED}, excluded.value::bigint))::text`;

/**
 * Clients keep ids and positions as cursors, also those of rows that the backup lacks. Numbers that were given before
 * are given to no other row: otherwise a client would pass over it.
 */
export async function takeNewNumbers(owner: Queryable): Promise<void> {
  await owner.query(IDS);
  await owner.query(POSITIONS, [FEED_POSITIONS_AFTER]);
}
