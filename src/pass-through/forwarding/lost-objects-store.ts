import { randomUUID } from 'node:crypto';
import { isOwnedBy } from '../../db/client-generation.ts';
import type { Database } from '../../db/database.ts';
import type { Client } from '../../core/identity.ts';
import type { OwnedKind } from './forwarded-endpoint.ts';

/** WorkOS's ids contain no colon, so no request can name an object that does not exist yet. */
export const INTENT = 'intent:';

/**
 * A placeholder for the id of an object that WorkOS is about to create. Equal attempts at one object
 * share everything up to the last colon.
 */
export const newIntent = (attemptsAt?: string): string =>
  attemptsAt === undefined ? `${INTENT}${randomUUID()}:` : `${INTENT}${attemptsAt}:${randomUUID()}`;

/** The first and the last text with the same beginning as the placeholder: `;` follows `:`. */
const equalAttempts = (intent: string): readonly [string, string] => {
  const start = intent.slice(0, intent.lastIndexOf(':'));
  return [`${start}:`, `${start};`];
};

/** Equal attempts of all clients. */
const EQUAL = 'o.kind = $1 and o.id >= $2 and o.id < $3';
/** True for attempts of the client, for the same tenant. */
const IS_MINE = `(o.client_id = $4 and ${isOwnedBy('o', '$5')} and o.tenant_id is not distinct from $6)`;

const HAS_UNANSWERED = {
  name: 'has-unanswered-creations',
  text: `select from owned_objects o where ${EQUAL} and ${IS_MINE} limit 1`,
};

/**
 * An object that was created later than this after an attempt is not the attempt's: a call waits at
 * most 2 s for its turn and 3 s for the answer.
 */
const WITHIN = '30 seconds';
/** How much WorkOS's clock may be behind the database's. */
const CLOCKS = '1 second';

/**
 * Attempts that are still under way find the object already assigned to their client. If others made an
 * attempt at the same time, nobody knows whose object it is.
 */
const CLAIM = {
  name: 'claim-lost-object',
  text: `with attempts as (select o.*, ${IS_MINE} as mine from owned_objects o where ${EQUAL}
        and $8::timestamptz between o.created_at - interval '${CLOCKS}' and o.created_at + interval '${WITHIN}'),
      lost as (select * from attempts where not exists (select from attempts where not mine)),
      claimed as (insert into owned_objects (kind, id, client_id, tenant_id, client_generation)
        select kind, $7, client_id, tenant_id, client_generation from lost limit 1
        on conflict do nothing returning id),
      forgotten as (delete from owned_objects where kind = $1 and id in (select id from lost))
    select from claimed`,
};

/** An object that WorkOS may have created for a request whose answer never arrived. */
export interface FoundObject {
  readonly id: string;
  readonly createdAt: string;
}

export const createLostObjects = (db: Database) => ({
  /** True if an equal attempt of the client has no known outcome. */
  async hasUnanswered(
    kind: OwnedKind,
    intent: string,
    client: Client,
    tenantId: string | null,
  ): Promise<boolean> {
    const values = [kind, ...equalAttempts(intent), client.id, client.generation, tenantId];
    return (await db.query(HAS_UNANSWERED, values)).length > 0;
  },

  /**
   * Assigns the object to the client if it was created while an equal attempt of the client was under
   * way and none of others, and has no owner. @returns true if it was assigned
   */
  async claim(
    kind: OwnedKind,
    { intent, id, createdAt }: FoundObject & { readonly intent: string },
    client: Client,
    tenantId: string | null,
  ): Promise<boolean> {
    const values = [kind, ...equalAttempts(intent), client.id, client.generation, tenantId];
    return (await db.query(CLAIM, [...values, id, createdAt])).length > 0;
  },

  /** Deletes the placeholders of all equal attempts of the client. */
  async dropAttempts(kind: OwnedKind, intent: string, client: Client): Promise<void> {
    await db.query(
      'delete from owned_objects where kind = $1 and id >= $2 and id < $3 and client_id = $4',
      [kind, ...equalAttempts(intent), client.id],
    );
  },
});
