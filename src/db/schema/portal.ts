import { sql } from 'drizzle-orm';
import { boolean, index, integer, pgTable, text, uniqueIndex, uuid } from 'drizzle-orm/pg-core';
import { bytes, clientGeneration, createdAt, id, time } from './column-types.ts';

/** One visit to the Admin Portal, from the ticket to the return. Stores neither the ticket nor the link. */
export const portalLaunches = pgTable(
  'portal_launches',
  {
    id: id('id').primaryKey(),
    tenantId: id('tenant_id').notNull(),
    clientId: id('client_id').notNull(),
    userId: id('user_id').notNull(),
    intent: text('intent').notNull(),
    mode: text('mode').notNull(),
    /** Null when a signed-in user opened `/launch-portal` without a ticket. */
    ticketSha256: bytes('ticket_sha256'),
    /** The source of the role at issue. A `registry` grant is checked again later; a `token` cannot be. */
    roleSource: text('role_source').notNull(),
    /** A ticket valid for more than 15 minutes also requires its user to be signed in when it is redeemed. */
    needsSignedInUser: boolean('needs_signed_in_user').notNull(),
    returnUrl: text('return_url'),
    successUrl: text('success_url'),
    returnPage: boolean('return_page').notNull(),
    itContactEmails: text('it_contact_emails').array().notNull(),
    expiresAt: time('expires_at').notNull(),
    openedAt: time('opened_at'),
    redirectedAt: time('redirected_at'),
    returnedAt: time('returned_at'),
    /** When an event first showed that the feature of this visit is set up. */
    configuredAt: time('configured_at'),
    failedAt: time('failed_at'),
    revokedAt: time('revoked_at'),
    /** Fencing token of a redemption: no other may start while it runs, and only it may finish. */
    attempt: uuid('attempt'),
    leaseUntil: time('lease_until'),
    /** The browser whose click began the attempt. Null if it sent no cookie, or used GET. */
    browserSha256: bytes('browser_sha256'),
    returnTokenSha256: bytes('return_token_sha256'),
    /** For the intent `any`: the session of the setup page, in the browser that redeemed the ticket. */
    sessionSha256: bytes('session_sha256'),
    /** The launch on whose setup page this one was begun. */
    setupLaunchId: id('setup_launch_id'),
    clientGeneration: clientGeneration(),
    createdAt: createdAt(),
  },
  (table) => [
    uniqueIndex('portal_launches_ticket').on(table.ticketSha256),
    uniqueIndex('portal_launches_return_token').on(table.returnTokenSha256),
    index('portal_launches_client').on(table.clientId, table.createdAt, table.id),
    index('portal_launches_client_tenant')
      .on(table.clientId, table.tenantId, table.createdAt, table.id)
      .concurrently(),
    index('portal_launches_tenant').on(table.tenantId, table.redirectedAt),
    /** For the timeline of a tenant. */
    index('portal_launches_tenant_created')
      .on(table.tenantId, table.createdAt, table.id)
      .concurrently(),
    index('portal_launches_expires').on(table.expiresAt).concurrently(),
  ],
);

/** The e-mail with the link of a launch, as a job: whoever raises `attempts` sends it. */
export const launchMails = pgTable(
  'launch_mails',
  {
    launchId: id('launch_id').primaryKey(),
    tenantId: id('tenant_id').notNull(),
    address: text('address').notNull(),
    language: text('language').notNull(),
    /** The link, encrypted with a key of `GATEHOUSE_KEYS`. Null once the mail is sent or has failed. */
    sealedUrl: text('sealed_url'),
    /** `queued`, `sent` or `failed`. */
    state: text('state').notNull().default('queued'),
    /** Why it failed, or why the last attempt did. */
    reason: text('reason'),
    attempts: integer('attempts').notNull().default(0),
    /** When it is sent, or tried again: also after a process that was sending it has died. */
    dueAt: time('due_at').notNull().defaultNow(),
    endedAt: time('ended_at'),
    createdAt: createdAt(),
  },
  (table) => [
    index('launch_mails_due')
      .on(table.dueAt)
      .where(sql`state = 'queued'`),
    /** For the limits of an hour. */
    index('launch_mails_tenant').on(table.tenantId, table.createdAt),
    index('launch_mails_address').on(table.address, table.createdAt),
    index('launch_mails_created').on(table.createdAt),
  ],
);
