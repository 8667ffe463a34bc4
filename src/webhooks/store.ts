import { recordIn, type AuditRow } from '../audit-trail/writer.ts';
import { isOfClient, isOwnedBy } from '../db/client-generation.ts';
import type { Queryable } from '../core/ports.ts';
import { columnsOf } from '../db/columns.ts';
import type { Database } from '../db/database.ts';
import { inBatches } from '../db/in-batches.ts';
import { readPage, type ResultPage, type PageQuery } from '../db/page.ts';
import { webhookEndpoints } from '../db/schema/webhooks.ts';
import type { Client } from '../core/identity.ts';
import { Problem } from '../core/problem.ts';

export interface EndpointRow {
  readonly id: string;
  readonly endpointUrl: string;
  readonly events: readonly string[];
  readonly status: 'enabled' | 'disabled';
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

export interface NewEndpoint {
  readonly id: string;
  readonly endpointUrl: string;
  readonly events: readonly string[];
  /** Encrypted. */
  readonly secret: string;
}

export type EndpointChanges = Partial<Pick<EndpointRow, 'endpointUrl' | 'events' | 'status'>>;

const COLUMNS = columnsOf(webhookEndpoints, {
  alias: 'w',
  only: ['id', 'endpointUrl', 'events', 'status', 'createdAt', 'updatedAt'],
});

/** A registered client, by id and generation. */
type Owner = Pick<Client, 'id' | 'generation'>;

/** Result of a write: the endpoint, or why nothing was written. */
export type Written =
  | { readonly endpoint: EndpointRow }
  | 'not-found'
  | 'duplicate'
  | 'limit'
  | 'client-deleted';

/** Limit per client. A client that already has more keeps them, and cannot add any. */
export const MAX_ENDPOINTS = 20;

/** `$1` and `$2`: the client and its generation. */
const OWN = `w.client_id = $1 and ${isOwnedBy('w', '$2')}`;

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

const ROTATE = `update webhook_endpoints w set secret = $4,
    older_secret = case when former_secret_until > now() then former_secret end,
    older_secret_until = case when former_secret_until > now() then former_secret_until end,
    former_secret = secret, former_secret_until = now() + interval '24 hours', updated_at = now()
  where ${OWN} and w.id = $3 and coalesce(older_secret_until <= now(), true)
  returning ${COLUMNS}, former_secret_until as "formerSecretUntil"`;

const OLDEST_SECRET = `select older_secret_until as until from webhook_endpoints w
  where ${OWN} and w.id = $3`;

/** When the oldest of the three secrets ends. */
interface Oldest {
  readonly until: Date;
}

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

  /**
   * The former secret also signs for 24 hours. A second rotation in that time keeps it: a receiver
   * may not have got the secret of the first one.
   *
   * @throws Problem `entity-not-found`, `too-many-secrets`
   */
  rotate(
    client: Owner,
    id: string,
    secret: string,
    audit: AuditRow,
  ): Promise<EndpointRow & { readonly formerSecretUntil: Date }> {
    return db.transaction(async (tx) => {
      const own = [client.id, client.generation, id];
      const [endpoint] = await tx.query<EndpointRow & { formerSecretUntil: Date }>(ROTATE, [
        ...own,
        secret,
      ]);
      if (!endpoint) throw tooManySecrets(only(await tx.query<Oldest>(OLDEST_SECRET, own)));
      await recordIn(tx, audit);
      return endpoint;
    });
  },

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

/** @throws Problem `entity-not-found` */
function only<R>([row]: readonly R[]): R {
  if (row) return row;
  throw endpointNotFound();
}

export const endpointNotFound = (): Problem =>
  new Problem('entity-not-found', 'There is no such webhook endpoint of this client.');

function tooManySecrets({ until }: Oldest): Problem {
  const seconds = Math.max(1, Math.ceil((until.getTime() - Date.now()) / 1_000));
  return new Problem(
    'too-many-secrets',
    `The secret was rotated twice within 24 hours; rotate it again after ${until.toISOString()}.`,
    { retryAfter: seconds },
  );
}

async function removeLeft(tx: Queryable, { id }: Owner): Promise<void> {
  for (const left of await tx.query<{ id: string }>(REMOVE_LEFT, [id]))
    await removeMessages(tx, left.id);
}

const removeMessages = (tx: Queryable, endpointId: string): Promise<void> =>
  inBatches(tx, { table: 'webhook_messages', where: 'endpoint_id = $1' }, [endpointId]);
