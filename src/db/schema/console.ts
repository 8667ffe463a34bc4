import { pgTable, text, uniqueIndex } from 'drizzle-orm/pg-core';
import { bytes, createdAt, id, time } from './column-types.ts';

/** Sessions of operators in the console: a link that `gatehouse console` printed, and the sign-in it was used for. */
export const consoleSessions = pgTable(
  'console_sessions',
  {
    id: id('id').primaryKey(),
    /** The operator's name, as given on the command line. */
    operator: text('operator').notNull(),
    /** SHA-256 of the secret in the link, which has 256 random bits. */
    linkSha256: bytes('link_sha256').notNull(),
    linkExpiresAt: time('link_expires_at').notNull(),
    /** When the link was used. Null if it was not. */
    openedAt: time('opened_at'),
    /** SHA-256 of the browser's cookie. Null until the link was used. */
    tokenSha256: bytes('token_sha256'),
    /** The end of the session. Null until the link was used. */
    expiresAt: time('expires_at'),
    /** When the operator signed out, or somebody revoked it. */
    endedAt: time('ended_at'),
    createdAt: createdAt(),
  },
  (table) => [
    uniqueIndex('console_sessions_link').on(table.linkSha256),
    uniqueIndex('console_sessions_token').on(table.tokenSha256),
  ],
);
