import type { Queryable } from '../core/ports.ts';
import { columnsOf } from '../db/columns.ts';
import { clientKeys, clients } from '../db/schema/clients.ts';

/** Clients as the platform team sees them, with their keys. `store.ts` has what requests need. */

/** Without the hash, which nothing outside authentication needs. */
export type RegisteredKey = Omit<typeof clientKeys.$inferSelect, 'sha256'> & {
  readonly live: boolean;
};
export type RegisteredClient = typeof clients.$inferSelect & { readonly keys: RegisteredKey[] };

/** The command is not possible; the message says what is. */
export class Refused extends Error {
  override readonly name = 'Refused';
}

const KEY_COLUMNS = columnsOf(clientKeys, {
  only: ['id', 'clientId', 'expiresAt', 'revokedAt', 'lastUsedAt', 'createdAt'],
});
const IS_LIVE = 'revoked_at is null and coalesce(expires_at > now(), true)';

/** @param id only this client; default: all */
export async function findClients(db: Queryable, id?: string): Promise<RegisteredClient[]> {
  const found = await db.query<typeof clients.$inferSelect>(
    `select ${columnsOf(clients)} from clients where $1::text is null or id = $1 order by id`,
    [id],
  );
  const keys = await db.query<RegisteredKey>(
    `select ${KEY_COLUMNS}, ${IS_LIVE} as live from client_keys
     where $1::text is null or client_id = $1 order by created_at, id`,
    [id],
  );
  const keysByClient = Map.groupBy(keys, ({ clientId }) => clientId);
  return found.map((client) => ({ ...client, keys: keysByClient.get(client.id) ?? [] }));
}

/** @throws Refused if no client has this id */
export async function getClient(db: Queryable, id: string): Promise<RegisteredClient> {
  const [client] = await findClients(db, id);
  if (!client) {
    throw new Refused(`There is no client ${JSON.stringify(id)}; see: gatehouse clients list`);
  }
  return client;
}

/** Reads a client like `getClient`, and locks its row until the transaction ends. */
export async function lockClient(tx: Queryable, id: string): Promise<RegisteredClient> {
  await tx.query('select from clients where id = $1 for update', [id]);
  return getClient(tx, id);
}
