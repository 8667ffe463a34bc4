import { isOfClient, isOwnedBy } from '../../db/client-generation.ts';
import type { Database } from '../../db/database.ts';
import type { Client } from '../../core/identity.ts';
import { isCleanText } from '../../core/text.ts';
import type { OwnedKind } from './forwarded-endpoint.ts';
import { createLostObjects, INTENT, newIntent } from './lost-objects-store.ts';

/** Stored owner of an object that names no tenant at WorkOS. */
export interface Owner {
  /** Tenant of the acting user, or the one that the request named. Null if there was neither. */
  readonly tenantId: string | null;
  /** User of a secret token. Null for other objects. */
  readonly userId: string | null;
}

/** An object that WorkOS has created. */
export interface CreatedObject {
  /** The placeholder from `intend`. */
  readonly intent: string;
  readonly id: string;
  readonly userId: string | null;
}

export type OwnedStore = ReturnType<typeof createOwnedStore>;

const OWNER = {
  name: 'owner',
  text: `select o.tenant_id as "tenantId", o.user_id as "userId" from owned_objects o
    where o.kind = $1 and o.id = $2 and o.client_id = $3 and ${isOwnedBy('o', '$4')}`,
};

const TENANT = {
  name: 'tenant-of-object',
  text: `select tenant_id as "tenantId" from owned_objects where kind = $1 and id = $2`,
};

/**
 * Owner of a created object. `maker`: its creator. `known`: its creator, and was before. `other`: the
 * id already had another owner. `nobody`: the creator was deleted meanwhile.
 */
export type Settled = 'maker' | 'known' | 'other' | 'nobody';

const SETTLE = {
  name: 'settle-owner-or-known',
  text: `with known as (select case when o.client_id = $4 and o.client_generation is not distinct from $5::uuid
        and o.tenant_id is not distinct from $6 then 'known' else 'other' end as owner
        from owned_objects o where o.kind = $1 and o.id = $3),
      settled as (update owned_objects set id = $3, user_id = $7
        where kind = $1 and id = $2 and not exists (select from known) returning 'maker' as owner)
    select coalesce((select owner from settled), (select owner from known), 'nobody') as owner`,
};

/** Pages of the table per statement, some 5,000 rows, and pages per round. */
const WINDOW = 50;
const MOST_PAGES = 10_000;

/** An intent that was never settled, because WorkOS's answer was lost. A user can be claimed for a day. */
const LEFT_INTENT = `(starts_with(o.id, '${INTENT}')
  and o.created_at < now() - case o.kind when 'user' then interval '1 day' else interval '1 hour' end)`;

/**
 * Rows whose client or tenant is gone, or whose object has expired at WorkOS within a day. `c` is the client.
 * Without `offset`, Postgres would read all deleted tenants for each statement.
 */
const GONE = `c.id is null
  or exists (select 1 from tenants t where t.id = o.tenant_id and t.status = 'deleted' offset 0)
  or (o.kind in ('challenge', 'passwordless_session', 'password_reset') and o.created_at < now() - interval '2 days')`;

const PAGES = `select (pg_relation_size('owned_objects') / current_setting('block_size')::int)::int as pages`;

/** `$1` to `$2`: the pages to look at. A row that is settled meanwhile has another `ctid`, and stays. */
const PRUNE = `with gone as (
    delete from owned_objects o where o.ctid = any(array(
      select o.ctid from owned_objects o left join clients c on c.id = o.client_id and ${isOfClient('o', 'c')}
      where o.ctid >= format('(%s,0)', $1::int)::tid and o.ctid < format('(%s,0)', $2::int)::tid
        and (${LEFT_INTENT} or ${GONE})))
    returning o.kind, o.client_id as client, o.tenant_id as tenant, o.created_at as at, ${LEFT_INTENT} as left)
  select kind, client, tenant, at from gone where gone.left`;

/** An object that WorkOS may have created and that has no owner. */
export interface Unsettled {
  readonly kind: OwnedKind;
  readonly client: string;
  readonly tenant: string | null;
  readonly at: Date;
}

interface PruneOptions {
  readonly mostPages?: number;
  readonly random?: () => number;
}

export const createOwnedStore = (db: Database) => ({
  ...createLostObjects(db),

  /** Returns undefined if the object does not belong to this client. */
  async ownerOf(
    { id: clientId, generation }: Client,
    kind: OwnedKind,
    id: string,
  ): Promise<Owner | undefined> {
    // Postgres would refuse such an id of WorkOS.
    if (!isCleanText(id)) return undefined;
    return (await db.query<Owner>(OWNER, [kind, id, clientId, generation]))[0];
  },

  /** Returns the tenant of an object that any client has created, or undefined if none is stored. */
  async tenantOf(kind: OwnedKind, id: string): Promise<string | undefined> {
    const [row] = await db.query<Pick<Owner, 'tenantId'>>(TENANT, [kind, id]);
    return row?.tenantId ?? undefined;
  },

  /**
   * Stores the owner of an object before WorkOS creates it.
   *
   * @param attemptsAt the same for equal attempts at one object. Default: there is no other
   * @returns a placeholder for its id
   */
  async intend(
    kind: OwnedKind,
    { id, generation }: Client,
    tenantId: string | null,
    attemptsAt?: string,
  ) {
    const intent = newIntent(attemptsAt);
    await db.query(
      `insert into owned_objects (kind, id, client_id, tenant_id, client_generation)
       values ($1, $2, $3, $4, $5)`,
      [kind, intent, id, tenantId, generation],
    );
    return intent;
  },

  /**
   * Assigns the object to its creator, unless its id has an owner. Idempotent.
   */
  async settle(
    kind: OwnedKind,
    { intent, id, userId }: CreatedObject,
    client: Client,
    tenantId: string | null,
  ): Promise<Settled> {
    const values = [kind, intent, id, client.id, client.generation, tenantId, userId];
    const [row] = await db.query<{ owner: Settled }>(SETTLE, values);
    return row?.owner ?? 'nobody';
  },

  /**
   * Deletes obsolete rows. Looks at a limited part of a large table, from a random place on.
   *
   * @returns the intents among them that were never settled
   */
  async prune({ mostPages = MOST_PAGES, random = Math.random }: PruneOptions = {}) {
    const [{ pages } = { pages: 0 }] = await db.query<{ pages: number }>(PAGES);
    const looked = Math.min(pages, mostPages);
    const first = looked < pages ? Math.floor(random() * pages) : 0;
    const unsettled: Unsettled[] = [];
    for (let done = 0; done < looked;) {
      const from = (first + done) % pages;
      const until = Math.min(from + WINDOW, from + looked - done, pages);
      unsettled.push(...(await db.query<Unsettled>(PRUNE, [from, until])));
      done += until - from;
    }
    return unsettled;
  },

  /** Deletes the ownership of an object, whichever client has it. */
  async drop(kind: OwnedKind, id: string): Promise<void> {
    await db.query('delete from owned_objects where kind = $1 and id = $2', [kind, id]);
  },

  /** Deletes the client's ownership of the object. Another client's ownership stays. */
  async forget(kind: OwnedKind, id: string, client: Client): Promise<void> {
    await db.query('delete from owned_objects where kind = $1 and id = $2 and client_id = $3', [
      ...[kind, id, client.id],
    ]);
  },
});
