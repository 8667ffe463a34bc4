import { index, pgTable, primaryKey, text } from 'drizzle-orm/pg-core';
import { clientGeneration, createdAt, id } from './column-types.ts';

/** Objects that belong to no organization at WorkOS (factors, sessions, exports, users). Only the client that created one may use it. */
export const ownedObjects = pgTable(
  'owned_objects',
  {
    kind: text('kind').notNull(),
    id: id('id').notNull(),
    clientId: id('client_id').notNull(),
    /** Null when created without a tenant. */
    tenantId: id('tenant_id'),
    clientGeneration: clientGeneration(),
    /** For a secret token, the user at WorkOS in whose name its holder acts. Null in rows of older releases. */
    userId: id('user_id'),
    createdAt: createdAt(),
  },
  (table) => [
    primaryKey({ columns: [table.kind, table.id] }),
    /** For deleting a client's objects with the client. */
    index('owned_objects_client').on(table.clientId).concurrently(),
  ],
);
