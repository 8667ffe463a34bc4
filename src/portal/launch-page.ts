import { randomUUID } from 'node:crypto';
import { issuedToAnother } from '../auth/guard.ts';
import { decide, type RegistryState } from '../auth/permission.ts';
import { invalidSignIn } from '../auth/signed-in-user.ts';
import type { Answer } from '../http/answer.ts';
import type { Endpoint, Input, InputOf } from '../http/endpoint.ts';
import { comesFromAnotherSite, requireNavigation, requireOwnForm } from '../http/navigation.ts';
import type { ActingUser, Actor, Client, Tenant } from '../core/identity.ts';
import type { Pages } from '../pages/pages.ts';
import { Problem } from '../core/problem.ts';
import type { TokenSealer } from '../core/encryption.ts';
import { organizationOf } from '../tenants/status.ts';
import type { portalContract } from './contract.ts';
import { browserOf, markBrowser } from './browser-cookie.ts';
import { createFormTokens, isByCookie, isOpenedHere, isOwnForm } from './consent.ts';
import { gone, LINK_REQUIREMENT, requireMintable } from './launch-permission.ts';
import { mintFor, type MintingDeps } from './minting.ts';
import { allowedUrls, launchOf } from './service.ts';
import type { NewLaunch, RedeemedLaunch } from './store.ts';
import { sha256 } from './ticket.ts';

export interface DoorDeps extends MintingDeps {
  readonly sealer: TokenSealer;
  readonly pages: Pages;
  readonly signedInUser: (headers: Input<Endpoint>['headers']) => Promise<ActingUser | undefined>;
  readonly clients: { byId(id: string): Promise<Client | undefined> };
  readonly tenants: { byId(id: string): Promise<(Tenant & { readonly name: string }) | undefined> };
  readonly registry: { stateOf(tenantId: string, userId: string): Promise<RegistryState> };
  readonly requireAuthorizedParty: boolean;
  readonly development: boolean;
}

type Fields = InputOf<typeof portalContract, 'launchPortal'>['query'];
type Headers = Input<Endpoint>['headers'];

export type PortalDoor = ReturnType<typeof createPortalDoor>;

/**
 * The browser's door. The link is minted only while the browser is at the door, after role, client
 * and tenant were checked again, and leaves in the redirect alone.
 */
export function createPortalDoor(deps: DoorDeps) {
  /** All of permission and the addresses again, from what the redeeming statement read on the primary. */
  const checkAgain = async (launch: RedeemedLaunch, headers: Headers): Promise<string> => {
    const organizationId = requireMintable(launch, deps.itAdminRoles);
    if (launch.needsSignedInUser) requireHolder(launch, await deps.signedInUser(headers), deps);
    return organizationId;
  };

  const redeem = async (
    ticket: string,
    mode: 'redirect' | 'confirm',
    headers: Headers,
    actor: Actor,
  ): Promise<Answer | undefined> => {
    const browser = mode === 'confirm' ? browserOf(headers.cookie) : null;
    const launch = await deps.launches.redeem(sha256(ticket), randomUUID(), mode, browser);
    if (!launch) return undefined;
    const by = actorOf(launch, actor);
    const organizationId = await checkAgain(launch, headers).catch(async (error: unknown) => {
      await deps.launches.fail(launch, {
        actor: by,
        outcome: 'refused',
        tenantId: launch.tenantId,
        details: { launch: launch.id },
      });
      throw error;
    });
    return mintFor(deps, launch, organizationId, by);
  };

  const forms = createFormTokens(deps.sealer);
  /** Somebody who is not signed in gets the page too, without the token. */
  const formToken = async (headers: Headers, isNeeded: boolean, asked: Record<string, string>) => {
    if (!isNeeded || headers['sec-fetch-site'] !== undefined) return {};
    const user = await deps.signedInUser(headers).catch(asNobody);
    return user ? forms.fieldFor(user, asked) : {};
  };
  /** Where the cookie of the signed-in user counts, absence of a sign of the browser's is no consent. */
  const lacksConsent = async (
    fields: Fields & { readonly form_token?: string | undefined },
    headers: Headers,
  ): Promise<boolean> => {
    if (!isByCookie(headers) || isOwnForm(headers, deps.publicUrl)) return false;
    const user = await deps.signedInUser(headers).catch(asNobody);
    return user !== undefined && !forms.isGood(fields.form_token, user, fields);
  };

  /** A `confirm` ticket: GET shows a button and spends nothing, so mail scanners may look. */
  const showConfirm = async (ticket: string, headers: Headers): Promise<Answer> => {
    const launch = await deps.launches.open(sha256(ticket));
    if (!launch) throw gone();
    const page = deps.pages.confirm({
      tenantName: launch.tenantName,
      intent: launch.intent as never,
      fields: { ticket, ...(await formToken(headers, launch.needsSignedInUser, { ticket })) },
    });
    return markBrowser(page, headers.cookie);
  };

  /** For a click that redeemed nothing. A second click of the same browser is no dead link. */
  const afterClick = async (ticket: string, headers: Headers): Promise<Answer> => {
    const digest = sha256(ticket);
    if (await deps.launches.isOpening(digest, browserOf(headers.cookie)))
      return deps.pages.opening();
    throw (await deps.launches.isLive(digest, 'redirect')) ? getOnly() : gone();
  };

  /** Without a ticket: a signed-in IT admin. Everything is read and checked in this one request. */
  const admit = async (
    fields: Fields,
    headers: Headers,
    confirmed: boolean,
    actor: Actor,
  ): Promise<Answer> => {
    const { client_id: clientId, tenant_id: tenantId, intent } = fields;
    if (clientId === undefined || tenantId === undefined || intent === undefined)
      throw incomplete(fields);
    const user = await deps.signedInUser(headers);
    requireOwnTenant(user, tenantId);
    const client = await deps.clients.byId(clientId);
    if (!client || client.disabled) throw new Problem('not-found', 'There is no such client.');
    if (deps.requireAuthorizedParty && user.authorizedParty !== client.id)
      throw invalidSignIn(issuedToAnother());
    const tenant = await deps.tenants.byId(tenantId);
    const registry = await deps.registry.stateOf(tenantId, user.id);
    decide(LINK_REQUIREMENT, { client, tenantId, tenant, user, registry }, deps.itAdminRoles);
    if (!tenant) throw gone();
    const urls = allowedUrls(fields, client, deps.development);
    if (!confirmed) {
      const shown = { client_id: clientId, tenant_id: tenantId, intent, ...urls };
      return deps.pages.confirm({
        tenantName: tenant.name,
        intent,
        fields: { ...shown, ...(await formToken(headers, true, shown)) },
      });
    }
    const organizationId = organizationOf(tenant);
    const by: Actor = { ...actor, client, user };
    const launch = await deps.launches.insert(
      directLaunch(launchOf({ intent }, urls, tenant, client, user), user, deps.itAdminRoles),
      { actor: by, outcome: 'attempted', tenantId, details: { intent, mode: 'direct' } },
    );
    return mintFor(deps, launch, organizationId, by);
  };

  return {
    /** GET /launch-portal */
    async open({
      query,
      headers,
      actor,
    }: InputOf<typeof portalContract, 'launchPortal'>): Promise<Answer> {
      requireNavigation(headers);
      if (query.ticket === undefined) return admit(query, headers, mayMintAtOnce(headers), actor);
      return (
        (await redeem(query.ticket, 'redirect', headers, actor)) ??
        showConfirm(query.ticket, headers)
      );
    },

    /** POST /launch-portal: the button. */
    async confirm({
      body,
      headers,
      actor,
    }: InputOf<typeof portalContract, 'confirmLaunch'>): Promise<Answer> {
      requireNavigation(headers);
      requireOwnForm(headers, deps.publicUrl);
      const unsure = await lacksConsent(body, headers);
      if (body.ticket === undefined) return admit(body, headers, !unsure, actor);
      if (unsure && (await deps.launches.needsSignedInUser(sha256(body.ticket))))
        return showConfirm(body.ticket, headers);
      return (
        (await redeem(body.ticket, 'confirm', headers, actor)) ?? afterClick(body.ticket, headers)
      );
    },
  };
}

const mayMintAtOnce = (headers: Headers): boolean =>
  isByCookie(headers) ? isOpenedHere(headers) : !comesFromAnotherSite(headers);

/** A sign-in that is no good is nobody's here; where one is needed, it is refused with its reason. */
const asNobody = (error: unknown): undefined => {
  if (!(error instanceof Problem)) throw error;
  return undefined;
};

const getOnly = () =>
  new Problem('method-not-allowed', 'This link opens by GET only.', { allow: ['GET'] });

function incomplete(fields: Fields): Problem {
  const missing = (['client_id', 'tenant_id', 'intent'] as const).filter(
    (name) => fields[name] === undefined,
  );
  // An address without anything is what is left of a ticket that a mail program cut off.
  if (missing.length === 3) return gone();
  return new Problem('invalid-request', `${missing.join(', ')}: is required without a ticket`, {
    errors: missing.map((field) => ({
      field,
      code: 'required',
      message: 'is required without a ticket',
    })),
  });
}

/** Asked before anything is looked up: a stranger is not told which clients and tenants there are. */
function requireOwnTenant(
  user: ActingUser | undefined,
  tenantId: string,
): asserts user is ActingUser {
  if (!user) throw new Problem('acting-user-required', 'Only a signed-in user may come in here.');
  if (user.tenantId !== tenantId)
    throw new Problem('it-admin-required', 'The signed-in user is not of this tenant.');
}

/** The one person that a long ticket is for, signed in where it was made. @throws Problem `acting-user-required`, `invalid-user-token` */
function requireHolder(
  { userId, tenantId, clientId }: RedeemedLaunch,
  signedIn: ActingUser | undefined,
  { requireAuthorizedParty }: DoorDeps,
): void {
  if (signedIn?.id !== userId || signedIn.tenantId !== tenantId) {
    throw new Problem(
      'acting-user-required',
      'This link is for one person, who has to be signed in.',
    );
  }
  if (requireAuthorizedParty && signedIn.authorizedParty !== clientId)
    throw invalidSignIn(issuedToAnother());
}

const actorOf = ({ client, userId, roleSource }: RedeemedLaunch, actor: Actor): Actor => ({
  ...actor,
  client: client ?? undefined,
  user: {
    id: userId,
    tenantId: undefined,
    roles: [],
    source: roleSource === 'asserted' ? 'asserted' : 'token',
  },
});

const directLaunch = (
  launch: ReturnType<typeof launchOf>,
  { roles }: ActingUser,
  itAdminRoles: readonly string[],
): NewLaunch => ({
  ...launch,
  mode: 'direct',
  ticketSha256: null,
  roleSource: roles.some((role) => itAdminRoles.includes(role)) ? 'token' : 'registry',
  needsSignedInUser: true,
  lifetimeSeconds: 60,
  attempt: randomUUID(),
});
