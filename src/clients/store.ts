import { CLIENT_COLUMNS } from '../db/client-columns.ts';
import { columnsOf } from '../db/columns.ts';
import type { Database } from '../db/database.ts';
import { createGroupedFind } from '../db/grouped-find.ts';
import { clientKeys } from '../db/schema/clients.ts';
import type { Client } from '../core/identity.ts';

/** A stored API key with its client. */
export interface StoredKey {
  readonly sha256: Buffer;
  readonly expiresAt: Date | null;
  readonly revokedAt: Date | null;
  readonly client: Client;
}

export type ClientStore = ReturnType<typeof createClientStore>;

const KEY = columnsOf(clientKeys, { alias: 'k', only: ['sha256', 'expiresAt', 'revokedAt'] });

const KEY_BY_ID = {
  name: 'key-by-id',
  text: `select ${KEY}, ${CLIENT_COLUMNS}
    from client_keys k join clients c on c.id = k.client_id where k.id = $1`,
};
const BY_TOKEN = {
  name: 'client-by-token',
  text: `select ${CLIENT_COLUMNS} from clients c where c.token_issuer = $1 and c.token_subject = $2`,
};
const BY_ID = {
  name: 'client-by-id',
  text: `select ${CLIENT_COLUMNS} from clients c where c.id = any($1)`,
  keyOf: ({ id }: Client) => id,
};

/** Client look-ups for requests. `registry.ts` has the changes made by the CLI. */
export const createClientStore = (db: Database) => ({
  async keyById(id: string): Promise<StoredKey | undefined> {
    const [row] = await db.query<Omit<StoredKey, 'client'> & Client>(KEY_BY_ID, [id]);
    if (!row) return undefined;
    const { sha256, expiresAt, revokedAt, ...client } = row;
    return { sha256, expiresAt, revokedAt, client };
  },

  async byToken(issuer: string, subject: string): Promise<Client | undefined> {
    return (await db.query<Client>(BY_TOKEN, [issuer, subject]))[0];
  },

  byId: createGroupedFind<Client>(db, BY_ID),

  /** Called at most once a minute per key: enough to find unused keys, without a write per request. */
  async touchKeys(ids: readonly string[]): Promise<void> {
    await db.query('update client_keys set last_used_at = now() where id = any($1)', [ids]);
  },
});
