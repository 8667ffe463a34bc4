import { implement } from '../http/endpoint.ts';
import { refuseTwoCursors } from '../http/pagination.ts';
import { auditTrailContract } from './contract.ts';
import type { AuditTrailRow, AuditTrailStore } from './store.ts';

export const auditTrailRoutes = (auditTrail: AuditTrailStore) =>
  implement(auditTrailContract, {
    async listAuditTrail({ query, client }) {
      refuseTwoCursors(query);
      const page = await auditTrail.list(client, query);
      return { object: 'list' as const, ...page, data: page.data.map(entry) };
    },
  });

const entry = (row: AuditTrailRow) => ({
  object: 'audit_entry' as const,
  ...row,
  at: row.at.toISOString(),
});
