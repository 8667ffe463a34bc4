import type { Query } from './database.ts';
import { grouped } from './group.ts';

const INSERT = `insert into audit_trail (operation, outcome, client_id, user_id, tenant_id, request_id, details)
  select operation, outcome, client_id, user_id, tenant_id, request_id, details
  from jsonb_to_recordset($1::jsonb) as r (operation text, outcome text, client_id text, user_id text,
    tenant_id text, request_id text, details jsonb)`;

export type AuditRow = Readonly<Record<string, unknown>>;

/** Resolves once the row is durable. */
export type Audit = (row: AuditRow) => Promise<undefined>;

/** Group commit like the gateway's. */
export const groupedAudit = (query: Query): Audit =>
  grouped<AuditRow>((rows) => query('audit', INSERT, [JSON.stringify(rows)]));

/** One INSERT per row, the conventional way. */
export const singleAudit =
  (query: Query): Audit =>
  async (row) => {
    await query('audit', INSERT, [JSON.stringify([row])]);
    return undefined;
  };
