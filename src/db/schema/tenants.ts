import { sql } from 'drizzle-orm';
import { bigint, index, jsonb, pgTable, text, uniqueIndex, uuid } from 'drizzle-orm/pg-core';
import { createdAt, id, time, updatedAt } from './column-types.ts';

/** Maps tenant ids to organization ids. A deleted tenant stays as a tombstone, because its id is never reused. */
export const tenants = pgTable(
  'tenants',
  {
    id: id('id').primaryKey(),
    /**
     * Null until provisioned, and after unlinking. A tombstone keeps it if the organization was deleted
     * at WorkOS. Unique, because two tenants never share an organization.
     */
    organizationId: id('organization_id'),
    status: text('status').notNull(),
    name: text('name').notNull(),
    domains: jsonb('domains').notNull(),
    metadata: jsonb('metadata').notNull(),
    signInClientId: id('sign_in_client_id'),
    /** The generation of that client when it was named. Null in rows of older releases. */
    signInClientGeneration: uuid('sign_in_client_generation'),
    /** Counts changes to name, domains and metadata, which WorkOS keeps too. A change that lost a race is sent again. */
    profileVersion: bigint('profile_version', { mode: 'bigint' })
      .notNull()
      .default(sql`0`),
    /** The attempt that sent a profile to WorkOS and whose outcome is unknown; any one of them if there are several. Null when there is none. */
    profileUnsure: uuid('profile_unsure'),
    /** When the latest such attempt began. A tombstone keeps it: the organization cannot be adopted until the change has landed. */
    profileUnsureSince: time('profile_unsure_since'),
    /** The fields that those attempts sent. */
    profileUnsureFields: text('profile_unsure_fields').array(),
    /** When WorkOS first answered that the organization does not exist. Null when it has been seen since. */
    missingSince: time('missing_since'),
    /** The status before `orphaned`, restored when the organization is seen again. */
    formerStatus: text('former_status'),
    /** Fencing token of the claim: only this attempt may finish it. */
    attempt: uuid('attempt'),
    /** Until then the attempt is assumed to be running. */
    leaseUntil: time('lease_until'),
    /** While provisioning: the requested adoption, if any. While deleting: whether to delete the organization at WorkOS too. */
    request: jsonb('request'),
    /** The organization that a deleted tenant had, for the platform team. */
    formerOrganizationId: id('former_organization_id'),
    createdAt: createdAt(),
    updatedAt: updatedAt(),
  },
  (table) => [
    uniqueIndex('tenants_organization').on(table.organizationId),
    index('tenants_former_organization').on(table.formerOrganizationId),
    index('tenants_created').on(table.createdAt, table.id),
    index('tenants_listed')
      .on(table.createdAt, table.id)
      .where(sql`status <> 'deleted'`)
      .concurrently(),
    index('tenants_status').on(table.status, table.createdAt, table.id).concurrently(),
    /** For clients with a prefix: answered by the index alone. */
    index('tenants_by_id')
      .on(table.id, table.status, table.createdAt)
      .where(sql`status <> 'deleted'`)
      .concurrently(),
    /** The same for searches by name. */
    index('tenants_by_name')
      .on(table.id, table.status, table.createdAt, table.name)
      .where(sql`status <> 'deleted'`)
      .concurrently(),
    /** For a part of a name, however few tenants have it. */
    index('tenants_name_parts')
      .using('gin', sql`lower(name) gin_trgm_ops`)
      .where(sql`status <> 'deleted'`)
      .concurrently(),
    index('tenants_domains')
      .using('gin', sql`(lower(domains::text)::jsonb) jsonb_path_ops`)
      .where(sql`status <> 'deleted'`)
      .concurrently(),
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
