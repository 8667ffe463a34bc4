import { randomBytes } from 'node:crypto';
import type { Queryable } from '../../core/ports.ts';
import { insertRows } from './store.ts';

/** Something that happened here and not at WorkOS, named `gatehouse.<noun>.<verb>`. */
export interface OwnEvent {
  readonly event: `gatehouse.${string}.${string}`;
  /** Null: of no tenant. */
  readonly tenantId: string | null;
  /** In the wire's words, never a secret. */
  readonly data: Readonly<Record<string, unknown>>;
}

/** Records an event of our own, in the transaction of what it tells of: both happen, or neither. */
export async function recordOwn(tx: Queryable, { event, tenantId, data }: OwnEvent): Promise<void> {
  await insertRows(tx, [{ id: newEventId(), event, tenant_id: tenantId, data }], 'gatehouse');
}

const BASE32 = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/** As WorkOS's ids look, of 130 random bits. */
const newEventId = (): string =>
  `event_${Array.from(randomBytes(26), (byte) => BASE32.charAt(byte % 32)).join('')}`;
