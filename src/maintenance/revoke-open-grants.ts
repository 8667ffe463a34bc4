import { recordIn } from '../audit-trail/writer.ts';
import type { Actor } from '../core/identity.ts';
import { CODES_GOOD_FROM } from '../sso/codes/spend-store.ts';
import type { Database } from '../db/database.ts';

export interface RevokedGrants {
  /** The number of revoked portal launches. */
  readonly launches: number;
}

/**
 * Revokes tickets, setup pages, codes and console sessions that may have been used or ended after the backup was taken. Also clears the record
 * of complete organization reads, so that the mirror is read again. The event cursor is as old as the
 * backup, so all later events are read again without further steps.
 */
export async function revokeOpenGrants(db: Database, actor: Actor): Promise<RevokedGrants> {
  return db.transaction(async (tx) => {
    const launches = await tx.query(
      `update portal_launches set revoked_at = now(), attempt = null
       where revoked_at is null and expires_at > now() - interval '1 hour'
         and ((redirected_at is null and expires_at > now())
           or (session_sha256 is not null and redirected_at > now() - interval '1 hour'))
       returning id`,
    );
    await tx.query(
      `insert into settings (name, value) values ($1, floor(extract(epoch from now()))::bigint::text)
       on conflict (name) do update set value = excluded.value`,
      [CODES_GOOD_FROM],
    );
    // A session that was revoked after the backup would be good again.
    await tx.query('update console_sessions set ended_at = now() where ended_at is null');
    await tx.query('delete from mirror_reads');
    // The backup's profile is older than WorkOS's; `tenants verify` reports the difference.
    await tx.query(
      'update tenants set profile_unsure = null, profile_unsure_fields = null where profile_unsure is not null',
    );
    const details = { revoked_launches: launches.length };
    await recordIn(tx, { actor, outcome: 'succeeded', details });
    await tx.query(`select pg_notify('gatehouse', 'restored')`);
    return { launches: launches.length };
  });
}
