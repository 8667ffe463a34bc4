import { randomUUID } from 'node:crypto';
import { issuedToAnother } from '../../auth/guard.ts';
import { requirePermission } from '../../auth/permission.ts';
import { invalidSignIn } from '../../auth/signed-in-user.ts';
import {
  hasItAdminRole,
  type ActingUser,
  type Actor,
  type Client,
  type Tenant,
} from '../../core/identity.ts';
import { Problem } from '../../core/problem.ts';
import type { Answer } from '../../http/answer.ts';
import type { InputOf } from '../../http/endpoint.ts';
import { organizationOf } from '../../tenants/model/status.ts';
import { formTokenField } from './consent.ts';
import type { portalContract } from '../protocol/contract.ts';
import { launchFields } from '../launches/create-launch.ts';
import type { PortalDeps } from '../protocol/deps.ts';
import { launchGone, LINK_REQUIREMENT } from '../link/launch-permission.ts';
import { letIn } from './let-in.ts';
import { allowedUrls, type ReturnUrls } from '../link/return-url.ts';
import type { NewLaunch } from '../stores/launch-store.ts';

type LaunchInput = InputOf<typeof portalContract, 'launchPortal'>;
type Fields = LaunchInput['query'];

/** A launch without a ticket, once the signed-in user is known to be allowed it. */
interface Admitted {
  readonly user: ActingUser;
  readonly client: Client;
  readonly tenant: Tenant & { readonly name: string };
  readonly intent: NonNullable<Fields['intent']>;
  readonly urls: ReturnUrls;
}

/**
 * Opens the portal for a signed-in IT admin who has no ticket. Everything is read and checked in
 * this one request.
 *
 * @param isConfirmed false: show the confirm page first
 * @throws Problem `invalid-request`, `acting-user-required`, those of `requirePermission`, `upstream-*`
 */
export async function launchDirectly(
  deps: PortalDeps,
  fields: Fields,
  input: Pick<LaunchInput, 'headers' | 'actor' | 'concerns' | 'language' | 'lang'>,
  isConfirmed: boolean,
): Promise<Answer> {
  const { actor, lang } = input;
  const admitted = await admit(deps, fields, input);
  const { user, client, tenant, intent } = admitted;
  if (!isConfirmed) return showConfirm(deps, admitted, input);
  const organizationId = organizationOf(tenant);
  const holder: Actor = { ...actor, client, user };
  const launch = await deps.launches.insert(directLaunch(admitted, deps.itAdminRoles), {
    actor: holder,
    outcome: 'attempted',
    tenantId: tenant.id,
    details: { intent, mode: 'direct' },
  });
  return letIn(deps, { ...launch, lang }, organizationId, holder, {
    ticket: undefined,
    headers: input.headers,
    lang,
  });
}

async function admit(
  deps: PortalDeps,
  fields: Fields,
  { headers, concerns }: Pick<LaunchInput, 'headers' | 'concerns'>,
): Promise<Admitted> {
  const { client_id: clientId, tenant_id: tenantId, intent } = fields;
  if (clientId === undefined || tenantId === undefined || intent === undefined)
    throw incomplete(fields);
  const user = await deps.signedInUser(headers);
  requireOwnTenant(user, tenantId);
  concerns({ id: tenantId });
  const client = await deps.findClient(clientId);
  if (!client || client.disabled) throw noSuchClient();
  if (deps.requireAuthorizedParty && user.authorizedParty !== client.id)
    throw invalidSignIn(issuedToAnother());
  const tenant = await deps.findTenant(tenantId);
  const registry = await deps.registry.stateOf(tenantId, user.id);
  requirePermission(
    LINK_REQUIREMENT,
    { client, tenantId, tenant, user, registry },
    deps.itAdminRoles,
  );
  if (!tenant) throw launchGone();
  return { user, client, tenant, intent, urls: allowedUrls(fields, client, deps.development) };
}

async function showConfirm(
  deps: PortalDeps,
  { user, client, tenant, intent, urls }: Admitted,
  { headers, language, lang }: Pick<LaunchInput, 'headers' | 'language' | 'lang'>,
): Promise<Answer> {
  const shown = { client_id: client.id, tenant_id: tenant.id, intent, ...urls };
  const fields = { ...shown, ...(await formTokenField(deps, headers, shown)) };
  return deps.pages.in(language).confirm({
    product: client.name,
    tenantName: tenant.name,
    userId: user.id,
    until: undefined,
    intent,
    fields,
    lang,
  });
}

/** The page names the field to whoever made the link. */
const noSuchClient = (): Problem =>
  new Problem('not-found', 'There is no such client.', {
    errors: [
      { field: 'client_id', code: 'client_unknown', message: 'is not the id of an enabled client' },
    ],
  });

function incomplete(fields: Fields): Problem {
  const missing = (['client_id', 'tenant_id', 'intent'] as const).filter(
    (name) => fields[name] === undefined,
  );
  // An address without parameters is what remains of a ticket that a mail program cut off.
  if (missing.length === 3) return launchGone();
  return new Problem('invalid-request', `${missing.join(', ')}: is required without a ticket`, {
    errors: missing.map((field) => ({
      field,
      code: 'required',
      message: 'is required without a ticket',
    })),
  });
}

/** Comes before any look-up, so that strangers cannot find out which clients and tenants exist. */
function requireOwnTenant(
  user: ActingUser | undefined,
  tenantId: string,
): asserts user is ActingUser {
  if (!user) throw new Problem('acting-user-required', 'Only signed-in users can open this page.');
  if (user.tenantId !== tenantId)
    throw new Problem('it-admin-required', 'The signed-in user is not of this tenant.');
}

const directLaunch = (
  { user, client, tenant, intent, urls }: Admitted,
  itAdminRoles: readonly string[],
): NewLaunch => ({
  ...launchFields({ intent }, urls, tenant, client, user),
  mode: 'direct',
  ticketSha256: null,
  roleSource: hasItAdminRole(user, itAdminRoles) ? 'token' : 'registry',
  needsSignedInUser: true,
  lifetimeSeconds: 60,
  attempt: randomUUID(),
});
