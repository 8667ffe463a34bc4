/** Authorizes by the organization of an object, which is read at WorkOS. */
import { mayUseEveryTenant, type Tenant } from '../../core/identity.ts';
import { invalidField } from '../../core/problem.ts';
import { hideTenant, notFound, type AuthorizationDeps, type Permit } from './permit.ts';
import type { RequestFor } from './request.ts';

/**
 * A read of the object itself is authorized by its reply, in `filterReply`. Before anything else the
 * object is read.
 */
export async function authorizeByObject(
  deps: AuthorizationDeps,
  request: RequestFor<'object'>,
): Promise<Permit> {
  const { endpoint, params } = request;
  const { id = '' } = params;
  const isOfItself = endpoint.method === 'get' && endpoint.path.endsWith('}');
  if (isOfItself) return endpoint.forward.coalesced ? { limited: id } : {};
  const { lookup = endpoint.path.replace(/\{id\}.*$/, '') } = endpoint.forward;
  const tenant = await findTenant(deps, request, lookup + id);
  return tenant === null ? {} : { tenant };
}

/** The objects that the filters name must all belong to one tenant, which the client may use. */
export async function authorizeByContainers(
  deps: AuthorizationDeps,
  request: RequestFor<'container'>,
): Promise<Permit> {
  const { endpoint, query } = request;
  const { directory, group, user } = query;
  const paths = [
    ...(directory === undefined ? [] : [`/directories/${directory}`]),
    ...(group === undefined ? [] : [`/directory_groups/${group}`]),
    ...(user === undefined ? [] : [`/directory_users/${user}`]),
  ];
  if (paths.length === 0) {
    const other = 'group' in endpoint.query.shape ? 'group' : 'user';
    throw invalidField('directory', 'required', `is required, unless ${other} is given`);
  }
  const [tenant, ...others] = await Promise.all(
    paths.map((path) => findTenant(deps, request, path)),
  );
  if (!tenant || others.some((other) => other?.id !== tenant.id)) throw notFound(request.endpoint);
  return { tenant, limited: directory ?? group ?? user };
}

/**
 * Finds the tenant of an object. Null for an object of the environment, where there are such objects
 * and the client may use every tenant.
 *
 * @throws Problem `not-found` unless the client may use it
 */
async function findTenant(
  { find, guard }: AuthorizationDeps,
  { endpoint, actor, client }: RequestFor<'object'> | RequestFor<'container'>,
  path: string,
): Promise<Tenant | null> {
  const { forward } = endpoint;
  const tenant = await find(client, forward.class, path);
  const mayBeNull = forward.rule === 'object' && forward.environment && mayUseEveryTenant(client);
  if (tenant === undefined || (tenant === null && !mayBeNull)) throw notFound(endpoint);
  // Client and user may have lost their rights while WorkOS was asked.
  await guard
    .confirm(endpoint.access, tenant?.id, { ...actor, client })
    .catch(hideTenant(endpoint));
  return tenant;
}
