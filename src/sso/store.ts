import { hash } from 'node:crypto';
import { recordIn, type AuditRow } from '../audit-trail/writer.ts';
import { isOwnedBy } from '../db/client-generation.ts';
import type { Database } from '../db/database.ts';
import { CODES_GOOD_FROM } from '../db/restored.ts';
import { isUniqueViolation } from '../db/problems.ts';
import type { Actor, Client } from '../identity.ts';

/**
 * The audit row and the spent code in one statement: either both are there, or nobody may exchange.
 * Kept for longer than a state and the code after it are good for.
 */
const SPEND = {
  name: 'spend-code',
  text: `with spent as (insert into spent_codes (sha256, expires_at)
      select $1, now() + interval '30 minutes' where not exists (
        select 1 from settings where name = '${CODES_GOOD_FROM}' and value::bigint >= $6)
      returning 1)
    insert into audit_trail (operation, outcome, client_id, tenant_id, request_id, details)
      select $2, 'attempted', $3, $4, $5, '{}'::jsonb from spent returning 1`,
};
/** Of a client that was deleted meanwhile only the audit row is kept. */
const SIGN_IN = {
  name: 'record-sign-in',
  text: `with known as (
      insert into sign_ins (client_id, profile_id, client_generation)
        select c.id, $6, c.generation from clients c where c.id = $3 and c.generation = $7::uuid
      on conflict (client_id, profile_id)
        do update set at = now(), client_generation = excluded.client_generation)
    insert into audit_trail (operation, outcome, client_id, tenant_id, request_id, details)
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

export type SsoStore = ReturnType<typeof createSsoStore>;

export const createSsoStore = (db: Database) => ({
  /**
   * Once per code, on any number of replicas.
   *
   * @param code WorkOS's own: one of them may have been sealed into several of ours
   * @param issuedAt of ours, in seconds since 1970
   * @returns false: it was spent before, or perhaps was before the database was restored
   */
  async spend(
    code: string,
    issuedAt: number,
    actor: Actor,
    tenantId: string | undefined,
  ): Promise<boolean> {
    const { operation, client, requestId } = actor;
    const sha256 = hash('sha256', code, 'buffer');
    try {
      const values = [sha256, operation, client?.id, tenantId, requestId, issuedAt];
      return (await db.query(SPEND, values)).length > 0;
    } catch (error) {
      if (isUniqueViolation(error, 'spent_codes_pkey')) return false;
      throw error;
    }
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

  /** Deletes what has had its day. */
  async prune(): Promise<void> {
    await db.query('delete from spent_codes where expires_at < now()');
  },
});
