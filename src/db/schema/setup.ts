import { sql } from 'drizzle-orm';
import { index, jsonb, pgTable, primaryKey, text } from 'drizzle-orm/pg-core';
import { id, time } from './column-types.ts';

/** The latest known state of organizations, domains, connections and directories at WorkOS. */
export const mirror = pgTable(
  'mirror',
  {
    kind: text('kind').notNull(),
    id: id('id').notNull(),
    organizationId: id('organization_id').notNull(),
    data: jsonb('data').notNull(),
    /** WorkOS's time. An older state never overwrites a newer one. */
    updatedAt: time('updated_at').notNull(),
    /** Set in a tombstone, which stays because WorkOS never reuses an id. */
    deletedAt: time('deleted_at'),
    /** When Gatehouse learned this state. */
    asOf: time('as_of').notNull().defaultNow(),
  },
  (table) => [
    primaryKey({ columns: [table.kind, table.id] }),
    index('mirror_organization').on(table.organizationId),
    index('mirror_deleted')
      .on(table.deletedAt)
      .where(sql`deleted_at is not null`)
      .concurrently(),
  ],
);

/** When an organization was last read completely. Without a row the mirror may be incomplete. */
export const mirrorReads = pgTable('mirror_reads', {
  organizationId: id('organization_id').primaryKey(),
  readAt: time('read_at').notNull(),
});
