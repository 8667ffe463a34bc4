import { bigint, pgTable, uuid } from 'drizzle-orm/pg-core';
import { id, time } from './column-types.ts';

/** Leases for leader election: the holder, the expiry and the term. */
export const leases = pgTable('leases', {
  name: id('name').primaryKey(),
  /** Null when released. */
  holder: uuid('holder'),
  /** Fencing token: grows each time the holder changes. A write under an older term is refused. */
  term: bigint('term', { mode: 'bigint' }).notNull(),
  until: time('until').notNull(),
});
