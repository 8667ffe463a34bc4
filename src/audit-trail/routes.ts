import { implement } from '../http/endpoint.ts';
import { hasScope, type Client } from '../core/identity.ts';
import { invalidField } from '../core/problem.ts';
import { auditTrailContract } from './contract.ts';
import type { AuditTrailRow, AuditTrailStore } from './store.ts';

export const auditTrailRoutes = (auditTrail: AuditTrailStore) =>
  implement(auditTrailContract, {
    async listAuditTrail({ query, client }) {
      const page = await auditTrail.list(client, query);
      if (page.data.length === 0) await checkCursor(auditTrail, query);
      return { object: 'list' as const, ...page, data: page.data.map((row) => entry(row, client)) };
    },
  });

/** Otherwise a reader who goes on from an entry that is gone would take it for the last one, for ever. */
async function checkCursor(
  auditTrail: AuditTrailStore,
  { after, before }: { readonly after?: string | undefined; readonly before?: string | undefined },
): Promise<void> {
  const cursor = after ?? before;
  if (cursor === undefined || (await auditTrail.has(cursor))) return;
  throw invalidField(
    after === undefined ? 'before' : 'after',
    'unknown_cursor',
    'is not the id of an entry that is kept; start with since',
  );
}

const entry = (row: AuditTrailRow, client: Client) => ({
  object: 'audit_entry' as const,
  id: row.id,
  at: row.at.toISOString(),
  operation: row.operation,
  outcome: row.outcome,
  client_id: row.clientId,
  user_id: row.userId,
  tenant_id: row.tenantId,
  request_id: row.requestId,
  details: hasScope(client, 'tenants:adopt') ? row.details : withoutOrganization(row.details),
});

/** Only clients with `tenants:adopt` see organization ids, as in the tenant itself. */
const withoutOrganization = (details: AuditTrailRow['details']) =>
  Object.fromEntries(Object.entries(details).filter(([name]) => name !== 'organization_id'));
