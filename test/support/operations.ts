/** Requests made from the contracts, so that an operation cannot be added without its tests. */
import type { Access } from '../../src/http/access.ts';
import type { Endpoint } from '../../src/http/endpoint.ts';
import { OPERATIONS } from '../../src/openapi/operations.ts';
import type { Call } from './http-caller.ts';

export interface Operation {
  readonly id: string;
  readonly endpoint: Endpoint;
}

export interface GuardedOperation extends Operation {
  readonly access: Exclude<Access, string>;
}

export interface Names {
  readonly tenant: string;
  readonly user?: string;
  readonly launch?: string;
  /** Of the path, by name. Default: ids of nothing. */
  readonly params?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string>>;
  /** Fields of the body, where it takes one. */
  readonly body?: Readonly<Record<string, unknown>>;
}

export const operations: readonly Operation[] = Object.values(OPERATIONS).flatMap(({ contract }) =>
  Object.entries(contract).map(([id, endpoint]) => ({ id, endpoint })),
);

export const guardedOperations: readonly GuardedOperation[] = operations.flatMap((operation) => {
  const { access } = operation.endpoint;
  return typeof access === 'string' ? [] : [{ ...operation, access }];
});

const RESOURCES = [
  'Organizations',
  'Connections',
  'Directories',
  'Audit logs',
  'Multi-factor authentication',
  'Magic links',
  'Users',
  'Codes for users',
  'Organization memberships',
  'Invitations',
  'Roles and permissions',
  'Groups',
  'API keys',
  'Widgets',
  'Feature flags',
];

/** WorkOS's resources, per tenant: most of them are about objects, which have to be made first. */
export const resourceOperations: readonly GuardedOperation[] = guardedOperations.filter(
  ({ id, endpoint }) =>
    !endpoint.path.startsWith('/v1/') && RESOURCES.some((tag) => OPERATIONS[tag]?.contract[id]),
);

/** Those whose request names a tenant. */
export const tenantOperations = guardedOperations.filter(({ access }) => access.tenant);

/** Those that take JSON. */
export const jsonOperations = operations.filter(
  ({ endpoint }) => endpoint.body && endpoint.bodyAs !== 'form',
);

const NO_LAUNCH = `launch_${'0'.repeat(32)}`;
export const NOTHING = 'nothing_00000000000000000000000000';

const daysAgo = (days: number): string => new Date(Date.now() - days * 86_400_000).toISOString();

/** Of operations whose contract has no example, because what they are about has to be made first. */
const BODIES: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  createAuditLogExport: { range_start: daysAgo(2), range_end: daysAgo(1) },
  replayWebhookEvents: { since: daysAgo(1) },
  createAuditLogSchema: { targets: [{ type: 'team' }] },
  challengeFactor: {},
  verifyChallenge: { code: '000000' },
  updateOrganization: { name: 'Another name' },
  updateUser: { first_name: 'Grace' },
  createOrganizationMembership: { user_id: NOTHING, organization_id: 'acme' },
  addGroupMember: { organization_membership_id: NOTHING },
  resendInvitation: {},
  confirmPasswordReset: { token: NOTHING, new_password: 'correct horse battery staple' },
  expireApiKey: {},
};

/** A body that the operation takes. Undefined: it takes none, or none is known. */
export const bodyOf = ({
  id,
  endpoint,
}: Operation): Readonly<Record<string, unknown>> | undefined => endpoint.example ?? BODIES[id];

/** The operation's own example, asked about these. */
export function callOf(
  operation: Operation,
  names: Names,
  headers: Readonly<Record<string, string>> = {},
): Call {
  const { endpoint } = operation;
  const path = pathOf(endpoint, names);
  if (!endpoint.body) return { method: endpoint.method, path, headers };
  return {
    method: endpoint.method,
    path,
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({
      ...bodyOf(operation),
      ...names.body,
      ...tenantIn(endpoint, 'body', names.tenant),
    }),
  };
}

function pathOf(endpoint: Endpoint, names: Names): string {
  const { tenant, user = 'ada', launch = NO_LAUNCH } = names;
  const values: Readonly<Record<string, string>> = {
    tenant_id: tenant,
    user_id: user,
    launch_id: launch,
    ...names.params,
    ...tenantIn(endpoint, 'params', tenant),
  };
  const query = new URLSearchParams({ ...tenantIn(endpoint, 'query', tenant), ...names.query });
  const path = endpoint.path.replaceAll(/\{(\w+)\}/g, (_, name: string) => values[name] ?? NOTHING);
  return query.size === 0 ? path : `${path}?${query.toString()}`;
}

/** The field that names the tenant, if it is in that part of the request. */
function tenantIn(
  { access }: Endpoint,
  part: 'params' | 'query' | 'body',
  tenant: string,
): Record<string, string> {
  const where = typeof access === 'string' ? undefined : access.tenant;
  return where?.startsWith(`${part}.`) ? { [where.slice(part.length + 1)]: tenant } : {};
}
