/** Authorizes what a request names besides its tenant, e.g. the user that becomes a member. */
import { mayUseEveryTenant, type Tenant } from '../../core/identity.ts';
import { isObject } from '../../core/json.ts';
import { Problem } from '../../core/problem.ts';
import type { UpstreamClass } from '../../workos/call-options.ts';
import { requireUser, requireUserWithEmail } from './authorize-user.ts';
import type { ForwardedEndpoint, Reference } from './forwarded-endpoint.ts';
import {
  confirm,
  hideTenant,
  noSuch,
  notFound,
  type AuthorizationDeps,
  type Permit,
} from './permit.ts';
import type { Request } from './request.ts';
import { requireObjectAt } from './same-object.ts';

/** @throws Problem `not-found` if the client may not use one of the objects that the request names */
export async function authorizeReferences(
  deps: AuthorizationDeps,
  request: Request,
  { tenant }: Permit,
): Promise<void> {
  for (const { at, kind } of request.endpoint.forward.names ?? []) {
    const value = valueAt(request, at);
    if (value !== undefined) await REQUIRE[kind](deps, request, value, tenant);
  }
}

type Require = (
  deps: AuthorizationDeps,
  request: Request,
  value: string,
  tenant: Tenant | undefined,
) => Promise<void>;

const REQUIRE: Readonly<Record<Reference['kind'], Require>> = {
  user: (deps, request, userId) => requireUser(deps, request, userId, 'some', noSuch('user')),

  unshared: (deps, request, userId) => requireUser(deps, request, userId, 'all', noSuch('user')),

  async member(deps, request, userId, tenant) {
    const organizationId = tenant?.organizationId;
    if (!organizationId || !(await deps.memberships.isMember(organizationId, userId)))
      throw noSuch('user');
    await confirm(deps, request, tenant.id);
  },

  membership: (deps, request, id, tenant) =>
    requireObject(deps, request, {
      path: `/user_management/organization_memberships/${id}`,
      noun: 'organization membership',
      tenant,
    }),

  // The group itself says whose it is; the organization in the path is only what WorkOS is asked to check.
  async group(deps, request, id, tenant) {
    const organizationId = tenant?.organizationId;
    if (!organizationId) throw noSuch('group');
    const path = `/organizations/${organizationId}/groups/${id}`;
    await requireObject(deps, request, { class: 'groups', path, noun: 'group', tenant }).catch(
      async (error: unknown) => {
        const isMissing = error instanceof Problem && error.slug === 'not-found';
        // WorkOS's 404 may be about the organization.
        if (!isMissing || (await deps.sender.hasOrganization(organizationId))) throw error;
        throw await deps.reportMissing(tenant.id, organizationId, request.actor);
      },
    );
  },

  invitation: (deps, request, token) =>
    requireObject(deps, request, {
      path: `/user_management/invitations/by_token/${encodeURIComponent(token)}`,
      noun: 'invitation',
    }),

  // Otherwise a client could make anybody a member, by an invitation that it accepts itself.
  async invitee(deps, request, id, tenant) {
    if (mayUseEveryTenant(request.client)) return;
    const path = `/user_management/invitations/${id}`;
    const invitation = await deps.sender.sendOnce({ class: 'users', method: 'get', path });
    if (isObject(invitation)) requireObjectAt(path, invitation);
    await requireUserWithEmail(deps, { ...request, tenant }, invitation).catch(
      hideTenant(request.endpoint),
    );
  },
};

/** @param of.tenant the tenant that the object must belong to. Default: any of the client's */
async function requireObject(
  deps: AuthorizationDeps,
  request: Request,
  of: {
    readonly class?: UpstreamClass;
    readonly path: string;
    readonly noun: string;
    readonly tenant?: Tenant | undefined;
  },
): Promise<void> {
  const { client } = request;
  const found = await deps.find(client, of.class ?? 'users', of.path);
  const isUsable = found === null ? mayUseEveryTenant(client) : found !== undefined;
  if (!isUsable || (of.tenant && of.tenant.id !== found?.id)) throw noSuch(of.noun);
  await confirm(deps, request, found?.id);
}

function valueAt(request: Request, at: Reference['at']): string | undefined {
  const [part, name] = at.split('.') as ['params' | 'body', string];
  const fields: unknown = request[part];
  const value = isObject(fields) ? fields[name] : undefined;
  return typeof value === 'string' ? value : undefined;
}

/** The ids of the users and memberships in the body that the request names, for the audit trail. */
export const namedIds = (request: Request): Record<string, string> =>
  Object.fromEntries(
    (request.endpoint.forward.names ?? [])
      .filter(({ kind }) => kind !== 'invitation')
      .flatMap(({ at }) => {
        const value = valueAt(request, at);
        return value === undefined ? [] : [[at.split('.')[1] ?? '', value]];
      }),
  );

/** True if a 404 of WorkOS may be about something else than the organization that the request names. */
export const namesMoreThanTenant = (request: Request): boolean => {
  const { forward } = request.endpoint;
  return (
    forward.names !== undefined ||
    forward.rule !== 'named' ||
    namesObject(request.endpoint) ||
    nounsOfBody(request).length > 0
  );
};

/** True if the path names an object besides the tenant. */
const namesObject = ({ path, access }: ForwardedEndpoint): boolean =>
  path.split('{').length - 1 > (access.tenant?.startsWith('params.') ? 1 : 0);

/** The problem for what WorkOS did not find: what the request names besides its tenant, or else the object. */
export function missingIn(request: Request): Problem {
  const { endpoint, rule } = request;
  const nouns = nounsOfBody(request);
  if (nouns.length === 0) return notFound(endpoint);
  // An object whose tenant had to be looked up was there a moment ago.
  const isSure = rule === 'object' || !namesObject(endpoint);
  return noSuch([...(isSure ? [] : [endpoint.forward.noun]), ...nouns].join(' or '));
}

const nounsOfBody = ({ endpoint, body }: Request): string[] => {
  const given = Object.entries(endpoint.forward.bodyNouns ?? {}).filter(
    ([field]) => isObject(body) && body[field] !== undefined,
  );
  return [...new Set(given.map(([, noun]) => noun))];
};
