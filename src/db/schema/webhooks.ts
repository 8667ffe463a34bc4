import { sql } from 'drizzle-orm';
import {
  bigint,
  index,
  integer,
  pgTable,
  primaryKey,
  text,
  uniqueIndex,
} from 'drizzle-orm/pg-core';
import { clientGeneration, createdAt, id, time, updatedAt } from './column-types.ts';

/** The clients' webhook endpoints. */
export const webhookEndpoints = pgTable(
  'webhook_endpoints',
  {
    id: id('id').primaryKey(),
    clientId: id('client_id').notNull(),
    endpointUrl: text('endpoint_url').notNull(),
    events: text('events').array().notNull(),
    status: text('status').notNull(),
    /** `gone` when Gatehouse disabled the endpoint after a 410. */
    disabledReason: text('disabled_reason'),
    /** Encrypted with `GATEHOUSE_KEYS`. */
    secret: text('secret').notNull(),
    /** The previous secret, which also signs until `formerSecretUntil`. */
    formerSecret: text('former_secret'),
    formerSecretUntil: time('former_secret_until'),
    /** The one before that, if the secret was rotated twice within a day. */
    olderSecret: text('older_secret'),
    olderSecretUntil: time('older_secret_until'),
    clientGeneration: clientGeneration(),
    createdAt: createdAt(),
    updatedAt: updatedAt(),
  },
  (table) => [uniqueIndex('webhook_endpoints_url').on(table.clientId, table.endpointUrl)],
);

/** One event to deliver to one endpoint, with its state. */
export const webhookMessages = pgTable(
  'webhook_messages',
  {
    endpointId: id('endpoint_id').notNull(),
    eventId: id('event_id').notNull(),
    /** `pending`, `delivered`, `failed`. */
    state: text('state').notNull(),
    createdAt: createdAt(),
    updatedAt: updatedAt(),
  },
  (table) => [
    primaryKey({ columns: [table.endpointId, table.eventId] }),
    index('webhook_messages_created').on(table.createdAt),
    index('webhook_messages_done')
      .on(table.updatedAt)
      .where(sql`state <> 'pending'`)
      .concurrently(),
    /** For counting the deliveries that wait. */
    index('webhook_messages_pending')
      .on(table.endpointId)
      .where(sql`state = 'pending'`)
      .concurrently(),
    /** For listing the deliveries that failed, latest first. */
    index('webhook_messages_failed')
      .on(table.updatedAt, table.endpointId, table.eventId)
      .where(sql`state = 'failed'`)
      .concurrently(),
    /** For the timeline of a tenant, by its events. */
    index('webhook_messages_failed_event')
      .on(table.eventId)
      .where(sql`state = 'failed'`)
      .concurrently(),
  ],
);

/** Every delivery attempt, in a partition per week. */
export const webhookAttempts = pgTable(
  'webhook_attempts',
  {
    /** Unique by its sequence: a key of a partitioned table would have to contain the time. */
    id: bigint('id', { mode: 'bigint' }).notNull().generatedAlwaysAsIdentity(),
    endpointId: id('endpoint_id').notNull(),
    eventId: id('event_id').notNull(),
    at: time('at').notNull().defaultNow(),
    /** The HTTP status. Null when there was no answer. */
    status: integer('status'),
    durationMs: integer('duration_ms').notNull(),
    /** `delivered`, or a code for the failure. */
    outcome: text('outcome').notNull(),
  },
  (table) => [
    index('webhook_attempts_endpoint').on(table.endpointId, table.id),
    index('webhook_attempts_event').on(table.endpointId, table.eventId, table.id).concurrently(),
    index('webhook_attempts_at').on(table.at),
  ],
);
