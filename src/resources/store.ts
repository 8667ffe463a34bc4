import type { Database } from '../db/database.ts';
import type { OwnedKind } from './forwarding.ts';

/** Who made an object that WorkOS keeps without a tenant. */
export interface Owner {
  readonly clientId: string;
  /** Of the acting user, or the one that was named. Null: there was none. */
  readonly tenantId: string | null;
}

export type OwnedStore = ReturnType<typeof createOwnedStore>;

const OWNER = {
  name: 'owner',
  text: 'select client_id as "clientId", tenant_id as "tenantId" from owned_objects where kind = $1 and id = $2',
};

export const createOwnedStore = (db: Database) => ({
  async ownerOf(kind: OwnedKind, id: string): Promise<Owner | undefined> {
    return (await db.query<Owner>(OWNER, [kind, id]))[0];
  },

  /** The first to name an object keeps it: WorkOS never gives an id twice. */
  async keep(kind: OwnedKind, id: string, { clientId, tenantId }: Owner): Promise<void> {
    await db.query(
      `insert into owned_objects (kind, id, client_id, tenant_id) values ($1, $2, $3, $4)
       on conflict (kind, id) do nothing`,
      [kind, id, clientId, tenantId],
    );
  },

  async forget(kind: OwnedKind, id: string): Promise<void> {
    await db.query('delete from owned_objects where kind = $1 and id = $2', [kind, id]);
  },
});
