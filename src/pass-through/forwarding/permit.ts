import { mayUseEveryTenant, type Client, type Tenant } from '../../core/identity.ts';
import type { ReportMissingOrganization } from '../../core/ports.ts';
import { Problem } from '../../core/problem.ts';
import type { Guard } from '../../http/guard.ts';
import { notUsable } from '../../tenants/model/status.ts';
import type { ForwardedEndpoint, Rule } from './forwarded-endpoint.ts';
import type { Memberships } from './memberships.ts';
import type { Request } from './request.ts';
import type { RequestSender } from './request-sender.ts';
import type { Owner, OwnedStore } from './store.ts';
import type { TenantFinder } from './tenant-finder.ts';

/** The scope of an allowed request. */
export interface Permit {
  /** The only tenant whose objects may be returned. Undefined for every tenant of the client. */
  readonly tenant?: Tenant;
  /** The object whose rate limit at WorkOS the read counts against. */
  readonly limited?: string;
  /** Owner of the object; objects created from it get the same owner. */
  readonly owner?: Owner;
  /** The user at WorkOS whom the request names by another way than the id. */
  readonly userId?: string;
}

export interface Cursors {
  /** @throws Problem `invalid-request` if the request has a cursor that is not the tenant's */
  require(request: Request, permit: Permit): Promise<void>;
  /** Keeps the cursors of a tenant's page, so that the next page needs no other call to WorkOS. */
  remember(permit: Permit, page: unknown): void;
}

export interface AuthorizationDeps {
  readonly guard: Pick<Guard, 'authorize' | 'confirm'>;
  readonly owned: OwnedStore;
  readonly memberships: Memberships;
  readonly sender: RequestSender;
  readonly find: TenantFinder;
  readonly cursors: Cursors;
  readonly reportMissing: ReportMissingOrganization;
  /** True if the client has deleted this object of the tenant a moment ago. */
  readonly hasDeleted: (client: Client, tenant: Tenant, id: string) => Promise<boolean>;
}

export function authorizeNamedTenant({ tenant }: Pick<Request, 'tenant'>): Permit {
  if (!tenant) return {};
  // The settings of a suspended tenant can still be read and changed.
  const isUsable = tenant.status === 'active' || tenant.status === 'suspended';
  if (!isUsable || tenant.organizationId === null) throw notUsable(tenant);
  return { tenant };
}

/** A suspended tenant gives nobody access. @throws Problem `tenant-not-active` */
export function requireGrantable({ forward }: ForwardedEndpoint, tenant: Tenant | undefined): void {
  if (forward.grants && tenant?.status === 'suspended') throw notUsable(tenant);
}

/**
 * Checks permission again after WorkOS was asked: the tenant may also have been suspended.
 *
 * @returns the client as it is now
 * @throws Problem
 */
export async function confirm(
  { guard }: Pick<AuthorizationDeps, 'guard'>,
  { endpoint, actor, client: before }: Request,
  tenantId: string | undefined,
): Promise<Client> {
  const { client, tenant } = await guard.confirm(endpoint.access, tenantId, {
    ...actor,
    client: before,
  });
  requireGrantable(endpoint, tenant);
  return client;
}

/** Rules by which the right to every tenant lets a client have what it could not have by a tenant. */
const BY_EVERY_TENANT: ReadonlySet<Rule> = new Set<Rule>(['object', 'of-user', 'email']);

/**
 * Checks permission again before a secret is answered: the client may also have lost the right to every tenant.
 *
 * @throws Problem
 */
export async function confirmForSecret(
  deps: Pick<AuthorizationDeps, 'guard'>,
  request: Request,
  { tenant }: Permit,
  tenantId: string | undefined,
): Promise<void> {
  const client = await confirm(deps, request, tenantId);
  const wasByEveryTenant =
    !tenant && BY_EVERY_TENANT.has(request.rule) && mayUseEveryTenant(request.client);
  if (wasByEveryTenant && !mayUseEveryTenant(client)) throw notFound(request.endpoint);
}

/** The request named an object, so a tenant that the client cannot see is a 404 for the object. */
export const hideTenant =
  (endpoint: ForwardedEndpoint) =>
  (error: unknown): never => {
    const isHidden = error instanceof Problem && error.slug === 'tenant-not-found';
    throw isHidden ? notFound(endpoint) : error;
  };

export const notFound = ({ forward }: ForwardedEndpoint): Problem => noSuch(forward.noun);

export const noSuch = (noun: string): Problem =>
  new Problem('not-found', `There is no such ${noun} for this client.`);

/** @param alternative a filter that would do instead @throws Problem unless the client may use every tenant */
export function requireEveryTenant({ client }: Request, alternative: string): void {
  if (mayUseEveryTenant(client)) return;
  const message = `or ${alternative} is required, because this client may not use every tenant`;
  throw new Problem('organization-id-required', `organization_id: ${message}`, {
    errors: [{ field: 'organization_id', code: 'required', message }],
  });
}
