/** Requests made from the contracts, so that an operation cannot be added without its tests. */
import type { Access, Endpoint } from '../../src/http/endpoint.ts';
import { contracts } from '../../src/openapi/contracts.ts';
import type { Call } from './calls.ts';

export interface Operation {
  readonly id: string;
  readonly endpoint: Endpoint;
}

export interface GuardedOperation extends Operation {
  readonly access: Exclude<Access, 'public'>;
}

export interface Names {
  readonly tenant: string;
  readonly user?: string;
  readonly launch?: string;
}

export const operations: readonly Operation[] = Object.values(contracts).flatMap(({ contract }) =>
  Object.entries(contract).map(([id, endpoint]) => ({ id, endpoint })),
);

export const guardedOperations: readonly GuardedOperation[] = operations.flatMap((operation) => {
  const { access } = operation.endpoint;
  return access === 'public' ? [] : [{ ...operation, access }];
});

/** Those whose request names a tenant. */
export const tenantOperations = guardedOperations.filter(({ access }) => access.tenant);

/** Those that take JSON. */
export const jsonOperations = operations.filter(
  ({ endpoint }) => endpoint.body && endpoint.bodyAs !== 'form',
);

const NO_LAUNCH = `launch_${'0'.repeat(32)}`;

/** The operation's own example, asked about these. */
export function callOf(
  { endpoint }: Operation,
  { tenant, user = 'ada', launch = NO_LAUNCH }: Names,
  headers: Readonly<Record<string, string>> = {},
): Call {
  const path = endpoint.path
    .replace('{tenant_id}', tenant)
    .replace('{user_id}', user)
    .replace('{launch_id}', launch);
  if (!endpoint.body) return { method: endpoint.method, path, headers };
  return {
    method: endpoint.method,
    path,
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ ...endpoint.example, ...tenantField(endpoint, tenant) }),
  };
}

function tenantField({ access }: Endpoint, tenant: string): Record<string, string> {
  const where = access === 'public' ? undefined : access.tenant;
  return where?.startsWith('body.') ? { [where.slice('body.'.length)]: tenant } : {};
}
