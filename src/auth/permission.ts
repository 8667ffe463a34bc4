import type { Demand } from '../http/router.ts';
import {
  hasScope,
  mayUseEveryTenant,
  mayUseTenant,
  type ActingUser,
  type Client,
  type Tenant,
} from '../core/identity.ts';
import { Problem } from '../core/problem.ts';

/** What the registry of a tenant's IT admins says of a user. Undefined: nothing. */
export type RegistryState = 'granted' | 'denied' | undefined;

export interface Facts {
  readonly client: Client;
  readonly tenantId: string | undefined;
  /** Undefined: there is no such tenant. */
  readonly tenant: Tenant | undefined;
  readonly user: ActingUser | undefined;
  readonly registry: RegistryState;
}

/** What the caller must hold, as far as permission goes. */
export type Requirement = Omit<Demand, 'tenant'>;

/**
 * The one decision: scope, and the tenant is the client's, and (where asked) a user of that tenant
 * who is an IT admin now. Used at every operation, and again when a ticket is redeemed.
 *
 * @throws Problem `unauthenticated`, `insufficient-scope`, `every-tenant-required`,
 *   `organization-id-required`, `tenant-not-found`, `acting-user-required`, `it-admin-required`
 */
export function decide(
  requirement: Requirement,
  facts: Facts,
  itAdminRoles: readonly string[],
): void {
  requireClient(facts.client, requirement);
  if (facts.tenantId !== undefined) requireTenant(requirement, facts, facts.tenantId);
  else if (requirement.orEveryTenant) requireEveryTenantUnlessNamed(facts.client);
  if (requirement.actingUser) requireItAdmin(requirement, facts, itAdminRoles);
}

/** The part of the decision that needs no body: it is taken before one is read. */
export function requireClient(
  client: Client,
  { scope, everyTenant }: Pick<Requirement, 'scope' | 'everyTenant'>,
): void {
  if (client.disabled) throw unauthenticated();
  if (!hasScope(client, scope)) {
    throw new Problem('insufficient-scope', `The client needs the scope ${scope} for this.`);
  }
  if (everyTenant && !mayUseEveryTenant(client)) {
    throw new Problem(
      'every-tenant-required',
      'This is the whole environment’s: only clients that may use every tenant (*) have it.',
    );
  }
}

function requireEveryTenantUnlessNamed(client: Client): void {
  if (mayUseEveryTenant(client)) return;
  const message = 'is required, because this client may not use every tenant';
  throw new Problem('organization-id-required', `organization_id: ${message}`, {
    errors: [{ field: 'organization_id', code: 'required', message }],
  });
}

/** A tenant that is not the client's and one that does not exist look the same. */
function requireTenant(
  { newTenant }: Requirement,
  { client, tenant }: Facts,
  tenantId: string,
): void {
  const there = newTenant === true || (tenant !== undefined && tenant.status !== 'deleted');
  if (!mayUseTenant(client, tenantId) || !there) throw tenantNotFound();
}

function requireItAdmin(
  { tenantOf }: Requirement,
  { user, tenantId, registry }: Facts,
  itAdminRoles: readonly string[],
): void {
  if (!user) {
    throw new Problem(
      'acting-user-required',
      'This needs an acting user: send Gatehouse-User-Token.',
    );
  }
  // Whose object it is comes out later, and then the decision is taken for that tenant.
  if (tenantOf === 'object' && tenantId === undefined) return;
  const ofTenant = user.tenantId === undefined || user.tenantId === tenantId;
  const isAdmin = registry === 'granted' || user.roles.some((role) => itAdminRoles.includes(role));
  if (!ofTenant || registry === 'denied' || !isAdmin) {
    throw new Problem('it-admin-required', 'The acting user is not an IT admin of this tenant.');
  }
}

/** @param cause why the credential is no good, for the log */
export const unauthenticated = (cause?: Error): Problem =>
  new Problem(
    'unauthenticated',
    'A valid client key or workload token is required: Authorization: Bearer …',
    { cause },
  );

export const tenantNotFound = (): Problem =>
  new Problem('tenant-not-found', 'There is no such tenant for this client.');
