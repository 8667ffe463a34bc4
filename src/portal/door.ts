import { randomUUID } from 'node:crypto';
import type { AuditRow, AuditWriter, Outcome } from '../audit-trail/writer.ts';
import { decide, requireClient, type RegistryState } from '../auth/permission.ts';
import type { Answer } from '../http/answer.ts';
import type { Endpoint, Input } from '../http/endpoint.ts';
import type { ActingUser, Actor, Client, Tenant } from '../identity.ts';
import type { Pages } from '../pages/pages.ts';
import { Problem } from '../problem.ts';
import { type Secret } from '../secret.ts';
import { organizationOf } from '../tenants/status.ts';
import type { portalContract } from './contract.ts';
import type { Links } from './links.ts';
import { comesFromAnotherSite, requireNavigation, requireOwnForm } from './navigation.ts';
import { allowedUrls, launchOf } from './service.ts';
import type { LaunchStore, NewLaunch, RedeemedLaunch } from './store.ts';
import { makeReturnToken, sha256 } from './ticket.ts';

export interface DoorDeps {
  readonly launches: LaunchStore;
  readonly links: Links;
  readonly audit: AuditWriter;
  readonly pages: Pages;
  readonly signedInUser: (headers: Input<Endpoint>['headers']) => Promise<ActingUser | undefined>;
  readonly clients: { byId(id: string): Promise<Client | undefined> };
  readonly tenants: { byId(id: string): Promise<(Tenant & { readonly name: string }) | undefined> };
  readonly registry: { stateOf(tenantId: string, userId: string): Promise<RegistryState> };
  readonly reportMissing: (
    tenantId: string,
    organizationId: string,
    actor: Actor,
  ) => Promise<Problem>;
  readonly itAdminRoles: readonly string[];
  readonly requireAuthorizedParty: boolean;
  readonly publicUrl: string;
  readonly development: boolean;
}

type Fields = Input<(typeof portalContract)['launchPortal'] & Endpoint>['query'];
type Headers = Input<Endpoint>['headers'];

const REQUIREMENT = { scope: 'portal:launch', actingUser: 'it-admin' } as const;

export type PortalDoor = ReturnType<typeof createPortalDoor>;

/**
 * The browser's door. The link is minted only while the browser is at the door, after role, client
 * and tenant were checked again, and leaves in the redirect alone.
 */
export function createPortalDoor(deps: DoorDeps) {
  /** Mints for a launch whose attempt is ours, and lets it go at most once, ever. */
  const mint = async (launch: Mintable, tenant: Tenant, actor: Actor): Promise<Answer> => {
    const audit = (outcome: Outcome): AuditRow => ({
      actor,
      outcome,
      tenantId: tenant.id,
      details: { launch: launch.id, intent: launch.intent },
    });
    try {
      const organization = organizationOf(tenant);
      const returnToken = makeReturnToken();
      await deps.audit.record(audit('attempted'));
      const link = await deps.links.mint(
        {
          organization,
          intent: launch.intent,
          ...urlsFor(launch, returnToken.secret, deps.publicUrl),
          ...contacts(launch),
        },
        () => deps.reportMissing(tenant.id, organization, actor),
      );
      if (!(await deps.launches.complete(launch, returnToken.sha256, audit('succeeded'))))
        throw gone();
      return { redirect: link };
    } catch (error) {
      await deps.launches.fail(launch, audit('failed')).catch(() => undefined);
      throw error;
    }
  };

  /** All of permission again, from what the redeeming statement read on the primary. */
  const checkAgain = async (launch: RedeemedLaunch, headers: Headers): Promise<Tenant> => {
    const { client, tenant, registry } = launch;
    if (!client || client.disabled || !tenant) throw gone();
    const user = holderOf(launch, deps.itAdminRoles);
    decide(
      REQUIREMENT,
      { client, tenantId: launch.tenantId, tenant, user, registry: registry ?? undefined },
      deps.itAdminRoles,
    );
    if (launch.long && !launch.needsSignedInUser) requireClient(client, { scope: 'portal:invite' });
    if (launch.needsSignedInUser) requireSame(await deps.signedInUser(headers), user);
    return tenant;
  };

  const redeem = async (
    ticket: string,
    mode: 'redirect' | 'confirm',
    headers: Headers,
    actor: Actor,
  ): Promise<Answer | undefined> => {
    const launch = await deps.launches.redeem(sha256(ticket), randomUUID(), mode);
    if (!launch) return undefined;
    const by = actorOf(launch, actor);
    const tenant = await checkAgain(launch, headers).catch(async (error: unknown) => {
      await deps.launches.fail(launch, {
        actor: by,
        outcome: 'refused',
        tenantId: launch.tenantId,
        details: { launch: launch.id },
      });
      throw error;
    });
    return mint(launch, tenant, by);
  };

  /** A `confirm` ticket: GET shows a button and spends nothing, so mail scanners may look. */
  const showConfirm = async (ticket: string): Promise<Answer> => {
    const launch = await deps.launches.open(sha256(ticket));
    if (!launch) throw gone();
    return deps.pages.confirm({
      tenantName: launch.tenantName,
      intent: launch.intent as never,
      fields: { ticket },
    });
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
    if (deps.requireAuthorizedParty && user.authorizedParty !== client.id) throw invalidSignIn();
    const tenant = await deps.tenants.byId(tenantId);
    const registry = await deps.registry.stateOf(tenantId, user.id);
    decide(REQUIREMENT, { client, tenantId, tenant, user, registry }, deps.itAdminRoles);
    if (!tenant) throw gone();
    const urls = allowedUrls(fields, client, deps.development);
    if (comesFromAnotherSite(headers) && !confirmed) {
      return deps.pages.confirm({
        tenantName: tenant.name,
        intent,
        fields: { client_id: clientId, tenant_id: tenantId, intent, ...urls },
      });
    }
    organizationOf(tenant);
    const by: Actor = { ...actor, client, user };
    const launch = await deps.launches.insert(
      directLaunch(launchOf({ intent }, urls, tenant, client, user), registry),
      { actor: by, outcome: 'attempted', tenantId, details: { intent, mode: 'direct' } },
    );
    return mint(launch, tenant, by);
  };

  return {
    /** GET /launch-portal */
    async open({
      query,
      headers,
      actor,
    }: Input<(typeof portalContract)['launchPortal'] & Endpoint>): Promise<Answer> {
      requireNavigation(headers);
      if (query.ticket === undefined) return admit(query, headers, false, actor);
      return (await redeem(query.ticket, 'redirect', headers, actor)) ?? showConfirm(query.ticket);
    },

    /** POST /launch-portal: the button. */
    async confirm({
      body,
      headers,
      actor,
    }: Input<(typeof portalContract)['confirmLaunch'] & Endpoint>): Promise<Answer> {
      requireNavigation(headers);
      requireOwnForm(headers, deps.publicUrl);
      if (body.ticket === undefined) return admit(body, headers, true, actor);
      const answer = await redeem(body.ticket, 'confirm', headers, actor);
      if (answer) return answer;
      throw (await deps.launches.isLive(sha256(body.ticket), 'redirect')) ? getOnly() : gone();
    },
  };
}

type Mintable = Pick<
  RedeemedLaunch,
  | 'id'
  | 'attempt'
  | 'tenantId'
  | 'intent'
  | 'returnUrl'
  | 'successUrl'
  | 'returnPage'
  | 'itContactEmails'
>;

const gone = () => new Problem('launch-gone', 'The link was used, has expired or never existed.');

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

/** Whom the ticket was made for. A role that only a token vouched for cannot be read again. */
const holderOf = (
  { userId, tenantId, roleSource }: RedeemedLaunch,
  itAdminRoles: readonly string[],
): ActingUser => ({
  id: userId,
  tenantId,
  roles: roleSource === 'registry' ? [] : itAdminRoles,
  source: roleSource === 'asserted' ? 'asserted' : 'token',
});

/** Asked before anything is looked up: a stranger is not told which clients and tenants there are. */
function requireOwnTenant(
  user: ActingUser | undefined,
  tenantId: string,
): asserts user is ActingUser {
  if (!user) throw new Problem('acting-user-required', 'Only a signed-in user may come in here.');
  if (user.tenantId !== tenantId)
    throw new Problem('it-admin-required', 'The signed-in user is not of this tenant.');
}

function requireSame(signedIn: ActingUser | undefined, { id, tenantId }: ActingUser): void {
  if (signedIn?.id !== id || signedIn.tenantId !== tenantId) {
    throw new Problem(
      'acting-user-required',
      'This link is for one person, who has to be signed in.',
    );
  }
}

const invalidSignIn = () =>
  new Problem('invalid-user-token', 'The sign-in is not for this product.');

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

const directLaunch = (launch: ReturnType<typeof launchOf>, registry: RegistryState): NewLaunch => ({
  ...launch,
  mode: 'direct',
  ticketSha256: null,
  roleSource: registry === 'granted' ? 'registry' : 'token',
  needsSignedInUser: true,
  lifetimeSeconds: 60,
  attempt: randomUUID(),
});

/** Through the door WorkOS leads back to our page, unless the caller wants its own. */
function urlsFor(
  { returnPage, returnUrl, successUrl }: Mintable,
  token: Secret,
  publicUrl: string,
) {
  if (!returnPage)
    return {
      ...(returnUrl && { return_url: returnUrl }),
      ...(successUrl && { success_url: successUrl }),
    };
  const page = `${publicUrl}/portal/return?launch=${token.reveal()}`;
  return { return_url: page, success_url: `${page}&finished=1` };
}

const contacts = ({ itContactEmails }: Mintable) =>
  itContactEmails.length > 0 ? { it_contact_emails: itContactEmails } : {};
