import { sql } from 'drizzle-orm';
import {
  bigint,
  boolean,
  customType,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
  timestamp,
  uniqueIndex,
  uuid,
} from 'drizzle-orm/pg-core';

/** Ids are compared byte for byte, whatever the database's locale thinks of `Acme` and `acme`. */
const id = customType<{ data: string }>({ dataType: () => 'text COLLATE "C"' });
const bytes = customType<{ data: Buffer }>({ dataType: () => 'bytea' });
const time = (name: string) => timestamp(name, { withTimezone: true });
const createdAt = () => time('created_at').notNull().defaultNow();
const updatedAt = () => time('updated_at').notNull().defaultNow();
/** The generation of the client that a row belongs to. Null: written by a release that kept none. */
const clientGeneration = () => uuid('client_generation');

/** Facts that must not change once used, e.g. the external id prefix. */
export const settings = pgTable('settings', {
  name: id('name').primaryKey(),
  value: text('value').notNull(),
});

/** Sibling services. Registered by the command line only. */
export const clients = pgTable(
  'clients',
  {
    id: id('id').primaryKey(),
    name: text('name').notNull(),
    scopes: text('scopes').array().notNull(),
    /** `*`, tenant ids, or prefixes such as `acme-*`. */
    tenants: text('tenants').array().notNull(),
    redirectUris: text('redirect_uris').array().notNull(),
    returnOrigins: text('return_origins').array().notNull(),
    initiateLoginUri: text('initiate_login_uri'),
    disabled: boolean('disabled').notNull().default(false),
    /** A new one each time an id is registered: rows of a deleted client never belong to a later one. */
    generation: uuid('generation').notNull().defaultRandom(),
    /** `iss` and `sub` of the workload tokens that are this client. */
    tokenIssuer: id('token_issuer'),
    tokenSubject: id('token_subject'),
    createdAt: createdAt(),
    updatedAt: updatedAt(),
  },
  (table) => [uniqueIndex('clients_token').on(table.tokenIssuer, table.tokenSubject)],
);

/** API keys: at most two live ones per client, so that one can be rotated in without a gap. */
export const clientKeys = pgTable(
  'client_keys',
  {
    id: id('id').primaryKey(),
    clientId: id('client_id')
      .notNull()
      .references(() => clients.id, { onDelete: 'cascade' }),
    /** SHA-256 of the whole key: it holds 256 random bits, so a slow hash would add nothing. */
    sha256: bytes('sha256').notNull(),
    expiresAt: time('expires_at'),
    revokedAt: time('revoked_at'),
    lastUsedAt: time('last_used_at'),
    createdAt: createdAt(),
  },
  (table) => [index('client_keys_client').on(table.clientId)],
);

/** Tenant id → organization id. A deleted tenant stays as a tombstone: its id is never used again. */
export const tenants = pgTable(
  'tenants',
  {
    id: id('id').primaryKey(),
    /** Null until provisioned, and again once unlinked. A tombstone keeps one that was deleted at WorkOS. Unique: two tenants never share one. */
    organizationId: id('organization_id'),
    status: text('status').notNull(),
    name: text('name').notNull(),
    domains: jsonb('domains').notNull(),
    metadata: jsonb('metadata').notNull(),
    signInClientId: id('sign_in_client_id'),
    /** The generation of that client when it was named. Null: named by a release that kept none. */
    signInClientGeneration: uuid('sign_in_client_generation'),
    /** Counts changes of what WorkOS keeps too (name, domains, metadata): a change that lost a race is sent again. */
    profileVersion: bigint('profile_version', { mode: 'bigint' })
      .notNull()
      .default(sql`0`),
    /** The attempt that has sent a profile to WorkOS whose outcome is not recorded. Null: none. A random one: several may have. */
    profileUnsure: uuid('profile_unsure'),
    /** When the last of them began. A tombstone keeps it: nobody adopts the organization until it has landed. */
    profileUnsureSince: time('profile_unsure_since'),
    /** What they sent. */
    profileUnsureFields: text('profile_unsure_fields').array(),
    /** When WorkOS first denied the organization. Null: it has been seen since. */
    missingSince: time('missing_since'),
    /** While `orphaned`: the status before, which comes back when the organization is seen again. */
    formerStatus: text('former_status'),
    /** Fences the claim: only the holder of this attempt may finish it. */
    attempt: uuid('attempt'),
    /** Until then the attempt's holder is believed to be alive. */
    leaseUntil: time('lease_until'),
    /** While provisioning: what was asked beyond name, domains and metadata (an adoption). While deleting: whether WorkOS's goes too. */
    request: jsonb('request'),
    /** A tombstone's organization, for the platform team. */
    formerOrganizationId: id('former_organization_id'),
    createdAt: createdAt(),
    updatedAt: updatedAt(),
  },
  (table) => [
    uniqueIndex('tenants_organization').on(table.organizationId),
    index('tenants_former_organization').on(table.formerOrganizationId),
    index('tenants_created').on(table.createdAt, table.id),
    index('tenants_lease').on(table.leaseUntil),
    index('tenants_unsure')
      .on(table.profileUnsureSince)
      .where(sql`profile_unsure is not null`)
      .concurrently(),
    index('tenants_missing')
      .on(table.missingSince)
      .where(sql`missing_since is not null`)
      .concurrently(),
  ],
);

/** The registry: what it says of a user wins over any token. */
export const itAdmins = pgTable(
  'it_admins',
  {
    tenantId: id('tenant_id').notNull(),
    userId: id('user_id').notNull(),
    state: text('state').notNull(),
    createdAt: createdAt(),
    updatedAt: updatedAt(),
  },
  (table) => [primaryKey({ columns: [table.tenantId, table.userId] })],
);

/** One visit to the Admin Portal, from the ticket to the return. Holds neither ticket nor link. */
export const portalLaunches = pgTable(
  'portal_launches',
  {
    id: id('id').primaryKey(),
    tenantId: id('tenant_id').notNull(),
    clientId: id('client_id').notNull(),
    userId: id('user_id').notNull(),
    intent: text('intent').notNull(),
    mode: text('mode').notNull(),
    /** Null: opened at the door by a signed-in user, without a ticket. */
    ticketSha256: bytes('ticket_sha256'),
    /** Where the role came from at issue: a `registry` grant is read again, a `token` cannot be. */
    roleSource: text('role_source').notNull(),
    /** A ticket of more than 15 minutes also needs its user to be signed in when it is redeemed. */
    needsSignedInUser: boolean('needs_signed_in_user').notNull(),
    returnUrl: text('return_url'),
    successUrl: text('success_url'),
    returnPage: boolean('return_page').notNull(),
    itContactEmails: text('it_contact_emails').array().notNull(),
    expiresAt: time('expires_at').notNull(),
    openedAt: time('opened_at'),
    redirectedAt: time('redirected_at'),
    returnedAt: time('returned_at'),
    /** When an event first told that what the visit was for is set up. */
    configuredAt: time('configured_at'),
    failedAt: time('failed_at'),
    revokedAt: time('revoked_at'),
    /** Fences a redemption: while it runs nobody else may start one, afterwards only it may finish. */
    attempt: uuid('attempt'),
    leaseUntil: time('lease_until'),
    /** The browser whose click began the attempt. Null: it sent no cookie, or came by GET. */
    browserSha256: bytes('browser_sha256'),
    returnTokenSha256: bytes('return_token_sha256'),
    clientGeneration: clientGeneration(),
    createdAt: createdAt(),
  },
  (table) => [
    uniqueIndex('portal_launches_ticket').on(table.ticketSha256),
    uniqueIndex('portal_launches_return_token').on(table.returnTokenSha256),
    index('portal_launches_client').on(table.clientId, table.createdAt, table.id),
    index('portal_launches_tenant').on(table.tenantId, table.redirectedAt),
    index('portal_launches_expires').on(table.expiresAt).concurrently(),
  ],
);

/** First answers of POST and PUT, for 24 hours. Nothing secret is in it. */
export const idempotencyKeys = pgTable(
  'idempotency_keys',
  {
    clientId: id('client_id').notNull(),
    /** SHA-256 of the key: a caller may have put anything in it. */
    keySha256: bytes('key_sha256').notNull(),
    /** SHA-256 of operation, tenant, acting user and input. */
    fingerprint: bytes('fingerprint').notNull(),
    attempt: uuid('attempt').notNull(),
    /** Null: the first request is still running, or died before its lease ended. */
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

/** Codes that were sent to WorkOS, until nothing of ours that may carry them is good any more. */
export const spentCodes = pgTable(
  'spent_codes',
  {
    sha256: bytes('sha256').primaryKey(),
    /** Null: a login that began at the identity provider, or written by a release that kept none. */
    clientId: id('client_id'),
    clientGeneration: clientGeneration(),
    /** Fences the exchange: only it may give the code back. */
    attempt: uuid('attempt'),
    /** When the code was found not to have been taken by WorkOS. Null: it is spent, or under way again. */
    givenBackAt: time('given_back_at'),
    expiresAt: time('expires_at').notNull(),
  },
  (table) => [index('spent_codes_expires').on(table.expiresAt)],
);

/** Which client has signed in whom: only it may sign him out. */
export const signIns = pgTable(
  'sign_ins',
  {
    clientId: id('client_id').notNull(),
    profileId: id('profile_id').notNull(),
    clientGeneration: clientGeneration(),
    at: time('at').notNull().defaultNow(),
  },
  (table) => [
    primaryKey({ columns: [table.clientId, table.profileId] }),
    index('sign_ins_at').on(table.at).concurrently(),
  ],
);

/** What WorkOS keeps for the whole environment and only its maker may use: factors, sessions, exports, users. */
export const ownedObjects = pgTable(
  'owned_objects',
  {
    kind: text('kind').notNull(),
    id: id('id').notNull(),
    clientId: id('client_id').notNull(),
    /** Null: made without a tenant. */
    tenantId: id('tenant_id'),
    clientGeneration: clientGeneration(),
    createdAt: createdAt(),
  },
  (table) => [
    primaryKey({ columns: [table.kind, table.id] }),
    /** For what goes when a client is deleted. */
    index('owned_objects_client').on(table.clientId).concurrently(),
  ],
);

/** The inbox, and once applied the feed: every event once, whichever door it came through. */
export const events = pgTable(
  'events',
  {
    id: id('id').primaryKey(),
    event: text('event').notNull(),
    organizationId: id('organization_id'),
    /** Null: of no tenant, or older than the mapping. Decided when the event is applied. */
    tenantId: id('tenant_id'),
    /** As it came, with WorkOS's ids. */
    data: jsonb('data').notNull(),
    context: jsonb('context'),
    /** WorkOS's time, or ours for our own events. */
    createdAt: time('created_at').notNull(),
    receivedAt: time('received_at').notNull().defaultNow(),
    /** `webhook`, `feed`, or `gatehouse` for our own. */
    source: text('source').notNull(),
    /** Its place in our feed, given when it is applied, one at a time: a reader never skips one. */
    position: bigint('position', { mode: 'bigint' }),
    /** When it was set aside because it could not be applied. Null: it was not, or is tried again. */
    parkedAt: time('parked_at'),
    /** Why, in words for the platform team. */
    parkedReason: text('parked_reason'),
  },
  (table) => [
    uniqueIndex('events_position').on(table.position),
    index('events_tenant').on(table.tenantId, table.position),
    index('events_created').on(table.createdAt),
    index('events_waiting')
      .on(table.createdAt, table.id)
      .where(sql`position is null`),
    index('events_parked')
      .on(table.parkedAt)
      .where(sql`parked_at is not null`)
      .concurrently(),
    index('events_received').on(table.receivedAt).concurrently(),
  ],
);

/** What came in as an event and cannot be read as one, kept so that a person can look at it. */
export const unreadableEvents = pgTable(
  'unreadable_events',
  {
    /** The event's id if it has a usable one, else the SHA-256 of what came. */
    id: id('id').primaryKey(),
    /** `webhook` or `feed`. */
    source: text('source').notNull(),
    reason: text('reason').notNull(),
    /** As it came, cut to what is worth keeping. */
    raw: bytes('raw').notNull(),
    receivedAt: time('received_at').notNull().defaultNow(),
  },
  (table) => [index('unreadable_events_received').on(table.receivedAt).concurrently()],
);

/** Work that one process of all does: who has it, until when, and how often it has changed hands. */
export const leases = pgTable('leases', {
  name: id('name').primaryKey(),
  /** Null: given back. */
  holder: uuid('holder'),
  /** Fences: grows each time the lease changes hands, and a write under an older one is refused. */
  term: bigint('term', { mode: 'bigint' }).notNull(),
  until: time('until').notNull(),
});

/** How far a feed was read. One row per feed; only the leader of the poller writes it. */
export const feedCursors = pgTable('feed_cursors', {
  feed: id('feed').primaryKey(),
  /** Null: nothing was read yet. */
  cursor: id('cursor'),
  /** WorkOS's time of the event that the cursor names. */
  cursorAt: time('cursor_at'),
  /** When the feed was last read to its end. */
  readAt: time('read_at'),
});

/** What WorkOS last said of organizations, domains, connections and directories. */
export const mirror = pgTable(
  'mirror',
  {
    kind: text('kind').notNull(),
    id: id('id').notNull(),
    organizationId: id('organization_id').notNull(),
    data: jsonb('data').notNull(),
    /** WorkOS's: an older one never overwrites a newer. */
    updatedAt: time('updated_at').notNull(),
    /** A tombstone: WorkOS never uses an id again. */
    deletedAt: time('deleted_at'),
    /** When we learned it. */
    asOf: time('as_of').notNull().defaultNow(),
  },
  (table) => [
    primaryKey({ columns: [table.kind, table.id] }),
    index('mirror_organization').on(table.organizationId),
    index('mirror_deleted')
      .on(table.deletedAt)
      .where(sql`deleted_at is not null`)
      .concurrently(),
  ],
);

/** When an organization was last read whole; without a row the mirror may lack things. */
export const mirrorReads = pgTable('mirror_reads', {
  organizationId: id('organization_id').primaryKey(),
  readAt: time('read_at').notNull(),
});

/** Where clients have events delivered. */
export const webhookEndpoints = pgTable(
  'webhook_endpoints',
  {
    id: id('id').primaryKey(),
    clientId: id('client_id').notNull(),
    endpointUrl: text('endpoint_url').notNull(),
    events: text('events').array().notNull(),
    status: text('status').notNull(),
    /** Why it is disabled, where we did it: `gone`. */
    disabledReason: text('disabled_reason'),
    /** Sealed with `GATEHOUSE_KEYS`. */
    secret: text('secret').notNull(),
    /** The one before, which also signs until then. */
    formerSecret: text('former_secret'),
    formerSecretUntil: time('former_secret_until'),
    clientGeneration: clientGeneration(),
    createdAt: createdAt(),
    updatedAt: updatedAt(),
  },
  (table) => [uniqueIndex('webhook_endpoints_url').on(table.clientId, table.endpointUrl)],
);

/** What is owed to an endpoint: one event, until it is delivered or given up. */
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
  ],
);

/** Every attempt at a delivery. */
export const webhookAttempts = pgTable(
  'webhook_attempts',
  {
    id: bigint('id', { mode: 'bigint' }).primaryKey().generatedAlwaysAsIdentity(),
    endpointId: id('endpoint_id').notNull(),
    eventId: id('event_id').notNull(),
    at: time('at').notNull().defaultNow(),
    /** Null: there was no answer. */
    status: integer('status'),
    durationMs: integer('duration_ms').notNull(),
    /** `delivered`, or a word for what went wrong. */
    outcome: text('outcome').notNull(),
  },
  (table) => [
    index('webhook_attempts_endpoint').on(table.endpointId, table.id),
    index('webhook_attempts_at').on(table.at),
  ],
);

/** Who did what. The runtime role may add and read, and nothing else. */
export const auditTrail = pgTable(
  'audit_trail',
  {
    id: bigint('id', { mode: 'bigint' }).primaryKey().generatedAlwaysAsIdentity(),
    at: time('at').notNull().defaultNow(),
    operation: text('operation').notNull(),
    /** `attempted` before an effect at WorkOS, then `succeeded`, `failed` or `refused`. */
    outcome: text('outcome').notNull(),
    clientId: id('client_id'),
    userId: id('user_id'),
    tenantId: id('tenant_id'),
    requestId: text('request_id').notNull(),
    details: jsonb('details').notNull(),
  },
  (table) => [
    index('audit_trail_tenant').on(table.tenantId, table.id),
    index('audit_trail_client').on(table.clientId, table.id),
    index('audit_trail_user').on(table.userId, table.id),
    index('audit_trail_at').on(table.at),
  ],
);
