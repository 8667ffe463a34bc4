import type { Queryable } from '../core/ports.ts';
import { inBatches, type Batched } from '../db/in-batches.ts';

/** What belongs to a client and to nobody after it, in the order in which it can go. */
const LEFT: readonly Batched[] = [
  {
    table: 'webhook_messages',
    where: 'endpoint_id in (select id from webhook_endpoints where client_id = $1)',
  },
  ...['webhook_endpoints', 'owned_objects', 'sign_ins', 'idempotency_keys'].map((table) => ({
    table,
    where: 'client_id = $1',
  })),
  {
    table: 'portal_launches',
    set: 'revoked_at = now()',
    where: `client_id = $1 and revoked_at is null and redirected_at is null and expires_at > now()`,
  },
];

/**
 * Removes what a deleted client has left, and revokes its launches. The generation already keeps a
 * later client with the same id from all of it; this leaves nothing behind that is of no more use.
 */
export async function deleteClientData(tx: Queryable, clientId: string): Promise<void> {
  for (const rows of LEFT) await inBatches(tx, rows, [clientId]);
}
