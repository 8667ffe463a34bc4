import { hash, randomUUID } from 'node:crypto';
import { recordIn, type AuditRow } from '../../audit-trail/writer.ts';
import { isOwnedBy } from '../../db/client-generation.ts';
import type { Database } from '../../db/database.ts';
import { inBatches } from '../../db/in-batches.ts';
import { covers } from '../../db/tenant-rules.ts';
import type { Actor, Client } from '../../core/identity.ts';
import { SPENT_SECONDS } from '../protocol/flow.ts';

/** Name of the row in `settings` with the time since which codes are accepted. */
export const CODES_GOOD_FROM = 'codes_good_from';

const AUDIT_COLUMNS = 'operation, outcome, client_id, tenant_id, request_id, details';
/** SQL: true if the login began after the last restore of the database, by the database's clock. */
const IS_GOOD = `not exists (select 1 from settings where name = '${CODES_GOOD_FROM}'
  and value::bigint >= floor(extract(epoch from now())) - $6::int)`;

/**
 * Writes the audit row and the spent code in one statement, so that no code is exchanged without an
 * audit row. Only the same client can take a code again that was given back. A replay changes nothing.
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
      select $2, 'failed', $3, $4, $5, '{"code_given_back": true}'::jsonb || $7::jsonb from back returning 1`,
};
/** An attempt that is over has no fencing token, so that a repetition can be told why it is refused. */
const FAIL = {
  name: 'fail-code',
  text: `with over as (update spent_codes set attempt = null where sha256 = $1 and attempt = $6)
    insert into audit_trail (${AUDIT_COLUMNS}) values ($2, 'failed', $3, $4, $5, $7::jsonb)`,
};
const HAS_FAILED = {
  name: 'has-code-failed',
  text: `select 1 from spent_codes where sha256 = $1 and attempt is null and given_back_at is null
    and client_id = $2 and client_generation is not distinct from $3`,
};
/**
 * Releases a sign-in. Checks client and tenant again, because either may have lost permission during
 * the call to WorkOS. A login without a tenant is one by provider, for clients that may use every
 * tenant, or one by magic link.
 */
const SIGN_IN = {
  name: 'release-sign-in',
  text: `with allowed as (
      select c.id, c.generation from clients c
      where c.id = $3 and c.generation = $7::uuid and not c.disabled and 'sso:login' = any(c.scopes)
        and case when $4::text is null then $9::boolean or '*' = any(c.tenants)
          else ${covers('c.tenants', '$4::text')} and exists (select 1 from tenants t
            where t.id = $4 and t.status = 'active' and t.organization_id = $8) end),
    known as (
      insert into sign_ins (client_id, profile_id, client_generation)
        select id, $6, generation from allowed
      on conflict (client_id, profile_id)
        do update set at = now(), client_generation = excluded.client_generation)
    insert into audit_trail (${AUDIT_COLUMNS})
      select $1, 'succeeded', $3, $4, $2, $5::jsonb from allowed returning 1`,
};

const HAS_SIGNED_IN = `select 1 from sign_ins s
  where s.client_id = $1 and ${isOwnedBy('s', '$2', 'at')} and s.profile_id = $3`;

export interface SignIn {
  readonly actor: Actor;
  readonly tenantId: string | undefined;
  readonly profileId: string;
  readonly connectionId: string;
  /** Null if the profile belongs to no organization. */
  readonly organizationId: string | null;
  readonly isMagicLink: boolean;
}

export interface CodeToSpend {
  /** WorkOS's code: it may have been sealed into several of Gatehouse's codes. */
  readonly code: string;
  /** Seconds since the login began. */
  readonly age: number;
  readonly actor: Actor;
  readonly tenantId: string | undefined;
}

/** A code that is being exchanged by this attempt. */
export interface SpentCode {
  readonly sha256: Buffer;
  readonly attempt: string;
  readonly actor: Actor;
  readonly tenantId: string | undefined;
}

export type SsoStore = ReturnType<typeof createSsoStore>;

export const createSsoStore = (db: Database) => ({
  /**
   * Spends a code: succeeds once per code, across replicas, unless it is given back.
   *
   * @returns undefined if the code was spent before, or may have been before the database was restored
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

  /** Gives back a code that WorkOS did not receive. @param details why it did not @returns true if it may be sent again */
  async giveBack(
    { sha256, attempt, actor, tenantId }: SpentCode,
    details: AuditRow['details'],
  ): Promise<boolean> {
    const { operation, client, requestId } = actor;
    const values = [sha256, operation, client?.id, tenantId, requestId, attempt];
    return (await db.query(GIVE_BACK, [...values, JSON.stringify(details)])).length > 0;
  },

  /** Records that an exchange failed after WorkOS may have received the code, which stays spent. */
  async fail(
    { sha256, attempt, actor, tenantId }: SpentCode,
    details: AuditRow['details'],
  ): Promise<void> {
    const { operation, client, requestId } = actor;
    const values = [sha256, operation, client?.id, tenantId, requestId, attempt];
    await db.query(FAIL, [...values, JSON.stringify(details)]);
  },

  /** True if the same client has sent the code before and the exchange failed at WorkOS. */
  async hasFailed(code: string, { id, generation }: Client): Promise<boolean> {
    const rows = await db.query(HAS_FAILED, [hash('sha256', code, 'buffer'), id, generation]);
    return rows.length > 0;
  },

  /**
   * Records that a user signed in to a tenant through a client. The client may then sign the user out.
   *
   * @returns false if client or tenant has lost permission; the profile must then not be sent
   */
  async release(signIn: SignIn): Promise<boolean> {
    const { actor, tenantId, profileId, connectionId, organizationId, isMagicLink } = signIn;
    const { operation, client, requestId } = actor;
    const details = JSON.stringify({ profile_id: profileId, connection_id: connectionId });
    const rows = await db.query(SIGN_IN, [
      ...[operation, requestId, client?.id, tenantId],
      ...[details, profileId, client?.generation, organizationId, isMagicLink],
    ]);
    return rows.length > 0;
  },

  /** Records any outcome other than success. */
  record: (audit: AuditRow): Promise<void> => recordIn(db, audit),

  async hasSignedIn({ id, generation }: Client, profileId: string): Promise<boolean> {
    const rows = await db.query(HAS_SIGNED_IN, [id, generation, profileId]);
    return rows.length > 0;
  },

  /** Deletes expired codes. */
  prune: (): Promise<void> =>
    inBatches(db, { table: 'spent_codes', where: 'expires_at < now()' }, []),
});
