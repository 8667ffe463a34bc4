import { asc, eq, type SQL } from 'drizzle-orm';
import type { Queryable } from '../db/database.ts';
import { clientKeys, clients } from '../db/schema.ts';

/** Clients as the platform team sees them, keys and all; what requests see of them is in `store.ts`. */

type KeyRow = Omit<typeof clientKeys.$inferSelect, 'sha256'>;
export type RegisteredKey = KeyRow & { readonly live: boolean };
export type RegisteredClient = typeof clients.$inferSelect & { readonly keys: RegisteredKey[] };

/** What the platform team asked cannot be done; the message says what can. */
export class Refused extends Error {
  override readonly name = 'Refused';
}

export async function findClients(db: Queryable, which?: SQL): Promise<RegisteredClient[]> {
  const found = await db.orm.select().from(clients).where(which).orderBy(asc(clients.id));
  const keys = await db.orm
    .select(KEY)
    .from(clientKeys)
    .innerJoin(clients, eq(clients.id, clientKeys.clientId))
    .where(which)
    .orderBy(asc(clientKeys.createdAt), asc(clientKeys.id));
  const keysOf = Map.groupBy(keys.map(withLive), ({ clientId }) => clientId);
  return found.map((client) => ({ ...client, keys: keysOf.get(client.id) ?? [] }));
}

/** @throws Refused if there is no such client. */
export async function clientOf(db: Queryable, id: string): Promise<RegisteredClient> {
  const [client] = await findClients(db, eq(clients.id, id));
  if (!client) {
    throw new Refused(`There is no client ${JSON.stringify(id)}; see: gatehouse clients list`);
  }
  return client;
}

/** As `clientOf`, and whoever else wants to change it waits for this transaction. */
export async function lockClient(tx: Queryable, id: string): Promise<RegisteredClient> {
  await tx.orm.select({ id: clients.id }).from(clients).where(eq(clients.id, id)).for('update');
  return clientOf(tx, id);
}

/** The hash stays where it is: nobody has a use for it. */
const KEY = {
  id: clientKeys.id,
  clientId: clientKeys.clientId,
  createdAt: clientKeys.createdAt,
  expiresAt: clientKeys.expiresAt,
  lastUsedAt: clientKeys.lastUsedAt,
  revokedAt: clientKeys.revokedAt,
};

const withLive = (key: KeyRow): RegisteredKey => ({
  ...key,
  live: key.revokedAt === null && (key.expiresAt === null || key.expiresAt > new Date()),
});
