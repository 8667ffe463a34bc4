import { bigint, index, jsonb, pgTable, text } from 'drizzle-orm/pg-core';
import { id, time } from './column-types.ts';

/** Privileged acts and who performed them. The runtime role may only insert and select. */
export const auditTrail = pgTable(
  'audit_trail',
  {
    id: bigint('id', { mode: 'bigint' }).primaryKey().generatedAlwaysAsIdentity(),
    at: time('at').notNull().defaultNow(),
    operation: text('operation').notNull(),
    /** `attempted` before an effect at WorkOS, then `succeeded`, `failed` or `refused`. */
    outcome: text('outcome').notNull(),
    clientId: id('client_id'),
    userId: id('user_id'),
    tenantId: id('tenant_id'),
    requestId: text('request_id').notNull(),
    details: jsonb('details').notNull(),
  },
  (table) => [
    index('audit_trail_tenant').on(table.tenantId, table.id),
    index('audit_trail_client').on(table.clientId, table.id),
    index('audit_trail_user').on(table.userId, table.id),
    index('audit_trail_at').on(table.at),
  ],
);
