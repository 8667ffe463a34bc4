import { recordIn, type AuditRow } from '../../audit-trail/writer.ts';
import { isOwnedBy } from '../../db/client-generation.ts';
import type { Database } from '../../db/database.ts';
import { inBatches } from '../../db/in-batches.ts';
import type { Client } from '../../core/identity.ts';
import { sha256 } from '../../core/sha256.ts';
import { covers } from '../../db/tenant-rules.ts';
import { createRelease } from './release-store.ts';
import { createSpend, type SpentCode } from './spend-store.ts';

const AUDIT_COLUMNS = 'operation, outcome, client_id, tenant_id, request_id, details';
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
const HAS_SIGNED_IN = `select 1 from sign_ins s join clients c on c.id = s.client_id
  where s.client_id = $1 and ${isOwnedBy('s', '$2', 'at')} and s.profile_id = $3
    and (s.organization_id is null or exists (select 1 from tenants t
      where t.organization_id = s.organization_id and t.status <> 'deleted' and ${covers('c.tenants', 't.id')}))`;

export type SsoStore = ReturnType<typeof createSsoStore>;

export const createSsoStore = (db: Database) => ({
  spend: createSpend(db),
  release: createRelease(db),

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
    const rows = await db.query(HAS_FAILED, [sha256(code), id, generation]);
    return rows.length > 0;
  },

  /** Records any outcome other than success. */
  record: (audit: AuditRow): Promise<void> => recordIn(db, audit),

  /** True if the client has signed the profile in, and may still use its tenant. */
  async hasSignedIn({ id, generation }: Client, profileId: string): Promise<boolean> {
    const rows = await db.query(HAS_SIGNED_IN, [id, generation, profileId]);
    return rows.length > 0;
  },

  /** Deletes expired codes. */
  prune: (): Promise<void> =>
    inBatches(db, { table: 'spent_codes', where: 'expires_at < now()' }, []),
});
