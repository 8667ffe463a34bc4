/** Types of the functions that `wiring/slices.ts` hands to slices, so that no slice imports another. */

import type { GATEHOUSE_EVENT_NAMES } from './event-names.ts';
import type { Actor, Client, Tenant } from './identity.ts';
import type { Problem } from './problem.ts';

/** A statement with a name is parsed and planned once per connection. */
export interface Statement {
  readonly name?: string;
  readonly text: string;
}

/** Runs SQL on the pool or in a transaction. The caller vouches for the type of the rows. */
export interface Queryable {
  query<R extends object>(statement: Statement | string, values?: readonly unknown[]): Promise<R[]>;
}

/** Returns undefined when no client has this id. */
export type FindClient = (id: string) => Promise<Client | undefined>;

/** Returns undefined when no tenant has this id. A tenant is found whatever its status is. */
export type FindTenant = (tenantId: string) => Promise<Tenant | undefined>;

/** Returns undefined when no tenant is mapped to this organization of WorkOS. */
export type FindTenantByOrganization<T extends Tenant = Tenant> = (
  organizationId: string,
) => Promise<T | undefined>;

/** Returns the id of the organization of a connection, or undefined if the connection is not known. */
export type OrganizationOfConnection = (connectionId: string) => Promise<string | undefined>;

/**
 * Reports that WorkOS answered 404 for a mapped organization, and returns the problem to throw. The
 * tenant becomes `orphaned` only once a second lookup confirms it.
 */
export type ReportMissingOrganization = (
  tenantId: string,
  organizationId: string,
  actor: Actor,
) => Promise<Problem>;

/** An event of Gatehouse itself, as opposed to one from WorkOS. Named `gatehouse.<noun>.<verb>`. */
export interface GatehouseEvent {
  readonly event: (typeof GATEHOUSE_EVENT_NAMES)[number];
  /** Null when the event concerns no tenant. */
  readonly tenantId: string | null;
  /** With the field names of the wire; never a secret. */
  readonly data: Readonly<Record<string, unknown>>;
}

/** Adds an event of Gatehouse to the feed, in the transaction of the change it reports. */
export type RecordEvent = (tx: Queryable, event: GatehouseEvent) => Promise<void>;

/** Something that happened to a tenant and leaves no row in the audit trail, for the tenant's timeline. */
export interface Occurrence {
  /** The tenant; or else a connection or organization of WorkOS that shows which one it is. */
  readonly tenantId?: string | undefined;
  readonly connectionId?: string | undefined;
  readonly operation: string;
  readonly outcome: 'started' | 'returned' | 'failed' | 'refused';
  /** A code of a fixed list: distinct reasons are distinct rows. */
  readonly reason?: string | undefined;
  /** Only if the client is registered. */
  readonly clientId?: string | undefined;
  readonly requestId: string;
  /** What WorkOS or a browser said. It is cleaned before it is stored. */
  readonly said?: string | undefined;
}

/** Never throws and never waits: it is called on the way of a login. */
export type RecordOccurrence = (occurrence: Occurrence) => void;
