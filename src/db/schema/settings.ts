import { pgTable, text } from 'drizzle-orm/pg-core';
import { id } from './column-types.ts';

/** Settings that must not change after first use, e.g. the external id prefix. */
export const settings = pgTable('settings', {
  name: id('name').primaryKey(),
  value: text('value').notNull(),
});
