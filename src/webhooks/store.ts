import { recordIn, type AuditRow } from '../audit-trail/writer.ts';
import { isOfClient } from '../db/client-generation.ts';
import type { Queryable } from '../core/ports.ts';
import type { Database } from '../db/database.ts';
import { inBatches } from '../db/in-batches.ts';
import { readPage, type ResultPage, type PageQuery } from '../db/page.ts';
import { COLUMNS, only, OWN, type EndpointRow, type Owner } from './endpoint-row-store.ts';
import { rotateSecret, type RotatedEndpoint } from './rotate-store.ts';

export interface NewEndpoint {
  readonly id: string;
  readonly endpointUrl: string;
  readonly events: readonly string[];
  /** Encrypted. */
  readonly secret: string;
}

export type EndpointChanges = Partial<Pick<EndpointRow, 'endpointUrl' | 'events' | 'status'>>;

/** Result of a write: the endpoint, or why nothing was written. */
export type Written =
  | { readonly endpoint: EndpointRow }
  | 'not-found'
  | 'duplicate'
  | 'limit'
  | 'client-deleted';

/** Limit per client. A client that already has more keeps them, and cannot add any. */
export const MAX_ENDPOINTS = 20;

/** Serialises changes to a client's endpoints across replicas, because their number and URLs are checked. */
const LOCK_CLIENT =
  'select 1 from clients where id = $1 and generation = $2::uuid for no key update';

/** Endpoints left by a deleted client of the same id may still occupy the URL. */
const REMOVE_LEFT = `delete from webhook_endpoints w using clients c
  where w.client_id = $1 and c.id = w.client_id and not ${isOfClient('w', 'c')} returning w.id`;

const ADD = `insert into webhook_endpoints as w (id, client_id, client_generation, endpoint_url, events, status, secret)
  select $3, $1, $2::uuid, $4, $5, 'enabled', $6
  where (select count(*) from webhook_endpoints w where ${OWN}) < ${MAX_ENDPOINTS}
  on conflict (client_id, endpoint_url) do nothing returning ${COLUMNS}`;

const HAS_URL = `select 1 from webhook_endpoints w
  where ${OWN} and w.endpoint_url = $3 and w.id is distinct from $4`;

const CHANGE = `update webhook_endpoints w set endpoint_url = coalesce($4, endpoint_url),
    events = coalesce($5, events), status = coalesce($6, status),
    disabled_reason = case when $6 is null then disabled_reason end, updated_at = now()
  where ${OWN} and w.id = $3 returning ${COLUMNS}`;

export type EndpointStore = ReturnType<typeof createEndpointStore>;

/** Endpoints of clients. `messages-store.ts` stores their deliveries. */
export const createEndpointStore = (db: Database) => ({
  list({ id, generation }: Owner, page: PageQuery): Promise<ResultPage<EndpointRow>> {
    return readPage<EndpointRow>(
      db,
      {
        table: 'webhook_endpoints w',
        columns: COLUMNS,
        visible: OWN,
        where: [],
        values: [id, generation],
      },
      page,
    );
  },

  async find(client: Owner, id: string): Promise<EndpointRow | undefined> {
    const [row] = await db.query<EndpointRow>(
      `select ${COLUMNS} from webhook_endpoints w where ${OWN} and w.id = $3`,
      [client.id, client.generation, id],
    );
    return row;
  },

  add(
    client: Owner,
    { id, endpointUrl, events, secret }: NewEndpoint,
    audit: AuditRow,
  ): Promise<Written> {
    return db.transaction(async (tx) => {
      const owner = [client.id, client.generation];
      if ((await tx.query(LOCK_CLIENT, owner)).length === 0) return 'client-deleted';
      await removeLeft(tx, client);
      const [endpoint] = await tx.query<EndpointRow>(ADD, [
        ...[...owner, id, endpointUrl],
        ...[events, secret],
      ]);
      if (!endpoint) {
        const taken = await tx.query(HAS_URL, [...owner, endpointUrl, null]);
        return taken.length > 0 ? 'duplicate' : 'limit';
      }
      await recordIn(tx, audit);
      return { endpoint };
    });
  },

  change(client: Owner, id: string, changes: EndpointChanges, audit: AuditRow): Promise<Written> {
    const { endpointUrl, events, status } = changes;
    return db.transaction(async (tx) => {
      const owner = [client.id, client.generation];
      if ((await tx.query(LOCK_CLIENT, owner)).length === 0) return 'client-deleted';
      if (endpointUrl !== undefined) await removeLeft(tx, client);
      const taken = endpointUrl && (await tx.query(HAS_URL, [...owner, endpointUrl, id]));
      if (taken && taken.length > 0) return 'duplicate';
      const values = [...owner, id, endpointUrl, events, status];
      const [endpoint] = await tx.query<EndpointRow>(CHANGE, values);
      if (!endpoint) return 'not-found';
      await recordIn(tx, audit);
      return { endpoint };
    });
  },

  rotate: (client: Owner, id: string, secret: string, audit: AuditRow): Promise<RotatedEndpoint> =>
    rotateSecret(db, { client, id, secret, audit }),

  /** Deletes the endpoint and its deliveries. @throws Problem `entity-not-found` */
  remove(client: Owner, id: string, audit: AuditRow): Promise<void> {
    return db.transaction(async (tx) => {
      only(
        await tx.query(`delete from webhook_endpoints w where ${OWN} and w.id = $3 returning id`, [
          client.id,
          client.generation,
          id,
        ]),
      );
      await removeMessages(tx, id);
      await recordIn(tx, audit);
    });
  },
});

async function removeLeft(tx: Queryable, { id }: Owner): Promise<void> {
  for (const left of await tx.query<{ id: string }>(REMOVE_LEFT, [id]))
    await removeMessages(tx, left.id);
}

const removeMessages = (tx: Queryable, endpointId: string): Promise<void> =>
  inBatches(tx, { table: 'webhook_messages', where: 'endpoint_id = $1' }, [endpointId]);
