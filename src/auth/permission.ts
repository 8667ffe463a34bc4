import type { Demand } from '../http/guard.ts';
import {
  hasItAdminRole,
  hasScope,
  mayUseEveryTenant,
  mayUseTenant,
  type ActingUser,
  type Client,
  type Tenant,
} from '../core/identity.ts';
import { Problem } from '../core/problem.ts';
import { actingUserRequired, clientGone, itAdminRequired, scopeMissing } from './refusals.ts';

/** State of a user in a tenant's registry of IT admins. Undefined when there is no row. */
export type RegistryState = 'granted' | 'denied' | undefined;

export interface Facts {
  readonly client: Client;
  readonly tenantId: string | undefined;
  /** Undefined when there is no such tenant. */
  readonly tenant: Tenant | undefined;
  readonly user: ActingUser | undefined;
  readonly registry: RegistryState;
}

/** The part of an operation's access that permission depends on. */
export type Requirement = Omit<Demand, 'tenant'>;

/**
 * Checks permission: the client has the scope and may use the tenant, and (if required) the acting user
 * is currently an IT admin of that tenant. Used for every operation, and again when a ticket is redeemed.
 *
 * @throws Problem `unauthenticated`, `insufficient-scope`, `every-tenant-required`,
 *   `organization-id-required`, `tenant-not-found`, `acting-user-required`, `it-admin-required`
 */
export function requirePermission(
  requirement: Requirement,
  facts: Facts,
  itAdminRoles: readonly string[],
): void {
  requireClient(facts.client, requirement);
  if (facts.tenantId !== undefined) requireTenant(requirement, facts, facts.tenantId);
  else if (requirement.orEveryTenant) requireEveryTenantUnlessNamed(facts.client);
  if (requirement.actingUser) requireItAdmin(requirement, facts, itAdminRoles);
}

/** The part of the decision that needs no body. It is made before the body is read. */
export function requireClient(
  client: Client,
  { scope, everyTenant, orScope }: Pick<Requirement, 'scope' | 'everyTenant' | 'orScope'>,
): void {
  requireEnabled(client);
  if (!hasScope(client, scope)) throw scopeMissing(client, scope);
  if (everyTenant && !mayUseEveryTenant(client) && !(orScope && hasScope(client, orScope))) {
    const others = orScope ? ` or have the scope ${orScope}` : '';
    throw new Problem(
      'every-tenant-required',
      `This concerns the whole environment: only clients that may use every tenant (*)${others} can call it. Ask the platform team.`,
    );
  }
}

/** @throws Problem `unauthenticated` */
export function requireEnabled(client: Client): void {
  if (client.disabled) throw clientGone();
}

function requireEveryTenantUnlessNamed(client: Client): void {
  if (mayUseEveryTenant(client)) return;
  const message = 'is required, because this client may not use every tenant: give a tenant id';
  throw new Problem('organization-id-required', `organization_id: ${message}`, {
    errors: [{ field: 'organization_id', code: 'required', message }],
  });
}

/** A foreign tenant and one that does not exist get the same problem. */
function requireTenant(
  { newTenant }: Requirement,
  { client, tenant }: Facts,
  tenantId: string,
): void {
  const exists = newTenant === true || (tenant !== undefined && tenant.status !== 'deleted');
  if (!mayUseTenant(client, tenantId) || !exists) throw tenantNotFound();
}

function requireItAdmin(
  { tenantOf }: Requirement,
  { client, user, tenantId, registry }: Facts,
  itAdminRoles: readonly string[],
): void {
  if (!user) throw actingUserRequired(client);
  // The owning tenant is not known yet; the IT-admin check runs again once the object has been read.
  if (tenantOf === 'object' && tenantId === undefined) return;
  const ofTenant = user.tenantId === undefined || user.tenantId === tenantId;
  const isAdmin = registry === 'granted' || hasItAdminRole(user, itAdminRoles);
  const isDenied = registry === 'denied';
  if (!ofTenant || isDenied || !isAdmin)
    throw itAdminRequired({ client, user, tenantId, isDenied }, itAdminRoles);
}

export const tenantNotFound = (): Problem =>
  new Problem(
    'tenant-not-found',
    'There is no such tenant for this client. Check the tenant id; if it is right, put the tenant (PUT /v1/tenants/{tenant_id}), or ask the platform team to allow it to your client.',
  );
