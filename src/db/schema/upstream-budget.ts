import { doublePrecision, jsonb, pgTable, uuid } from 'drizzle-orm/pg-core';
import { id, time } from './column-types.ts';

/** Token buckets that all processes share: `all` for the budget, and one per limit of WorkOS's own. */
export const upstreamBuckets = pgTable('upstream_buckets', {
  name: id('name').primaryKey(),
  /** Requests that may be made now. Negative while logins have used more than there was. */
  level: doublePrecision('level').notNull(),
  updatedAt: time('updated_at').notNull(),
});

/** The running processes that make requests to WorkOS. A row of a process that is gone is deleted. */
export const upstreamProcesses = pgTable('upstream_processes', {
  id: uuid('id').primaryKey(),
  seenAt: time('seen_at').notNull(),
  /** Requests per second that the process goes on making while it cannot reach the database. */
  share: doublePrecision('share').notNull(),
  /** Requests that it wants to make soon, by client and priority. */
  wants: jsonb('wants').notNull(),
  /** Requests that it made within the last minute, by client and priority. */
  used: jsonb('used').notNull(),
});

/** Operations that WorkOS's `Retry-After` holds back, in every process. */
export const upstreamHolds = pgTable('upstream_holds', {
  operation: id('operation').primaryKey(),
  until: time('until').notNull(),
});
