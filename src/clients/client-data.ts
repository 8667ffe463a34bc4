import type { Queryable } from '../core/ports.ts';
import { inBatches, type Batched } from '../db/in-batches.ts';

/** Tables with rows of a client, in the order in which they can be deleted. */
const OWNED_BY_CLIENT: readonly Batched[] = [
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
 * Deletes the rows of a deleted client and revokes its launches. The generation already hides them
 * from a later client with the same id; this cleans up.
 */
export async function deleteClientData(tx: Queryable, clientId: string): Promise<void> {
  for (const rows of OWNED_BY_CLIENT) await inBatches(tx, rows, [clientId]);
}
