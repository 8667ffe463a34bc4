/** Decides before a call is forwarded which tenant it concerns, and whether the client may make it. */
import { mayUseEveryTenant, mayUseTenant } from '../../core/identity.ts';
import type { Demand, Guard } from '../../http/guard.ts';
import { authorizeByKey } from './authorize-key.ts';
import { authorizeByContainers, authorizeByObject } from './authorize-object.ts';
import {
  authorizeByEmail,
  authorizeByMemberships,
  authorizeByUser,
  authorizeUsers,
  requireUser,
} from './authorize-user.ts';
import {
  authorizeNamedTenant,
  hideTenant,
  notFound,
  requireGrantable,
  type AuthorizationDeps,
  type Permit,
} from './permit.ts';
import { idOfToken } from './token-id.ts';
import { authorizeReferences } from './references.ts';
import type { Rule } from './forwarded-endpoint.ts';
import type { Request, RequestFor } from './request.ts';

/** @throws Problem unless the client may make the request */
export async function authorize(deps: AuthorizationDeps, request: Request): Promise<Permit> {
  const permit = await decisionOf(request)(deps, request);
  const { tenant } = permit;
  requireGrantable(request.endpoint, tenant);
  await authorizeReferences(deps, request, permit);
  await deps.cursors.require(request, permit);
  return permit;
}

type Decide<R extends Rule> = (
  deps: AuthorizationDeps,
  request: RequestFor<R>,
) => Permit | Promise<Permit>;

/** The operation's `access` has decided already, or the reply decides. */
const elsewhere = (): Permit => ({});

const RULES: { readonly [R in Rule]: Decide<R> } = {
  named: (_deps, request) => authorizeNamedTenant(request),
  environment: elsewhere,
  object: authorizeByObject,
  container: authorizeByContainers,
  owned: (deps, request) => authorizeByOwner(deps, request, request.params.id),
  new: async ({ guard }, request) => {
    await requireUsersTenant(guard, request.endpoint.access, request);
    return {};
  },
  users: (_deps, request) => authorizeUsers(request),
  member: authorizeByMemberships,
  'by-user': (_deps, request) => authorizeByUser(request),
  'of-user': elsewhere,
  email: async (deps, request) => {
    await requireUsersTenant(deps.guard, request.endpoint.access, request);
    return authorizeByEmail(deps, request);
  },
  token: authorizeByToken,
  key: authorizeByKey,
  validation: elsewhere,
};

// Sound: a request has the rule by which it is looked up.
const decisionOf = ({ rule }: Request) =>
  RULES[rule] as (deps: AuthorizationDeps, request: Request) => Permit | Promise<Permit>;

/**
 * The object is visible only to the client that created it, and only for the tenant it was created
 * for. Everyone else gets 404.
 */
async function authorizeByOwner(
  { owned, guard }: AuthorizationDeps,
  { endpoint, client, actor }: RequestFor<'owned'> | RequestFor<'token'>,
  id: string,
): Promise<Permit> {
  const owner = await owned.ownerOf(client, endpoint.forward.owned, id);
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

/**
 * The user of the token may have joined another tenant since it was created, or left the client's. A
 * client that may use every tenant may also use tokens that WorkOS created.
 */
async function authorizeByToken(
  deps: AuthorizationDeps,
  request: RequestFor<'token'>,
): Promise<Permit> {
  if (mayUseEveryTenant(request.client)) return {};
  const permit = await authorizeByOwner(deps, request, idOfToken(request.body));
  const userId = permit.owner?.userId ?? undefined;
  if (userId !== undefined) await requireUser(deps, request, userId, 'all');
  return permit;
}

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
