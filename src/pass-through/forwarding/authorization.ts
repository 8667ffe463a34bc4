/** Decides before a call is forwarded which tenant it concerns, and whether the client may make it. */
import { mayUseEveryTenant, mayUseTenant, type Client, type Tenant } from '../../core/identity.ts';
import { invalidField, Problem } from '../../core/problem.ts';
import type { Demand, Guard } from '../../http/router.ts';
import { notUsable } from '../../tenants/model/status.ts';
import type { ForwardedEndpoint } from './forwarded-endpoint.ts';
import type { Memberships } from './memberships.ts';
import type { Request, RequestFor } from './request.ts';
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
}

export interface AuthorizationDeps {
  readonly guard: Pick<Guard, 'authorize' | 'confirm'>;
  readonly owned: OwnedStore;
  readonly memberships: Memberships;
  readonly find: TenantFinder;
}

/** @throws Problem unless the client may make the request */
export async function authorize(deps: AuthorizationDeps, request: Request): Promise<Permit> {
  switch (request.rule) {
    case 'named':
      return authorizeNamedTenant(request);
    case 'environment':
      return {};
    case 'object':
      return authorizeByObject(deps, request);
    case 'container':
      return authorizeByContainers(deps, request);
    case 'owned':
      return authorizeByOwner(deps, request);
    case 'new':
      await requireUsersTenant(deps.guard, request.endpoint.access, request);
      return {};
    case 'users':
      return authorizeUsers(request);
    case 'member':
      return authorizeByMemberships(deps, request);
  }
}

function authorizeNamedTenant({ tenant }: Pick<Request, 'tenant'>): Permit {
  if (!tenant) return {};
  // The settings of a suspended tenant can still be read and changed.
  const isUsable = tenant.status === 'active' || tenant.status === 'suspended';
  if (!isUsable || tenant.organizationId === null) throw notUsable(tenant);
  return { tenant };
}

/** A read is authorized by its reply, in `filterReply`. Before a change the object is read. */
async function authorizeByObject(
  deps: AuthorizationDeps,
  request: RequestFor<'object'>,
): Promise<Permit> {
  const { endpoint, params } = request;
  if (endpoint.method === 'get') return endpoint.forward.coalesced ? { limited: params.id } : {};
  const collection = endpoint.path.replace(/\{id\}.*$/, '');
  return { tenant: await findTenant(deps, request, collection + params.id) };
}

/** The objects that the filters name must all belong to one tenant, which the client may use. */
async function authorizeByContainers(
  deps: AuthorizationDeps,
  request: RequestFor<'container'>,
): Promise<Permit> {
  const { directory, group, user } = request.query;
  const paths = [
    ...(directory === undefined ? [] : [`/directories/${directory}`]),
    ...(group === undefined ? [] : [`/directory_groups/${group}`]),
    ...(user === undefined ? [] : [`/directory_users/${user}`]),
  ];
  if (paths.length === 0)
    throw invalidField('directory', 'required', 'is required, or another way to say which');
  const [tenant, ...others] = await Promise.all(
    paths.map((path) => findTenant(deps, request, path)),
  );
  if (!tenant || others.some(({ id }) => id !== tenant.id)) throw notFound(request.endpoint);
  return { tenant, limited: directory ?? group ?? user };
}

/** Finds the tenant of an object. @throws Problem `not-found` unless the client may use it */
async function findTenant(
  { find, guard }: AuthorizationDeps,
  { endpoint, actor, client }: RequestFor<'object'> | RequestFor<'container'>,
  path: string,
): Promise<Tenant> {
  const tenant = await find(client, endpoint.forward.class, path);
  if (!tenant) throw notFound(endpoint);
  // Client and user may have lost their rights while WorkOS was asked.
  await guard.confirm(endpoint.access, tenant.id, { ...actor, client }).catch(hideTenant(endpoint));
  return tenant;
}

/**
 * The object is visible only to the client that created it, and only for the tenant it was created
 * for. Everyone else gets 404.
 */
async function authorizeByOwner(
  { owned, guard }: AuthorizationDeps,
  { endpoint, params, client, actor }: RequestFor<'owned'>,
): Promise<Permit> {
  const owner = await owned.ownerOf(client, endpoint.forward.owned, params.id);
  if (!owner) throw notFound(endpoint);
  const { tenantId } = owner;
  if (tenantId === null) return { owner };
  const isUsersTenant = (actor.user?.tenantId ?? tenantId) === tenantId;
  if (!mayUseTenant(client, tenantId) || !isUsersTenant) throw notFound(endpoint);
  // The tenant may have been deleted since, and its objects with it.
  await guard
    .authorize(endpoint.access, tenantId, { ...actor, client })
    .catch(hideTenant(endpoint));
  return { owner };
}

/** The request named an object, so a tenant that the client cannot see is a 404 for the object. */
const hideTenant =
  (endpoint: ForwardedEndpoint) =>
  (error: unknown): never => {
    const isHidden = error instanceof Problem && error.slug === 'tenant-not-found';
    throw isHidden ? notFound(endpoint) : error;
  };

/**
 * New objects belong to the acting user's tenant, so the client must be allowed to use that tenant.
 * A request without an acting user's tenant passes.
 *
 * @throws Problem
 */
export async function requireUsersTenant(
  guard: Pick<Guard, 'authorize'>,
  access: Demand,
  { actor, client }: Pick<Request, 'actor' | 'client'>,
): Promise<void> {
  const { user } = actor;
  if (user?.tenantId === undefined) return;
  await guard.authorize(access, user.tenantId, { ...actor, client });
}

/** A list needs a tenant or an e-mail address, unless the client may use every tenant. */
function authorizeUsers(request: RequestFor<'users'>): Permit {
  const permit = authorizeNamedTenant(request);
  const { query, client } = request;
  if (permit.tenant || !query || query.email !== undefined || mayUseEveryTenant(client))
    return permit;
  throw tenantRequired();
}

async function authorizeByMemberships(
  { memberships, guard }: AuthorizationDeps,
  { endpoint, params, client, actor }: RequestFor<'member'>,
): Promise<Permit> {
  // The client may have lost its rights while WorkOS was asked.
  const currentClient = (): Promise<Client> =>
    guard.confirm(endpoint.access, undefined, { ...actor, client });
  const access = await memberships.accessOf(client, params.id, currentClient);
  if (access === 'none') throw notFound(endpoint);
  if (access === 'some')
    throw new Problem(
      'user-is-shared',
      'The user also belongs to tenants or organizations that this client may not use, so the client may not change the user.',
    );
  return {};
}

const tenantRequired = (): Problem => {
  const message = 'or email is required, because this client may not use every tenant';
  return new Problem('organization-id-required', `organization_id: ${message}`, {
    errors: [{ field: 'organization_id', code: 'required', message }],
  });
};

export const notFound = ({ forward }: ForwardedEndpoint): Problem =>
  new Problem('not-found', `There is no such ${forward.noun} for this client.`);
