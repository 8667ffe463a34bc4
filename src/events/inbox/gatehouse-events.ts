import { randomBytes } from 'node:crypto';
import type { GatehouseEvent, Queryable } from '../../core/ports.ts';
import { insertRows } from './store.ts';

/** Adds an event of Gatehouse to the inbox, in the transaction of the change that it reports. */
export async function recordEvent(
  tx: Queryable,
  { event, tenantId, data }: GatehouseEvent,
): Promise<void> {
  await insertRows(tx, [{ id: newEventId(), event, tenant_id: tenantId, data }], 'gatehouse');
}

const BASE32 = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/** Looks like an id of WorkOS, with 130 random bits. */
const newEventId = (): string =>
  `event_${Array.from(randomBytes(26), (byte) => BASE32.charAt(byte % 32)).join('')}`;
