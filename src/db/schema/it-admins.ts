import { pgTable, primaryKey, text } from 'drizzle-orm/pg-core';
import { createdAt, id, updatedAt } from './column-types.ts';

/** The registry of IT admins. It overrides the roles in a user's token. */
export const itAdmins = pgTable(
  'it_admins',
  {
    tenantId: id('tenant_id').notNull(),
    userId: id('user_id').notNull(),
    state: text('state').notNull(),
    createdAt: createdAt(),
    updatedAt: updatedAt(),
  },
  (table) => [primaryKey({ columns: [table.tenantId, table.userId] })],
);
