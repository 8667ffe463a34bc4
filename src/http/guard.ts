import type { IncomingHttpHeaders } from 'node:http';
import type { Actor, ActingUser, Client, Tenant } from '../core/identity.ts';
import type { Access } from './access.ts';

/** Requirements of an operation with a permission check of its own: public operations, and those that run others, have none. */
export type Demand = Exclude<Access, string>;
export type RequestHeaders = IncomingHttpHeaders;

/** Decides who is calling and whether they may. The methods are called in this order. */
export interface Guard {
  /** Authenticates the client alone, for operations that run others. */
  identifyClient(headers: RequestHeaders): Promise<Client>;
  /** Authenticates by headers alone, before the body is read: strangers cannot make us buffer or parse. */
  identify(
    headers: RequestHeaders,
    demand: Demand,
  ): Promise<{ client: Client; user: ActingUser | undefined }>;
  /** Checks permission once the tenant of the request is known. */
  authorize(
    demand: Demand,
    tenantId: string | undefined,
    actor: Actor & { readonly client: Client },
  ): Promise<Tenant | undefined>;
  /**
   * Checks permission again after WorkOS was called, against the current database.
   *
   * @returns client and tenant as they are now
   */
  confirm(
    demand: Demand,
    tenantId: string | undefined,
    actor: Actor & { readonly client: Client },
  ): Promise<{ client: Client; tenant: Tenant | undefined }>;
}
