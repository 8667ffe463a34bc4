import { boolean, index, pgTable, text, uniqueIndex, uuid } from 'drizzle-orm/pg-core';
import { bytes, createdAt, id, time, updatedAt } from './column-types.ts';

/** The services that call Gatehouse. Only the command line registers them. */
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
    /** New each time an id is registered, so that rows of a deleted client never belong to a later one. */
    generation: uuid('generation').notNull().defaultRandom(),
    /** `iss` and `sub` of the workload tokens that authenticate this client. */
    tokenIssuer: id('token_issuer'),
    tokenSubject: id('token_subject'),
    createdAt: createdAt(),
    updatedAt: updatedAt(),
  },
  (table) => [uniqueIndex('clients_token').on(table.tokenIssuer, table.tokenSubject)],
);

/** API keys. A client has at most two active ones, so that keys can be rotated without an outage. */
export const clientKeys = pgTable(
  'client_keys',
  {
    id: id('id').primaryKey(),
    clientId: id('client_id')
      .notNull()
      .references(() => clients.id, { onDelete: 'cascade' }),
    /** SHA-256 of the whole key. A key has 256 random bits, so a slow hash would add nothing. */
    sha256: bytes('sha256').notNull(),
    expiresAt: time('expires_at'),
    revokedAt: time('revoked_at'),
    lastUsedAt: time('last_used_at'),
    createdAt: createdAt(),
  },
  (table) => [index('client_keys_client').on(table.clientId)],
);
