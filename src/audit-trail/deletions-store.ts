import type { Client, Tenant } from '../core/identity.ts';
import type { Database } from '../db/database.ts';

/**
 * Looks at the client's newest rows only, so that a busy client costs no more, and at none of an earlier
 * client with the same id. Deletions of users name no tenant.
 */
const DELETED = {
  name: 'audit-deleted',
  text: `select 1 from (
      select operation, outcome, tenant_id, details from audit_trail
      where client_id = $1
        and at > greatest(now() - interval '10 minutes', (select created_at from clients where id = $1))
      order by at desc, id desc limit 5000) as newest
    where outcome = 'succeeded' and starts_with(operation, 'delete')
      and (tenant_id = $2 or operation = 'deleteUser')
      and $3 in (details->>'id', details->>'group_id')
    limit 1`,
};

/** Tells whether the client has deleted this object of the tenant within the last ten minutes. */
export const createDeletionsStore =
  (db: Database) =>
  async ({ id: clientId }: Client, tenant: Tenant, id: string): Promise<boolean> =>
    (await db.query(DELETED, [clientId, tenant.id, id])).length > 0;
