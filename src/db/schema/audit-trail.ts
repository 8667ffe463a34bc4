import { sql } from 'drizzle-orm';
import { bigint, index, jsonb, pgTable, text } from 'drizzle-orm/pg-core';
import { id, time } from './column-types.ts';

/** Privileged acts and who performed them, in a partition per week. The runtime role may only insert and select. */
export const auditTrail = pgTable(
  'audit_trail',
  {
    /** Unique by its sequence: a key of a partitioned table would have to contain the time. */
    id: bigint('id', { mode: 'bigint' }).notNull().generatedAlwaysAsIdentity(),
    /** The time of the insert, not of its transaction's begin, so that a reader skips as few late rows as possible. */
    at: time('at')
      .notNull()
      .default(sql`clock_timestamp()`),
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
    index('audit_trail_id').on(table.id).concurrently(),
    index('audit_trail_by_time').on(table.at, table.id).concurrently(),
    // With the columns of the other filters, so that the rows that do not match are not read.
    index('audit_trail_by_tenant')
      .on(table.tenantId, table.at, table.id, table.userId, table.clientId)
      .concurrently(),
    index('audit_trail_by_client')
      .on(table.clientId, table.at, table.id, table.tenantId, table.userId)
      .concurrently(),
    index('audit_trail_by_user')
      .on(table.userId, table.at, table.id, table.tenantId, table.clientId)
      .concurrently(),
  ],
);
