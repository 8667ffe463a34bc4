import { columnsOf } from '../db/columns.ts';
import type { Database } from '../db/database.ts';
import { covers } from '../db/tenant-rules.ts';
import { auditTrail } from '../db/schema/audit-trail.ts';
import { readPage, type ResultPage, type PageQuery } from '../db/page.ts';
import type { Client } from '../core/identity.ts';

export interface AuditFilter extends PageQuery {
  readonly tenant_id?: string | undefined;
  readonly user_id?: string | undefined;
  readonly client_id?: string | undefined;
  readonly since?: string | undefined;
  readonly until?: string | undefined;
}

export interface AuditTrailRow {
  readonly id: string;
  readonly at: Date;
  readonly operation: string;
  readonly outcome: string;
  readonly clientId: string | null;
  readonly userId: string | null;
  readonly tenantId: string | null;
  readonly requestId: string;
  readonly details: Record<string, unknown>;
}

/** Hides the acts of a deleted client with the same id from a client that asks for its own acts. */
const IS_SINCE_REGISTERED = 'at >= (select c.created_at from clients c where c.id = $7)';

/** Reads the audit trail; `writer.ts` writes it. */
export const createAuditTrailStore = (db: Database) => ({
  list(
    client: Client,
    { tenant_id, user_id, client_id, since, until, ...page }: AuditFilter,
  ): Promise<ResultPage<AuditTrailRow>> {
    return readPage<AuditTrailRow>(
      db,
      {
        table: 'audit_trail',
        columns: columnsOf(auditTrail),
        visible: covers('$1::text[]', 'tenant_id'),
        where: [
          '($2::text is null or tenant_id = $2)',
          '($3::text is null or user_id = $3)',
          `($4::text is null or (client_id = $4 and ($4 <> $7 or ${IS_SINCE_REGISTERED})))`,
          '($5::timestamptz is null or at >= $5)',
          '($6::timestamptz is null or at < $6)',
        ],
        values: [client.tenants, tenant_id, user_id, client_id, since, until, client.id],
        key: 'id',
        idType: 'bigint',
      },
      page,
    );
  },
});

export type AuditTrailStore = ReturnType<typeof createAuditTrailStore>;
