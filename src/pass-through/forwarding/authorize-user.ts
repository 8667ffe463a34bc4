/** Authorizes by a user of WorkOS. Users belong to the environment, so their memberships decide. */
import { mayUseEveryTenant } from '../../core/identity.ts';
import { isObject } from '../../core/json.ts';
import { Problem } from '../../core/problem.ts';
import {
  authorizeNamedTenant,
  confirm,
  noSuch,
  notFound,
  requireEveryTenant,
  type AuthorizationDeps,
  type Permit,
} from './permit.ts';
import type { Request, RequestFor } from './request.ts';

/** A list needs a tenant or an e-mail address, unless the client may use every tenant. */
export function authorizeUsers(request: RequestFor<'users'>): Permit {
  const permit = authorizeNamedTenant(request);
  const { query } = request;
  if (!permit.tenant && query && query.email === undefined) requireEveryTenant(request, 'email');
  return permit;
}

/** A list needs a tenant or a user, unless the client may use every tenant. */
export function authorizeByUser(request: RequestFor<'by-user'>): Permit {
  const permit = authorizeNamedTenant(request);
  if (!permit.tenant && request.query.user_id === undefined) requireEveryTenant(request, 'user_id');
  return permit;
}

export async function authorizeByMemberships(
  deps: AuthorizationDeps,
  request: RequestFor<'member'>,
): Promise<Permit> {
  const permit = authorizeNamedTenant(request);
  const { params, endpoint } = request;
  await requireUser(deps, request, params.id, endpoint.forward.shared ? 'some' : 'all');
  return permit;
}

/** The user must be the client's alone: a code or a token lets its holder sign in as the user. */
export async function authorizeByEmail(
  deps: AuthorizationDeps,
  request: RequestFor<'email'>,
): Promise<Permit> {
  const userId = await requireUserWithEmail(deps, request, request.body);
  return userId === undefined ? {} : { userId };
}

/**
 * Requires that the user with the `email` of an object is the client's alone.
 *
 * @returns the user's id. Undefined for a client that may use every tenant
 * @throws Problem `not-found`, `user-is-shared`
 */
export async function requireUserWithEmail(
  deps: AuthorizationDeps,
  request: Request,
  object: unknown,
): Promise<string | undefined> {
  if (mayUseEveryTenant(request.client)) return undefined;
  const email = isObject(object) ? object.email : undefined;
  const user = typeof email === 'string' ? await deps.memberships.userWithEmail(email) : undefined;
  if (!user) throw noSuch('user');
  await requireUser(deps, request, user.id, 'all', noSuch('user'));
  return user.id;
}

/**
 * @param least `some`: the user is a member of a tenant of the client, or made by it. `all`: and has no membership elsewhere
 * @throws Problem `not-found`, `user-is-shared`
 */
export async function requireUser(
  { memberships, guard }: Pick<AuthorizationDeps, 'memberships' | 'guard'>,
  request: Request,
  userId: string,
  least: 'some' | 'all',
  missing: Problem = notFound(request.endpoint),
): Promise<void> {
  const { client, tenant } = request;
  const access = await memberships.accessOf(client, userId, () =>
    confirm({ guard }, request, tenant?.id),
  );
  if (access === 'none') throw missing;
  if (access === 'some' && least === 'all')
    throw new Problem(
      'user-is-shared',
      'The user also belongs to tenants or organizations that this client may not use, so the client may not do this.',
    );
}
