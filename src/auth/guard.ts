import type { Demand, Guard, RequestHeaders } from '../http/guard.ts';
import {
  hasScope,
  mayUseTenant,
  type ActingUser,
  type Actor,
  type Client,
  type Tenant,
} from '../core/identity.ts';
import type { FindClient, FindTenant } from '../core/ports.ts';
import { Problem } from '../core/problem.ts';
import { assertedUser } from './acting-user.ts';
import { CredentialRefused } from './credential-refused.ts';
import type { Authenticator } from './passport.ts';
import {
  requireClient,
  requireEnabled,
  requirePermission,
  type RegistryState,
} from './permission.ts';
import { clientGone, unauthenticated } from './refusals.ts';
import { EXPIRED } from './token-problems.ts';

export interface GuardDeps {
  readonly authenticator: Authenticator;
  readonly findClient: FindClient;
  /** May answer from a cache. */
  readonly findTenant: FindTenant;
  /** Reads from the primary, never from a cache. */
  readonly findCurrentTenant: FindTenant;
  readonly registry: { stateOf(tenantId: string, userId: string): Promise<RegistryState> };
  readonly itAdminRoles: readonly string[];
  /** True if user tokens must name the client they were issued to. */
  readonly requireAuthorizedParty: boolean;
}

/** Authenticates the caller, reads the facts that the decision needs, and decides. */
export function createGuard(deps: GuardDeps): Guard {
  const userOf = (headers: RequestHeaders, client: Client) =>
    headers['gatehouse-user-token'] === undefined
      ? Promise.resolve(userAsserted(headers, client))
      : userWithToken(deps, headers, client);

  const permitted = async (
    demand: Demand,
    tenantId: string | undefined,
    { client, user }: { readonly client: Client; readonly user: ActingUser | undefined },
    find: FindTenant,
  ): Promise<Tenant | undefined> => {
    // Only read a tenant that the client may use: a foreign and an unknown tenant then take the same time.
    const isAllowed = tenantId !== undefined && mayUseTenant(client, tenantId);
    const tenant = isAllowed ? await find(tenantId) : undefined;
    const registry =
      demand.actingUser && isAllowed && user
        ? await deps.registry.stateOf(tenantId, user.id)
        : undefined;
    requirePermission(demand, { client, tenantId, tenant, user, registry }, deps.itAdminRoles);
    return tenant;
  };

  const clientOf = async (headers: RequestHeaders): Promise<Client> => {
    const client = await deps.authenticator.client({ headers });
    if (!client || client instanceof CredentialRefused) throw unauthenticated(headers, client);
    requireEnabled(client);
    return client;
  };

  return {
    identifyClient: clientOf,

    async identify(headers, demand) {
      const client = await clientOf(headers);
      requireClient(client, demand);
      return { client, user: await userOf(headers, client) };
    },

    authorize(demand, named, actor) {
      // An acting user can only act on objects of their own tenant, so permission is checked against
      // it before the object is fetched.
      const tenantId = named ?? (demand.tenantOf && demand.actingUser && actor.user?.tenantId);
      return permitted(demand, tenantId, actor, deps.findTenant);
    },

    async confirm(demand, tenantId, { client: before, user }: Actor & { client: Client }) {
      const client = await deps.findClient(before.id);
      if (client?.generation !== before.generation) throw clientGone();
      if (user?.source === 'asserted') requireClient(client, { scope: 'users:assert' });
      const tenant = await permitted(demand, tenantId, { client, user }, deps.findCurrentTenant);
      return { client, tenant };
    },
  };
}

function userAsserted(headers: RequestHeaders, client: Client): ActingUser | undefined {
  const id = headers['gatehouse-user-id'];
  const roles = headers['gatehouse-user-roles'];
  if (typeof id !== 'string') {
    if (roles !== undefined)
      throw new Problem(
        'acting-user-required',
        'Gatehouse-User-Roles was sent without Gatehouse-User-Id; send both.',
      );
    return undefined;
  }
  if (!hasScope(client, 'users:assert')) {
    throw new Problem(
      'insufficient-scope',
      'Naming a user by header needs the scope users:assert. Send the user’s token in Gatehouse-User-Token instead, or ask the platform team for the scope.',
    );
  }
  return assertedUser(id, roles as string | undefined);
}

async function userWithToken(
  deps: GuardDeps,
  headers: RequestHeaders,
  client: Client,
): Promise<ActingUser> {
  if (headers['gatehouse-user-id'] !== undefined || headers['gatehouse-user-roles'] !== undefined) {
    throw new Problem(
      'conflicting-user-headers',
      'Send either Gatehouse-User-Token or Gatehouse-User-Id with Gatehouse-User-Roles, not both.',
    );
  }
  const user = await deps.authenticator.user({ headers });
  if (!user || user instanceof CredentialRefused) throw invalidUserToken(user);
  if (deps.requireAuthorizedParty && user.authorizedParty !== client.id)
    throw invalidUserToken(issuedToAnother());
  return user;
}

/** The reason is shown: the client holds the token, and a reason names claims but no values. */
const invalidUserToken = (cause: CredentialRefused | undefined): Problem =>
  new Problem(
    'invalid-user-token',
    `The acting user’s token in Gatehouse-User-Token is refused: ${cause?.message ?? 'it is malformed'}. ${remedyFor(cause)}`,
    { cause },
  );

const remedyFor = (cause: CredentialRefused | undefined): string =>
  cause?.message === EXPIRED
    ? 'Send the token that the user has now, not a stored one.'
    : 'Send the JWT of the signed-in user as your identity provider issued it; the platform team knows which issuer, audience and claims it must have.';

/** The refusal of a token issued to another client, when `USER_TOKEN_AZP_CLAIM` is set. */
export const issuedToAnother = (): CredentialRefused =>
  new CredentialRefused('the token was issued to another client');
