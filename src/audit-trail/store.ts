import type { Database } from '../db/database.ts';
import { readPage, type Page, type PageQuery } from '../db/page.ts';
import { mayUseEveryTenant, type Client } from '../core/identity.ts';

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
  readonly client_id: string | null;
  readonly user_id: string | null;
  readonly tenant_id: string | null;
  readonly request_id: string;
  readonly details: Record<string, unknown>;
}

/** A client that asks for its own acts does not get those of a deleted client with its id. */
const IS_SINCE_REGISTERED = 'at >= (select c.created_at from clients c where c.id = $8)';

/** Reading; `writer.ts` writes. */
export const createAuditTrailStore = (db: Database) => ({
  list(
    client: Client,
    { tenant_id, user_id, client_id, since, until, ...page }: AuditFilter,
  ): Promise<Page<AuditTrailRow>> {
    return readPage<AuditTrailRow>(
      db,
      {
        table: 'audit_trail',
        columns:
          'id::text as id, at, operation, outcome, client_id, user_id, tenant_id, request_id, details',
        visible:
          "($1 or exists (select 1 from unnest($2::text[]) rule where case when right(rule, 1) = '*' then starts_with(tenant_id, rtrim(rule, '*')) else rule = tenant_id end))",
        where: [
          '($3::text is null or tenant_id = $3)',
          '($4::text is null or user_id = $4)',
          `($5::text is null or (client_id = $5 and ($5 <> $8 or ${IS_SINCE_REGISTERED})))`,
          '($6::timestamptz is null or at >= $6)',
          '($7::timestamptz is null or at < $7)',
        ],
        values: [
          mayUseEveryTenant(client),
          client.tenants,
          tenant_id,
          user_id,
          client_id,
          since,
          until,
          client.id,
        ],
        // Not `id` alone: ORDER BY would take it for the output column, which is text.
        key: 'audit_trail.id',
        idType: 'bigint',
      },
      page,
    );
  },
});

export type AuditTrailStore = ReturnType<typeof createAuditTrailStore>;
