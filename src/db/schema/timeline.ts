import { index, integer, pgTable, primaryKey, text } from 'drizzle-orm/pg-core';
import { id, time } from './column-types.ts';

/**
 * Records what happens to a tenant without a row in the audit trail: steps of logins, and refused requests.
 * Strangers can cause it, so equal occurrences within five minutes are one row with a count.
 */
export const tenantOccurrences = pgTable(
  'tenant_occurrences',
  {
    tenantId: id('tenant_id').notNull(),
    /** The beginning of the five minutes. */
    at: time('at').notNull(),
    /** The operationId, as in the audit trail. */
    operation: id('operation').notNull(),
    /** `started`, `returned`, `failed` or `refused`. */
    outcome: id('outcome').notNull(),
    /** A code of a fixed list; empty if the outcome needs none. */
    reason: id('reason').notNull(),
    /** Empty if no registered client is known. */
    clientId: id('client_id').notNull(),
    count: integer('count').notNull(),
    lastAt: time('last_at').notNull(),
    /** The request id of the last one. */
    requestId: text('request_id').notNull(),
    /** What WorkOS or a browser said at last, without secrets and e-mail addresses. Null if nothing. */
    said: text('said'),
  },
  (table) => [
    primaryKey({
      name: 'tenant_occurrences_key',
      columns: [
        table.tenantId,
        table.at,
        table.operation,
        table.outcome,
        table.reason,
        table.clientId,
      ],
    }),
    index('tenant_occurrences_at').on(table.at),
  ],
);
