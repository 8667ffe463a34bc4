import { hash, randomUUID } from 'node:crypto';
import { recordIn, type AuditRow } from '../audit-trail/writer.ts';
import { isOwnedBy } from '../db/client-generation.ts';
import type { Database } from '../db/database.ts';
import { CODES_GOOD_FROM } from '../db/restored.ts';
import type { Actor, Client } from '../identity.ts';
import { SPENT_SECONDS } from './flow.ts';

const AUDIT_COLUMNS = 'operation, outcome, client_id, tenant_id, request_id, details';
/** Whether the login began after the database was last restored, by the database's clock. */
const IS_GOOD = `not exists (select 1 from settings where name = '${CODES_GOOD_FROM}'
  and value::bigint >= floor(extract(epoch from now())) - $6::int)`;

/**
 * The audit row and the spent code in one statement: either both are there, or nobody may exchange.
 * A code that was given back is taken again by the same client only. A replay changes nothing.
 */
const SPEND = {
  name: 'spend-code',
  text: `with again as (
      update spent_codes set attempt = $7, given_back_at = null,
        expires_at = now() + interval '${SPENT_SECONDS} seconds'
      where sha256 = $1 and given_back_at is not null and client_id is not distinct from $3
        and client_generation is not distinct from $8 and ${IS_GOOD}
      returning 1),
    first as (
      insert into spent_codes (sha256, client_id, client_generation, attempt, expires_at)
      select $1, $3, $8, $7, now() + interval '${SPENT_SECONDS} seconds'
      where ${IS_GOOD} and not exists (select 1 from again)
      on conflict (sha256) do nothing returning 1)
    insert into audit_trail (${AUDIT_COLUMNS})
      select $2, 'attempted', $3, $4, $5, '{}'::jsonb
      from (select 1 from again union all select 1 from first) as taken
      returning 1`,
};
const GIVE_BACK = {
  name: 'give-code-back',
  text: `with back as (
      update spent_codes set given_back_at = now()
      where sha256 = $1 and attempt = $6 and given_back_at is null returning 1)
    insert into audit_trail (${AUDIT_COLUMNS})
      select $2, 'failed', $3, $4, $5, '{"code_given_back": true}'::jsonb from back returning 1`,
};
/** Of a client that was deleted meanwhile only the audit row is kept. */
const SIGN_IN = {
  name: 'record-sign-in',
  text: `with known as (
      insert into sign_ins (client_id, profile_id, client_generation)
        select c.id, $6, c.generation from clients c where c.id = $3 and c.generation = $7::uuid
      on conflict (client_id, profile_id)
        do update set at = now(), client_generation = excluded.client_generation)
    insert into audit_trail (${AUDIT_COLUMNS})
      values ($1, 'succeeded', $3, $4, $2, $5::jsonb)`,
};

const HAS_SIGNED_IN = `select 1 from sign_ins s
  where s.client_id = $1 and ${isOwnedBy('s', '$2', 'at')} and s.profile_id = $3`;

export interface SignIn {
  readonly actor: Actor;
  readonly tenantId: string | undefined;
  readonly profileId: string;
  readonly connectionId: string;
}

export interface CodeToSpend {
  /** WorkOS's own: one of them may have been sealed into several of ours. */
  readonly code: string;
  /** Seconds since the login began. */
  readonly age: number;
  readonly actor: Actor;
  readonly tenantId: string | undefined;
}

/** A code that is being exchanged, by this attempt and no other. */
export interface SpentCode {
  readonly sha256: Buffer;
  readonly attempt: string;
  readonly actor: Actor;
  readonly tenantId: string | undefined;
}

export type SsoStore = ReturnType<typeof createSsoStore>;

const BATCH = 5_000;

export const createSsoStore = (db: Database) => ({
  /**
   * Once per code, on any number of replicas, unless it is given back.
   *
   * @returns undefined: it was spent before, or perhaps was before the database was restored
   */
  async spend({ code, age, actor, tenantId }: CodeToSpend): Promise<SpentCode | undefined> {
    const { operation, client, requestId } = actor;
    const sha256 = hash('sha256', code, 'buffer');
    const attempt = randomUUID();
    const rows = await db.query(SPEND, [
      sha256,
      operation,
      client?.id,
      tenantId,
      requestId,
      age,
      attempt,
      client?.generation,
    ]);
    return rows.length > 0 ? { sha256, attempt, actor, tenantId } : undefined;
  },

  /** For a code that WorkOS has not taken. @returns whether it may be sent again */
  async giveBack({ sha256, attempt, actor, tenantId }: SpentCode): Promise<boolean> {
    const { operation, client, requestId } = actor;
    const values = [sha256, operation, client?.id, tenantId, requestId, attempt];
    return (await db.query(GIVE_BACK, values)).length > 0;
  },

  /** Who signed in to which tenant through which client; and so whom the client may sign out. */
  async signedIn({ actor, tenantId, profileId, connectionId }: SignIn): Promise<void> {
    const { operation, client, requestId } = actor;
    const details = JSON.stringify({ profile_id: profileId, connection_id: connectionId });
    await db.query(SIGN_IN, [
      ...[operation, requestId, client?.id, tenantId],
      ...[details, profileId, client?.generation],
    ]);
  },

  /** What else came of a code. */
  record: (audit: AuditRow): Promise<void> => recordIn(db, audit),

  async hasSignedIn({ id, generation }: Client, profileId: string): Promise<boolean> {
    const rows = await db.query(HAS_SIGNED_IN, [id, generation, profileId]);
    return rows.length > 0;
  },

  /** Deletes codes that nothing can carry any more, so many at a time that no statement is long. */
  async prune(): Promise<void> {
    for (let deleted = BATCH; deleted === BATCH;)
      deleted = (
        await db.query(
          `delete from spent_codes where ctid = any(array(
             select ctid from spent_codes where expires_at < now() limit ${BATCH})) returning 1`,
        )
      ).length;
  },
});
