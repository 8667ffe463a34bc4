/** Removes from WorkOS's replies what the client may not see. */
import { mapInParallel } from '../../core/map-in-parallel.ts';
import { mayUseEveryTenant, mayUseTenant, type Tenant } from '../../core/identity.ts';
import { isObject } from '../../core/json.ts';
import { UpstreamFailure } from '../../workos/failure.ts';
import { parseReply } from '../../workos/parse-reply.ts';
import {
  organizationIdOf,
  organizationIdsIn,
  withTenantIds,
  type ByOrganization,
} from '../../workos/translate-ids.ts';
import { requireUser } from './authorize-user.ts';
import { withoutStranger, withoutStrangers } from './stranger.ts';
import { notFound, type AuthorizationDeps, type Permit } from './permit.ts';
import type { ForwardedEndpoint } from './forwarded-endpoint.ts';
import type { Memberships } from './memberships.ts';
import type { Request, RequestFor } from './request.ts';
import type { TenantsOf } from './tenant-finder.ts';

/**
 * Returns the reply with tenant ids, and only with objects of tenants that the client may use.
 *
 * @throws Problem `not-found` if it is a single object that the client may not see
 * @throws UpstreamFailure `invalid-response`
 */
export async function filterReply(
  tenantsOf: TenantsOf,
  request: Request,
  permit: Permit,
  reply: unknown,
): Promise<unknown> {
  const { endpoint } = request;
  const tenants = await visibleTenants(tenantsOf, request, permit, reply);
  const object = requireObject(reply);
  if (!Array.isArray(object.data)) {
    if (!isVisible(request, tenants, object)) throw notFound(endpoint);
    return parseAs(endpoint, withTenantIds(withoutStranger(request, object), tenants));
  }
  const mayBeUnmarked = endpoint.forward.unmarked ?? permit.tenant === undefined;
  const data = object.data.filter(
    (one) => isVisible(request, tenants, one) && (mayBeUnmarked || hasOrganization(one)),
  );
  const shown = data.map((one) => withoutStranger(request, one));
  return parseAs(endpoint, withTenantIds({ ...object, data: shown }, tenants));
}

/** Tenants of the organizations in a reply that the client may use and asked for. */
async function visibleTenants(
  tenantsOf: TenantsOf,
  { client }: Pick<Request, 'client'>,
  { tenant: only }: Permit,
  reply: unknown,
): Promise<ReadonlyMap<string, Tenant>> {
  const tenants = await tenantsOf([...organizationIdsIn(reply)]);
  const isUsable = ({ id }: Tenant) => mayUseTenant(client, id) && (only?.id ?? id) === id;
  return new Map([...tenants].filter(([, tenant]) => isUsable(tenant)));
}

function isVisible({ rule, client }: Request, tenants: ByOrganization, object: unknown): boolean {
  if (!isObject(object)) return false;
  const id = organizationIdOf(object);
  if (id !== undefined) return tenants.has(id);
  // An object without an organization belongs to the environment, or its owner was checked before.
  return (rule !== 'object' && rule !== 'by-user') || mayUseEveryTenant(client);
}

const hasOrganization = (object: unknown): boolean =>
  isObject(object) && organizationIdOf(object) !== undefined;

/**
 * Returns the reply if it concerns a user whose every membership is in a tenant of the client.
 *
 * @throws Problem `not-found`, `user-is-shared`
 * @throws UpstreamFailure `invalid-response`
 */
export async function filterByUser(
  deps: Pick<AuthorizationDeps, 'memberships' | 'guard'>,
  request: RequestFor<'of-user'>,
  reply: unknown,
): Promise<unknown> {
  const { user_id: userId } = requireObject(reply);
  if (typeof userId !== 'string')
    throw new UpstreamFailure('invalid-response', { reason: 'an object without a user' });
  await requireUser(deps, request, userId, 'all');
  return parseAs(request.endpoint, reply);
}

/**
 * Returns the key that was found if the client may use its tenant and the tenant is active. Otherwise
 * null, as for a key that does not exist.
 *
 * @throws UpstreamFailure `invalid-response`
 */
export async function filterValidation(
  tenantsOf: TenantsOf,
  request: RequestFor<'validation'>,
  reply: unknown,
): Promise<unknown> {
  const found = requireObject(reply);
  const { api_key: key } = found;
  // An answer about something else must not make a good key an unknown one.
  if (key === undefined)
    throw new UpstreamFailure('invalid-response', { reason: 'no result of a validation' });
  const tenants = await visibleTenants(tenantsOf, request, {}, key);
  const id = isObject(key) ? organizationIdOf(key) : undefined;
  const isActive = id !== undefined && tenants.get(id)?.status === 'active';
  return parseAs(request.endpoint, isActive ? withTenantIds(found, tenants) : { api_key: null });
}

/**
 * User objects carry no organization id, so each user's memberships are looked up. In a list that was
 * already filtered by tenant, only those of invited users are.
 *
 * @throws Problem `not-found` if it is a single user that the client may not see
 * @throws UpstreamFailure `invalid-response`
 */
export async function filterUsers(
  memberships: Memberships,
  request: RequestFor<'users'>,
  { tenant }: Permit,
  reply: unknown,
): Promise<unknown> {
  const { endpoint, client } = request;
  const object = requireObject(reply);
  if (endpoint.method !== 'get') return parseAs(endpoint, object);
  if (tenant?.organizationId && Array.isArray(object.data)) {
    const { organizationId } = tenant;
    const data = await withoutStrangers(memberships, request, organizationId, object.data);
    return parseAs(endpoint, { ...object, data });
  }
  const isVisibleUser = async (user: unknown) =>
    isObject(user) &&
    typeof user.id === 'string' &&
    (await memberships.accessOf(client, user.id)) !== 'none';
  if (!Array.isArray(object.data)) {
    if (!(await isVisibleUser(object))) throw notFound(endpoint);
    return parseAs(endpoint, object);
  }
  const mask = await mapInParallel(object.data, isVisibleUser);
  return parseAs(endpoint, { ...object, data: object.data.filter((_, index) => mask[index]) });
}

/** Drops every field that the contract does not name. @throws UpstreamFailure */
export function parseAs({ reply }: ForwardedEndpoint, value: unknown): unknown {
  if (!('body' in reply)) return undefined;
  return parseReply(reply.body, value, 'what the operation promises');
}

function requireObject(reply: unknown) {
  if (!isObject(reply)) throw new UpstreamFailure('invalid-response', { reason: 'not an object' });
  return reply;
}
