/** What WorkOS keeps for tenants, made behind Gatehouse's back, and how operations name it. */
import type {
  ForwardedEndpoint,
  OwnedKind,
} from '../../src/pass-through/forwarding/forwarded-endpoint.ts';
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
}

/** Of one client. */
export interface OwnThings {
  readonly factor: string;
  readonly challenge: string;
  readonly session: string;
  readonly export: string;
}

export const NO_THINGS: Things & OwnThings = {
  connection: NOTHING,
  directory: NOTHING,
  directoryUser: NOTHING,
  directoryGroup: NOTHING,
  domain: NOTHING,
  user: NOTHING,
  externalId: NOTHING,
  factor: NOTHING,
  challenge: NOTHING,
  session: NOTHING,
  export: NOTHING,
};

/** A call to WorkOS itself, with its key. */
export async function askWorkos<T = { readonly id: string }>(
  { workos }: TestApp,
  method: string,
  path: string,
  body?: object,
): Promise<T> {
  const response = await fetch(`${workos.url}${path}`, {
    method,
    headers: { authorization: `Bearer ${workos.apiKey}`, 'content-type': 'application/json' },
    body: body ? JSON.stringify(body) : null,
  });
  if (!response.ok) throw new Error(`${method} ${path} came to ${response.status}`);
  return (await response.json()) as T;
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
  const factor = await make('factor', '/auth/factors/enroll', { type: 'generic_otp' });
  return {
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
};

/** The operation, asked about these things of a tenant. */
export function namesFor(operation: Operation, tenant: string, things: Things & OwnThings): Names {
  const forward = forwardingOf(operation);
  const id = things[THING_OF[forward?.noun ?? ''] ?? 'connection'];
  return {
    tenant,
    params: { id, external_id: things.externalId, action: 'user.signed_in' },
    ...(forward?.rule === 'container' && { query: { directory: things.directory } }),
  };
}
