import { CLIENT_COLUMNS } from '../db/client-columns.ts';
import { columnsOf } from '../db/columns.ts';
import type { Database } from '../db/database.ts';
import { createGroupedFind } from '../db/grouped-find.ts';
import { clientKeys } from '../db/schema/clients.ts';
import type { Client } from '../core/identity.ts';

/** A stored API key with its client. */
export interface StoredKey {
  readonly sha256: Buffer;
  /** When it expires, by `performance.now()`. Null if it never does. */
  readonly expires: number | null;
  readonly revokedAt: Date | null;
  readonly client: Client;
}

type KeyRow = Omit<StoredKey, 'client' | 'expires'> &
  Client & { readonly keyId: string; readonly leftMs: number | null };
type TokenRow = Client & { readonly pair: string };

export type ClientStore = ReturnType<typeof createClientStore>;

const KEY = columnsOf(clientKeys, { alias: 'k', only: ['sha256', 'revokedAt'] });
/** The rest of a key's life by the clock of Postgres: those of the replicas and of operators may differ. */
const LEFT_MS = `(extract(epoch from k.expires_at - now()) * 1000)::float8 as "leftMs"`;

const KEY_BY_ID = {
  name: 'key-by-id',
  text: `select k.id as "keyId", ${KEY}, ${LEFT_MS}, ${CLIENT_COLUMNS}
    from client_keys k join clients c on c.id = k.client_id where k.id = any($1)`,
  keyOf: ({ keyId }: KeyRow) => keyId,
};
const BY_TOKEN = {
  name: 'client-by-token',
  text: `select pair, ${CLIENT_COLUMNS} from unnest($1::text[]) pair join clients c
    on c.token_issuer = split_part(pair, E'\\n', 1) and c.token_subject = split_part(pair, E'\\n', 2)`,
  keyOf: ({ pair }: TokenRow) => pair,
};
const BY_ID = {
  name: 'client-by-id',
  text: `select ${CLIENT_COLUMNS} from clients c where c.id = any($1)`,
  keyOf: ({ id }: Client) => id,
};

/** Client look-ups for requests. `registry.ts` has the changes made by the CLI. */
export function createClientStore(db: Database) {
  const keys = createGroupedFind<KeyRow>(db, KEY_BY_ID);
  return {
    async keyById(id: string): Promise<StoredKey | undefined> {
      // The life is counted from here, because the answer may wait to be read while this process is paused.
      const asked = performance.now();
      const row = await keys(id);
      return row && storedKeyOf(row, asked);
    },

    /** @param pair issuer and subject, a line each */
    byToken: createGroupedFind<TokenRow>(db, BY_TOKEN),

    byId: createGroupedFind<Client>(db, BY_ID),

    /** Called at most once a minute per key: enough to find unused keys, without a write per request. */
    async touchKeys(ids: readonly string[]): Promise<void> {
      await db.query('update client_keys set last_used_at = now() where id = any($1)', [ids]);
    },
  };
}

const storedKeyOf = (
  { sha256, leftMs, revokedAt, ...client }: KeyRow,
  asked: number,
): StoredKey => ({
  sha256,
  expires: leftMs === null ? null : asked + leftMs,
  revokedAt,
  client,
});
