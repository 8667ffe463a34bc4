import { getClient } from '../clients/registered.ts';
import { loadSetting } from '../config/config.ts';
import type { ActingUser } from '../core/identity.ts';
import { unknownWord } from '../core/near-miss.ts';
import type { Database } from '../db/database.ts';
import type { Endpoint } from '../http/endpoint.ts';
import { createItAdminStore } from '../it-admins/store.ts';
import { OPERATIONS } from '../openapi/operations.ts';
import { createTenantStore } from '../tenants/registry/store.ts';
import { UsageError, type Arguments } from './arguments.ts';
import type { CommandResult } from './command.ts';
import {
  conditionsOf,
  hasKey,
  isEnabled,
  type Condition,
  type Facts,
} from './explain-conditions.ts';
import { table } from './output.ts';

/** `gatehouse clients explain`: which conditions of an operation a client meets. */

/** @throws UsageError for an unknown operation @throws Refused for an unknown client */
export async function explain(args: Arguments, db: Database): Promise<CommandResult> {
  const [id = '', operationId = '', tenantId] = args.operands;
  const { access } = endpointOf(operationId);
  const client = (await getClient(db, id)) as Facts['client'];
  if (access === 'client') return ofEveryClient(client, operationId);
  if (typeof access === 'string') return publicOperation(operationId);
  const user = userOf(args);
  const tenant =
    tenantId === undefined ? undefined : await createTenantStore(db).mappingOf(tenantId);
  const registry =
    tenantId !== undefined && user
      ? await createItAdminStore(db).stateOf(tenantId, user.id)
      : undefined;
  const itAdminRoles = loadSetting('IT_ADMIN_ROLES');
  const facts = { client, demand: access, tenantId, tenant, user, registry, itAdminRoles };
  return answer(facts, operationId);
}

function answer(facts: Facts, operationId: string): CommandResult {
  const conditions = conditionsOf(facts);
  const allowed = conditions.every(({ holds }) => holds);
  const { client, tenantId } = facts;
  const target = tenantId === undefined ? operationId : `${operationId} for tenant ${tenantId}`;
  const about = { client: client.id, operation: operationId, tenant: tenantId ?? null, allowed };
  return {
    ...report(about, conditions),
    note: `Client ${client.id} ${allowed ? 'may' : 'may not'} call ${target}.`,
  };
}

function report<About extends { readonly allowed: boolean }>(
  about: About,
  conditions: readonly Condition[],
) {
  return {
    data: {
      ...about,
      conditions: conditions.map(({ remedy, ...one }) => ({
        ...one,
        ...(!one.holds && { remedy }),
      })),
    },
    text: table(
      ['condition', 'holds', 'what to do'],
      conditions.map(({ condition, holds, remedy }) => [condition, holds, holds ? '' : remedy]),
    ),
    code: about.allowed ? 0 : 1,
  };
}

/** `POST /mcp`: what a client may do there depends on the tool. */
function ofEveryClient(client: Facts['client'], operationId: string): CommandResult {
  const conditions = [hasKey(client), isEnabled(client)];
  const allowed = conditions.every(({ holds }) => holds);
  return {
    ...report({ client: client.id, operation: operationId, tenant: null, allowed }, conditions),
    note: `Client ${client.id} ${allowed ? 'may' : 'may not'} call ${operationId}. It needs no scope of its own; each tool needs what its operation does: explain that operation (docs/agents.md).`,
  };
}

const publicOperation = (operationId: string): CommandResult => ({
  data: { operation: operationId, allowed: true, conditions: [] },
  text: '',
  note: `${operationId} is public: it needs no key. A sign-in needs the scope sso:login, an active tenant and a registered redirect URI; see gatehouse redirects test --help.`,
});

/** @throws UsageError naming the near miss */
function endpointOf(operationId: string): Endpoint {
  const endpoints = new Map<string, Endpoint>(
    Object.values(OPERATIONS).flatMap(({ contract }) => Object.entries(contract)),
  );
  const endpoint = endpoints.get(operationId);
  if (endpoint) return endpoint;
  const what = unknownWord('operation', operationId, [...endpoints.keys()]);
  throw new UsageError(`${what}; gatehouse openapi lists them as operationId`);
}

function userOf(args: Arguments): ActingUser | undefined {
  const id = args.one('user');
  const roles = args.many('roles')?.flatMap((text) => text.split(',').map((one) => one.trim()));
  if (id === undefined && roles) throw new UsageError('--roles needs --user');
  return id === undefined
    ? undefined
    : { id, tenantId: undefined, roles: roles ?? [], source: 'token' };
}
