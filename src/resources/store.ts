import { randomUUID } from 'node:crypto';
import { isOwnedBy } from '../db/client-generation.ts';
import type { Database } from '../db/database.ts';
import type { Client } from '../identity.ts';
import type { OwnedKind } from './forwarding.ts';

/** What is remembered of an object that WorkOS keeps without a tenant. */
export interface Owner {
  /** Of the acting user, or the one that was named. Null: there was none. */
  readonly tenantId: string | null;
}

export type OwnedStore = ReturnType<typeof createOwnedStore>;

const OWNER = {
  name: 'owner',
  text: `select o.tenant_id as "tenantId" from owned_objects o
    where o.kind = $1 and o.id = $2 and o.client_id = $3 and ${isOwnedBy('o', '$4')}`,
};

/** No id of WorkOS's has a colon, so nobody can ask for an object that is still to be made. */
const INTENT = 'intent:';

export const createOwnedStore = (db: Database) => ({
  /** Undefined: the object is not this client's. */
  async ownerOf(
    { id: clientId, generation }: Client,
    kind: OwnedKind,
    id: string,
  ): Promise<Owner | undefined> {
    return (await db.query<Owner>(OWNER, [kind, id, clientId, generation]))[0];
  },

  /** Notes whose an object will be, before WorkOS makes it. @returns its id until it has one */
  async intend(kind: OwnedKind, { id, generation }: Client, tenantId: string | null) {
    const intent = `${INTENT}${randomUUID()}`;
    await db.query(
      `insert into owned_objects (kind, id, client_id, tenant_id, client_generation)
       values ($1, $2, $3, $4, $5)`,
      [kind, intent, id, tenantId, generation],
    );
    return intent;
  },

  /** From now on the object is its maker's. */
  async settle(kind: OwnedKind, intent: string, id: string): Promise<void> {
    await db.query('update owned_objects set id = $3 where kind = $1 and id = $2', [
      ...[kind, intent, id],
    ]);
  },

  async forget(kind: OwnedKind, id: string): Promise<void> {
    await db.query('delete from owned_objects where kind = $1 and id = $2', [kind, id]);
  },
});
