import type { Scope } from '../core/identity.ts';

/**
 * Requirements on the caller of an operation. Every operation declares them; there is no default.
 * `public` operations are open to browsers and strangers; their services do their own checks.
 * `client`: for every registered client, because the operation only runs others, each by its own `access`.
 */
export type Access =
  | 'public'
  | 'client'
  | {
      readonly scope: Scope;
      /**
       * The part of the request that names its tenant. Absent when it names none: then only the slice's own
       * code keeps other clients out, by SQL that filters by client, or by an owner.
       */
      readonly tenant?: `${'params' | 'query' | 'body'}.${
        | 'tenant_id'
        | 'organization'
        | 'organization_id'
        | 'id'
        | 'external_id'
        | 'resource_id'}`;
      /** The operation creates the tenant, so it need not exist yet. */
      readonly newTenant?: true;
      /** Clients that may use every tenant can omit the tenant. */
      readonly orEveryTenant?: true;
      /** The resource belongs to the whole environment: only for clients that may use every tenant. */
      readonly everyTenant?: true;
      /** With `everyTenant`: clients with this scope may call it too. */
      readonly orScope?: Scope;
      /** The tenant is known only once the object has been read; the service then checks permission again. */
      readonly tenantOf?: 'object';
      readonly actingUser?: 'it-admin';
    };
