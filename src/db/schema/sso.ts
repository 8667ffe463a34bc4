import { index, pgTable, primaryKey, uuid } from 'drizzle-orm/pg-core';
import { bytes, clientGeneration, id, time } from './column-types.ts';

/** Codes that were sent to WorkOS, kept until everything that may carry them has expired. */
export const spentCodes = pgTable(
  'spent_codes',
  {
    sha256: bytes('sha256').primaryKey(),
    /** Null for IdP-initiated logins, and in rows of older releases. */
    clientId: id('client_id'),
    clientGeneration: clientGeneration(),
    /** Fencing token of the exchange: only it may release the code. Null once the exchange has failed at WorkOS. */
    attempt: uuid('attempt'),
    /** When it turned out that WorkOS had not used the code. Null while the code is used or being exchanged again. */
    givenBackAt: time('given_back_at'),
    expiresAt: time('expires_at').notNull(),
  },
  (table) => [index('spent_codes_expires').on(table.expiresAt)],
);

/** The client that signed a profile in; only that client may sign them out. */
export const signIns = pgTable(
  'sign_ins',
  {
    clientId: id('client_id').notNull(),
    profileId: id('profile_id').notNull(),
    clientGeneration: clientGeneration(),
    at: time('at').notNull().defaultNow(),
    /** Null if the profile has none, and in rows of older releases. */
    organizationId: id('organization_id'),
  },
  (table) => [
    primaryKey({ columns: [table.clientId, table.profileId] }),
    index('sign_ins_at').on(table.at).concurrently(),
  ],
);
