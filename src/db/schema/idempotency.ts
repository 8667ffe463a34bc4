import { index, jsonb, pgTable, primaryKey, text, uuid } from 'drizzle-orm/pg-core';
import { bytes, clientGeneration, createdAt, id, time } from './column-types.ts';

/** First answers to POST and PUT requests, kept for 24 hours. They contain no secrets. */
export const idempotencyKeys = pgTable(
  'idempotency_keys',
  {
    clientId: id('client_id').notNull(),
    /** SHA-256 of the key, because a caller may have put anything in it. */
    keySha256: bytes('key_sha256').notNull(),
    /** SHA-256 of operation, tenant, acting user and input. */
    fingerprint: bytes('fingerprint').notNull(),
    attempt: uuid('attempt').notNull(),
    /** The request that holds the key, as the audit trail names it. Null in rows of older releases. */
    requestId: text('request_id'),
    /** Null while the first request is running, or if its process died. */
    answer: jsonb('answer'),
    leaseUntil: time('lease_until').notNull(),
    clientGeneration: clientGeneration(),
    createdAt: createdAt(),
  },
  (table) => [
    primaryKey({ columns: [table.clientId, table.keySha256] }),
    index('idempotency_keys_created').on(table.createdAt),
  ],
);
