import { bigint, integer, pgTable } from 'drizzle-orm/pg-core';
import { id } from './column-types.ts';

/** Points that all replicas together have given out per key. */
export const rateLimits = pgTable('rate_limits', {
  key: id('key').primaryKey(),
  points: integer('points').notNull(),
  /** End of the window, in milliseconds since 1970 by the clock of Postgres. */
  expire: bigint('expire', { mode: 'number' }).notNull(),
});
