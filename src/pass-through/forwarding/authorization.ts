import type { Guard } from '../../http/router.ts';
import type { Endpoint, Input } from '../../http/endpoint.ts';
import {
  mayUseEveryTenant,
  mayUseTenant,
  type ActingUser,
  type Client,
  type Tenant,
} from '../../core/identity.ts';
import { invalidField, Problem } from '../../core/problem.ts';
import { notUsable } from '../../tenants/status.ts';
import type { ForwardedEndpoint, Rule } from './forwarded-endpoint.ts';
import type { Memberships } from './memberships.ts';
import type { Owner, OwnedStore } from './store.ts';
import type { TenantFinder } from './tenant-finder.ts';

/** A request of a client, read and identified. */
export interface Request {
  readonly endpoint: ForwardedEndpoint;
  readonly input: Input<Endpoint>;
  readonly client: Client;
}

/** What a request may be about, once it is allowed. */
export interface Permit {
  /** The only tenant whose objects may be answered. Undefined: any that the client may see. */
  readonly tenant?: Tenant;
  /** What WorkOS counts such reads by. */
  readonly limited?: string;
  /** Whose the object was, and so will be what is made of it. */
  readonly owner?: Owner;
}

export interface PermitDeps {
  readonly guard: Pick<Guard, 'authorize' | 'confirm'>;
  readonly owned: OwnedStore;
  readonly memberships: Memberships;
  readonly find: TenantFinder;
}

export type GetPermit = (request: Request) => Promise<Permit>;

/** Before the call: whose the objects are that it is about, and whether the client may. @throws Problem */
export function createPermits(deps: PermitDeps): Readonly<Record<Rule, GetPermit>> {
  return {
    named: ({ input }) => Promise.resolve(named(input)),
    environment: () => Promise.resolve({}),
    object: (request) => ofObject(deps, request),
    container: (request) => ofContainers(deps, request),
    owned: (request) => ofOwner(deps, request),
    member: (request) => ofMember(deps, request),
  };
}

function named({ tenant }: Input<Endpoint>): Permit {
  const named = tenant as Tenant | undefined;
  if (!named) return {};
  // What is set up can be read, and mended, while the tenant is suspended.
  const isThere = named.status === 'active' || named.status === 'suspended';
  if (!isThere || named.organizationId === null) throw notUsable(named);
  return { tenant: named };
}

/** A read tells by itself whose the object is; anything else has to ask first. */
async function ofObject(deps: PermitDeps, request: Request): Promise<Permit> {
  const { endpoint, input } = request;
  const { id } = input.params as unknown as { id: string };
  if (endpoint.method === 'get') return endpoint.forward.coalesced ? { limited: id } : {};
  const collection = endpoint.path.replace(/\{id\}.*$/, '');
  return { tenant: await tenantOf(deps, request, collection + id) };
}

const CONTAINERS = {
  directory: '/directories/',
  group: '/directory_groups/',
  user: '/directory_users/',
} as const;

/** The filters must all be of one tenant, which the client may see. */
async function ofContainers(deps: PermitDeps, request: Request): Promise<Permit> {
  const query = request.input.query as unknown as Record<string, string | undefined>;
  const paths = Object.entries(CONTAINERS).flatMap(([name, path]) =>
    query[name] === undefined ? [] : [path + query[name]],
  );
  if (paths.length === 0)
    throw invalidField('directory', 'required', 'is required, or another way to say which');
  const [tenant, ...others] = await Promise.all(paths.map((path) => tenantOf(deps, request, path)));
  if (!tenant || others.some(({ id }) => id !== tenant.id)) throw notFound(request.endpoint);
  return { tenant, limited: query.directory ?? query.group ?? query.user };
}

async function tenantOf(deps: PermitDeps, request: Request, path: string): Promise<Tenant> {
  const { endpoint, input, client } = request;
  const tenant = await deps.find(client, endpoint.forward.class, path);
  if (!tenant) throw notFound(endpoint);
  if (endpoint.access !== 'public')
    // Only now: client and user may have lost their rights while WorkOS was asked.
    await deps.guard
      .confirm(endpoint.access, tenant.id, { ...input.actor, client })
      .catch(asNotFound(endpoint));
  return tenant;
}

/** Its maker's, and its maker's user's tenant's; to everybody else it does not exist. */
async function ofOwner(deps: PermitDeps, request: Request): Promise<Permit> {
  const { endpoint, input, client } = request;
  const { owned: kind } = endpoint.forward;
  if (!kind) {
    await requireOwnUser(deps.guard, endpoint.access, input);
    return {};
  }
  const { id } = input.params as unknown as { id: string };
  const owner = await deps.owned.ownerOf(client, kind, id);
  if (!owner || !isForUser(owner, client, input.user)) throw notFound(endpoint);
  await requireOwnersTenant(deps, request, owner);
  return { owner };
}

/** Its tenant may be gone by now, and then so is the object. */
async function requireOwnersTenant(
  { guard }: PermitDeps,
  { endpoint, input, client }: Request,
  { tenantId }: Owner,
): Promise<void> {
  if (tenantId === null || endpoint.access === 'public') return;
  await guard
    .authorize(endpoint.access, tenantId, { ...input.actor, client })
    .catch(asNotFound(endpoint));
}

/** The caller named an object, and not the tenant that it cannot see. */
const asNotFound =
  (endpoint: ForwardedEndpoint) =>
  (error: unknown): never => {
    const isGone = error instanceof Problem && error.slug === 'tenant-not-found';
    throw isGone ? notFound(endpoint) : error;
  };

/** What is made for an acting user belongs to his tenant: it has to be one of the client's. @throws Problem */
export async function requireOwnUser(
  guard: Pick<Guard, 'authorize'>,
  access: Endpoint['access'],
  { actor }: Pick<Input<Endpoint>, 'actor'>,
): Promise<void> {
  const { client, user } = actor;
  if (access === 'public' || !client || user?.tenantId === undefined) return;
  await guard.authorize(access, user.tenantId, { ...actor, client });
}

const isForUser = ({ tenantId }: Owner, client: Client, user: ActingUser | undefined): boolean =>
  tenantId === null ||
  (mayUseTenant(client, tenantId) && (user?.tenantId ?? tenantId) === tenantId);

async function ofMember(deps: PermitDeps, request: Request): Promise<Permit> {
  const { endpoint, input, client } = request;
  const permit = named(input);
  if (permit.tenant) return permit;
  const query = input.query as { email?: string } | undefined;
  if (query && query.email === undefined && !mayUseEveryTenant(client)) throw needsTenant();
  if (endpoint.method !== 'put' && endpoint.method !== 'delete') return {};
  const { id } = input.params as unknown as { id: string };
  const access = await deps.memberships.accessOf(client, id, () => current(deps, request));
  if (access === 'none') throw notFound(endpoint);
  if (access === 'some')
    throw new Problem(
      'user-is-shared',
      'The user is also a member of what is not this client’s, and so not its to change.',
    );
  return {};
}

/** The client as it is now: it may have lost its rights while WorkOS was asked. @throws Problem */
const current = ({ guard }: PermitDeps, { endpoint, input, client }: Request): Promise<Client> =>
  endpoint.access === 'public'
    ? Promise.resolve(client)
    : guard.confirm(endpoint.access, undefined, { ...input.actor, client });

const needsTenant = (): Problem => {
  const message = 'or email is required, because this client may not use every tenant';
  return new Problem('organization-id-required', `organization_id: ${message}`, {
    errors: [{ field: 'organization_id', code: 'required', message }],
  });
};

export const notFound = ({ forward }: ForwardedEndpoint): Problem =>
  new Problem('not-found', `There is no such ${forward.noun} for this client.`);
