import type { AuditRow } from '../audit-trail/writer.ts';
import { recordIn } from '../audit-trail/writer.ts';
import type { Database } from '../db/database.ts';
import { isUniqueViolation } from '../db/problems.ts';
import type { Actor } from '../identity.ts';

/** The audit row and the spent code in one statement: either both are there, or nobody may exchange. */
const SPEND = {
  name: 'spend-code',
  text: `with spent as (insert into spent_codes (sha256, expires_at) values ($1, now() + interval '15 minutes') returning 1)
    insert into audit_trail (operation, outcome, client_id, tenant_id, request_id, details)
      select $2, 'attempted', $3, $4, $5, '{}'::jsonb from spent`,
};
const SIGN_IN = {
  name: 'record-sign-in',
  text: `with known as (
      insert into sign_ins (client_id, profile_id) values ($3, $6)
      on conflict (client_id, profile_id) do update set at = now() returning 1)
    insert into audit_trail (operation, outcome, client_id, tenant_id, request_id, details)
      select $1, 'succeeded', $3, $4, $2, $5::jsonb from known`,
};

export interface SignIn {
  readonly actor: Actor;
  readonly tenantId: string | undefined;
  readonly profileId: string;
  readonly connectionId: string;
}

export type SsoStore = ReturnType<typeof createSsoStore>;

export const createSsoStore = (db: Database) => ({
  /** Once per code, on any number of replicas. @returns false: it was spent before. */
  async spend(codeSha256: Buffer, actor: Actor, tenantId: string | undefined): Promise<boolean> {
    try {
      await db.query(SPEND, [
        codeSha256,
        actor.operation,
        actor.client?.id,
        tenantId,
        actor.requestId,
      ]);
      return true;
    } catch (error) {
      if (isUniqueViolation(error, 'spent_codes_pkey')) return false;
      throw error;
    }
  },

  /** Who signed in to which tenant through which client; and so whom the client may sign out. */
  async signedIn({ actor, tenantId, profileId, connectionId }: SignIn): Promise<void> {
    const details = JSON.stringify({ profile_id: profileId, connection_id: connectionId });
    await db.query(SIGN_IN, [
      actor.operation,
      actor.requestId,
      actor.client?.id,
      tenantId,
      details,
      profileId,
    ]);
  },

  refused: (audit: AuditRow): Promise<void> => recordIn(db, audit),

  async hasSignedIn(clientId: string, profileId: string): Promise<boolean> {
    const rows = await db.query('select 1 from sign_ins where client_id = $1 and profile_id = $2', [
      clientId,
      profileId,
    ]);
    return rows.length > 0;
  },

  /** Deletes what has had its day. */
  async prune(): Promise<void> {
    await db.query('delete from spent_codes where expires_at < now()');
  },
});
