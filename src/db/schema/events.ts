import { sql } from 'drizzle-orm';
import { bigint, index, jsonb, pgTable, text, uniqueIndex } from 'drizzle-orm/pg-core';
import { bytes, id, time } from './column-types.ts';

/** The inbox of events, and after they are applied the feed. Stores each event once, whether it came by webhook or by polling. */
export const events = pgTable(
  'events',
  {
    id: id('id').primaryKey(),
    event: text('event').notNull(),
    organizationId: id('organization_id'),
    /** Null when the event belongs to no tenant or predates the mapping. Decided when the event is applied. */
    tenantId: id('tenant_id'),
    /** Kept as received, with WorkOS's ids. */
    data: jsonb('data').notNull(),
    context: jsonb('context'),
    /** WorkOS's time, or ours for our own events. */
    createdAt: time('created_at').notNull(),
    receivedAt: time('received_at').notNull().defaultNow(),
    /** `webhook`, `feed`, or `gatehouse` for our own. */
    source: text('source').notNull(),
    /** Place in our feed. Assigned one at a time when events are applied, so that a reader never skips one. */
    position: bigint('position', { mode: 'bigint' }),
    /** When the event was parked because it could not be applied. Null if it was not, or is being retried. */
    parkedAt: time('parked_at'),
    /** The reason, as text for the platform team. */
    parkedReason: text('parked_reason'),
  },
  (table) => [
    uniqueIndex('events_position').on(table.position),
    index('events_tenant').on(table.tenantId, table.position),
    index('events_type').on(table.event, table.position).concurrently(),
    index('events_tenant_type').on(table.tenantId, table.event, table.position).concurrently(),
    index('events_created').on(table.createdAt),
    index('events_waiting')
      .on(table.createdAt, table.id)
      .where(sql`position is null`),
    /** For the order in which events are applied. */
    index('events_unplaced')
      .on(table.createdAt, sql`(event <> 'organization.created')`, table.id)
      .where(sql`position is null and parked_at is null`)
      .concurrently(),
    index('events_parked')
      .on(table.parkedAt)
      .where(sql`parked_at is not null`)
      .concurrently(),
    /** For the timeline of a tenant: a parked event has no tenant yet. */
    index('events_parked_organization')
      .on(table.organizationId, table.parkedAt)
      .where(sql`parked_at is not null`)
      .concurrently(),
    index('events_received').on(table.receivedAt).concurrently(),
  ],
);

/**
 * The times of the events in each block of positions, written by a trigger of `events`. A reader who asks
 * for a time range skips the blocks outside of it. `migrations/` has the trigger and the size of a block.
 */
export const feedBlocks = pgTable('feed_blocks', {
  /** Position divided by the size of a block. */
  block: bigint('block', { mode: 'bigint' }).primaryKey(),
  earliest: time('earliest').notNull(),
  latest: time('latest').notNull(),
});

/** Input that could not be read as an event, kept for a person to look at. */
export const unreadableEvents = pgTable(
  'unreadable_events',
  {
    /** The event's id if it has a usable one, else the SHA-256 of the input. */
    id: id('id').primaryKey(),
    /** `webhook` or `feed`. */
    source: text('source').notNull(),
    reason: text('reason').notNull(),
    /** Kept as received, but truncated. */
    raw: bytes('raw').notNull(),
    receivedAt: time('received_at').notNull().defaultNow(),
  },
  (table) => [index('unreadable_events_received').on(table.receivedAt).concurrently()],
);

/** The position up to which each feed of WorkOS was read. Only the leading poller writes it. */
export const feedCursors = pgTable('feed_cursors', {
  feed: id('feed').primaryKey(),
  /** Null when nothing was read yet. */
  cursor: id('cursor'),
  /** WorkOS's time of the event that the cursor names. */
  cursorAt: time('cursor_at'),
  /** When the feed was last read to its end. */
  readAt: time('read_at'),
});
