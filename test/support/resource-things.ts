/** What WorkOS keeps for tenants, made behind Gatehouse's back, and how operations name it. */
import type {
  ForwardedEndpoint,
  OwnedKind,
} from '../../src/pass-through/forwarding/forwarded-endpoint.ts';
import { idOfToken } from '../../src/pass-through/forwarding/token-id.ts';
import { NOTHING, type Names, type Operation } from './operations.ts';
import type { TestApp } from './test-app.ts';

/** Of one organization. */
export interface Things {
  readonly connection: string;
  readonly directory: string;
  readonly directoryUser: string;
  readonly directoryGroup: string;
  readonly domain: string;
  readonly user: string;
  readonly externalId: string;
  readonly email: string;
  /** A membership that is in the group. */
  readonly membership: string;
  readonly otherMembership: string;
  /** Has an inactive membership. */
  readonly leaver: string;
  readonly invitation: string;
  readonly invitationToken: string;
  readonly group: string;
  readonly role: string;
  readonly magicAuth: string;
  readonly passwordReset: string;
  readonly emailVerification: string;
  readonly verificationCode: string;
  readonly changeCode: string;
}

/** Of one client. */
export interface OwnThings {
  readonly factor: string;
  readonly challenge: string;
  readonly session: string;
  readonly export: string;
  readonly resetToken: string;
  readonly apiKey: string;
}

export const NO_THINGS: Things & OwnThings = {
  connection: NOTHING,
  directory: NOTHING,
  directoryUser: NOTHING,
  directoryGroup: NOTHING,
  domain: NOTHING,
  user: NOTHING,
  externalId: NOTHING,
  email: 'nobody@people.example',
  membership: NOTHING,
  otherMembership: NOTHING,
  leaver: NOTHING,
  invitation: NOTHING,
  invitationToken: NOTHING,
  group: NOTHING,
  role: 'nothing',
  magicAuth: NOTHING,
  passwordReset: NOTHING,
  emailVerification: NOTHING,
  verificationCode: '000000',
  changeCode: '000000',
  factor: NOTHING,
  challenge: NOTHING,
  session: NOTHING,
  export: NOTHING,
  resetToken: NOTHING,
  apiKey: NOTHING,
};

/** What WorkOS itself would do, asked with its key. */
export async function askWorkos<T = { readonly id: string }>(
  { workos }: TestApp,
  method: string,
  path: string,
  body?: object,
): Promise<T> {
  const reply = await workos.perform({ method, path, body });
  if (reply.status >= 300) throw new Error(`${method} ${path} came to ${reply.status}`);
  return structuredClone(reply.body) as T;
}

/** An organization that Gatehouse knows nothing of. */
export const foreignOrganization = async (gatehouse: TestApp): Promise<string> =>
  (await askWorkos(gatehouse, 'POST', '/organizations', { name: 'Made by hand' })).id;

let made = 0;

/** One of each. */
export async function makeThings(gatehouse: TestApp, organization: string): Promise<Things> {
  const { workos } = gatehouse;
  made += 1;
  const directory = workos.addDirectory(organization).id;
  const directoryUser = workos.addDirectoryUser(directory).id;
  const directoryGroup = workos.addDirectoryGroup(directory).id;
  workos.addToGroup(directoryGroup, directoryUser);
  const domain = await askWorkos(gatehouse, 'POST', '/organization_domains', {
    organization_id: organization,
    domain: `sub-${made}.example`,
  });
  const externalId = `person-${made}`;
  const user = await makeUser(gatehouse, [organization], { external_id: externalId });
  return {
    connection: workos.addConnection(organization).id,
    directory,
    directoryUser,
    directoryGroup,
    domain: domain.id,
    user,
    externalId,
    ...(await makeAccessThings(gatehouse, organization, user)),
  };
}

/** The permission, the role and the flag that all tenants have. Idempotent. */
export function makeSharedThings({ workos }: TestApp): void {
  const { permissions, roles, featureFlags } = workos.state;
  const at = new Date().toISOString();
  const stamps = { created_at: at, updated_at: at };
  const shared = { description: null, resource_type_slug: 'organization', ...stamps };
  const named = (slug: string) => ({ id: `shared_${slug}`, slug, name: slug, ...shared });
  permissions.set('reading', { object: 'permission', system: false, ...named('invoices:read') });
  for (const slug of ['admin', 'member'])
    roles.set(slug, {
      ...{ object: 'role', type: 'EnvironmentRole', organization_id: null, permissions: [] },
      ...named(slug),
    });
  if (featureFlags.size === 0) workos.addFeatureFlag('beta');
}

async function makeAccessThings(gatehouse: TestApp, organization: string, user: string) {
  makeSharedThings(gatehouse);
  const { workos } = gatehouse;
  const users = '/user_management';
  const email = workos.state.users.get(user)?.email ?? '';
  const otherUser = await makeUser(gatehouse, [organization]);
  const leaver = await makeUser(gatehouse, []);
  workos.addMembership(organization, leaver, { status: 'inactive' });
  const membershipOf = (id: string) =>
    [...workos.state.organizationMemberships.values()].find((one) => one.user_id === id)?.id ?? '';
  const membership = membershipOf(user);
  const ask = <T = { readonly id: string }>(method: string, path: string, body: object) =>
    askWorkos<T>(gatehouse, method, path, body);
  const roles = `/authorization/organizations/${organization}/roles`;
  const role = `org-role-${made}`;
  await ask('POST', roles, { name: 'Role', slug: role });
  await ask('PUT', `${roles}/${role}/permissions`, { permissions: ['invoices:read'] });
  const group = await ask('POST', `/organizations/${organization}/groups`, { name: 'Group' });
  await ask('POST', `/organizations/${organization}/groups/${group.id}/organization-memberships`, {
    organization_membership_id: membership,
  });
  const invitation = await ask<{ id: string; token: string }>('POST', `${users}/invitations`, {
    organization_id: organization,
    email: workos.state.users.get(otherUser)?.email,
  });
  await ask('POST', `${users}/users/${user}/email_verification/send`, {});
  const sent = [...workos.state.emailVerifications.values()].at(-1);
  await ask('POST', `${users}/users/${user}/email_change/send`, { new_email: `new-${email}` });
  return {
    email,
    leaver,
    membership,
    otherMembership: membershipOf(otherUser),
    invitation: invitation.id,
    invitationToken: invitation.token,
    group: group.id,
    role,
    magicAuth: (await ask('POST', `${users}/magic_auth`, { email })).id,
    passwordReset: (await ask('POST', `${users}/password_reset`, { email })).id,
    emailVerification: sent?.id ?? '',
    verificationCode: sent?.code ?? '',
    changeCode: workos.state.emailChanges.get(user)?.code ?? '',
  };
}

/** A member of these organizations. */
export async function makeUser(
  gatehouse: TestApp,
  organizations: readonly string[],
  fields: object = {},
): Promise<string> {
  made += 1;
  const email = `person-${made}@people.example`;
  const { id } = await askWorkos(gatehouse, 'POST', '/user_management/users', { email, ...fields });
  for (const organization of organizations) gatehouse.workos.addMembership(organization, id);
  return id;
}

/** What WorkOS keeps without a tenant, as if this client had made it. */
export async function makeOwnThings(
  gatehouse: TestApp,
  owner: { readonly clientId: string; readonly tenantId: string | null },
  organization: string,
): Promise<OwnThings> {
  const make = async (kind: OwnedKind, path: string, body: object) => {
    const { id } = await askWorkos(gatehouse, 'POST', path, body);
    await gatehouse.database.superuser(
      'insert into owned_objects (kind, id, client_id, tenant_id) values ($1, $2, $3, $4)',
      [kind, id, owner.clientId, owner.tenantId],
    );
    return id;
  };
  const email = `reset-${made}@people.example`;
  await makeUser(gatehouse, [organization], { email });
  const reset = await askWorkos<{ password_reset_token: string }>(
    gatehouse,
    'POST',
    '/user_management/password_reset',
    { email },
  );
  const resetToken = reset.password_reset_token;
  await gatehouse.database.superuser(
    'insert into owned_objects (kind, id, client_id, tenant_id) values ($1, $2, $3, $4)',
    ['password_reset', idOfToken({ token: resetToken }), owner.clientId, owner.tenantId],
  );
  const factor = await make('factor', '/auth/factors/enroll', { type: 'generic_otp' });
  return {
    resetToken,
    apiKey: await make('api_key', `/organizations/${organization}/api_keys`, { name: 'Key' }),
    factor,
    challenge: await make('challenge', `/auth/factors/${factor}/challenge`, {}),
    session: await make('passwordless_session', '/passwordless/sessions', {
      type: 'MagicLink',
      email: 'ada@people.example',
      redirect_uri: 'https://gatehouse.example.com/sso/callback',
    }),
    export: await make('audit_log_export', '/audit_logs/exports', {
      organization_id: organization,
      range_start: new Date(Date.now() - 86_400_000).toISOString(),
      range_end: new Date().toISOString(),
    }),
  };
}

/** Undefined: the operation has a handler of its own. */
export const forwardingOf = ({ endpoint }: Operation): ForwardedEndpoint['forward'] | undefined =>
  (endpoint as Partial<ForwardedEndpoint>).forward;

const THING_OF: Readonly<Record<string, keyof (Things & OwnThings)>> = {
  connection: 'connection',
  directory: 'directory',
  'directory user': 'directoryUser',
  'directory group': 'directoryGroup',
  'organization domain': 'domain',
  user: 'user',
  'authentication factor': 'factor',
  'authentication challenge': 'challenge',
  'passwordless session': 'session',
  'audit log export': 'export',
  'organization membership': 'membership',
  invitation: 'invitation',
  'API key': 'apiKey',
  'magic auth code': 'magicAuth',
  'password reset': 'passwordReset',
  'e-mail verification': 'emailVerification',
};

/** Of a role, a permission or a feature flag. */
function slugFor({ endpoint: { path } }: Operation, { role }: Things): string {
  if (path.startsWith('/feature-flags')) return 'beta';
  if (path.startsWith('/authorization/permissions')) return 'invoices:read';
  return path.includes('{organization_id}') ? role : 'admin';
}

/** What an operation's body says about these things. */
const BODY_OF: Readonly<Record<string, (things: Things & OwnThings) => Record<string, unknown>>> = {
  createOrganizationMembership: ({ leaver }) => ({ user_id: leaver }),
  createWidgetToken: ({ user }) => ({ user_id: user }),
  addGroupMember: ({ otherMembership }) => ({ organization_membership_id: otherMembership }),
  createMagicAuth: ({ email }) => ({ email }),
  createPasswordReset: ({ email }) => ({ email }),
  confirmPasswordReset: ({ resetToken }) => ({ token: resetToken }),
  confirmEmailVerification: ({ verificationCode }) => ({ code: verificationCode }),
  confirmEmailChange: ({ changeCode }) => ({ code: changeCode }),
  sendEmailChange: ({ email }) => ({ new_email: `newer-${email}` }),
};

/** The operation, asked about these things of a tenant. */
export function namesFor(operation: Operation, tenant: string, things: Things & OwnThings): Names {
  const forward = forwardingOf(operation);
  const id = things[THING_OF[forward?.noun ?? ''] ?? 'connection'];
  return {
    tenant,
    params: {
      id,
      external_id: things.externalId,
      action: 'user.signed_in',
      token: things.invitationToken,
      group_id: things.group,
      membership_id: things.membership,
      slug: slugFor(operation, things),
      permission_slug: 'invoices:read',
    },
    body: BODY_OF[operation.id]?.(things) ?? {},
    ...(forward?.rule === 'container' && { query: { directory: things.directory } }),
  };
}
