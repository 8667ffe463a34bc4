import { requireClient, requirePermission, type RegistryState } from '../auth/permission.ts';
import { getClient, type RegisteredClient } from '../clients/registered.ts';
import { loadSetting } from '../config/config.ts';
import type { ActingUser, Client, Tenant } from '../core/identity.ts';
import { unknownWord } from '../core/near-miss.ts';
import { Problem } from '../core/problem.ts';
import type { Database } from '../db/database.ts';
import type { Endpoint } from '../http/endpoint.ts';
import type { Demand } from '../http/guard.ts';
import { createItAdminStore } from '../it-admins/store.ts';
import { OPERATIONS } from '../openapi/operations.ts';
import { createTenantStore } from '../tenants/registry/store.ts';
import { UsageError, type Arguments } from './arguments.ts';
import type { CommandResult } from './command.ts';
import { table } from './output.ts';

/** `gatehouse clients explain`: which conditions of an operation a client meets. */

interface Condition {
  readonly condition: string;
  readonly holds: boolean;
  /** What to do if it does not hold. */
  readonly remedy?: string;
}

/** The facts that the decision depends on. */
interface Facts {
  readonly client: RegisteredClient & Client;
  readonly demand: Demand;
  readonly tenantId: string | undefined;
  readonly tenant: Tenant | undefined;
  readonly user: ActingUser | undefined;
  readonly registry: RegistryState;
  readonly itAdminRoles: readonly string[];
}

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
  const conditions = CONDITIONS.flatMap((one) => one(facts));
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

const hasKey = ({ id, keys, tokenSubject }: Facts['client']): Condition => ({
  condition: 'has a valid key or a workload identity',
  holds: tokenSubject !== null || keys.some(({ live }) => live),
  remedy: `gatehouse clients rotate-key ${id}`,
});

const isEnabled = ({ id, disabled }: Facts['client']): Condition => ({
  condition: 'is enabled',
  holds: !disabled,
  remedy: `gatehouse clients update ${id} --disabled false`,
});

/**
 * Each asks the guard's own decision about one condition, with everything else granted. There is no
 * second copy of the rules: what is refused here is refused there.
 */
const CONDITIONS: readonly ((facts: Facts) => Condition[])[] = [
  ({ client }) => [hasKey(client), isEnabled(client)],
  ({ client, demand }) => [
    {
      condition: `has the scope ${demand.scope}`,
      holds: holds(() => {
        requireClient({ ...granted(client, demand), scopes: client.scopes }, demand);
      }),
      remedy: `gatehouse clients update ${client.id} --scopes ${[...client.scopes, demand.scope].join(',')}`,
    },
  ],
  ({ client, demand }) =>
    demand.everyTenant
      ? [
          {
            condition: `may use every tenant${demand.orScope ? `, or has the scope ${demand.orScope}` : ''}`,
            holds: holds(() => {
              const scopes = [...client.scopes, demand.scope];
              requireClient({ ...client, scopes, disabled: false }, demand);
            }),
            remedy: `gatehouse clients update ${client.id} --tenants '*'`,
          },
        ]
      : [],
  tenantConditions,
  userConditions,
];

function tenantConditions({ client, demand, tenantId, tenant }: Facts): Condition[] {
  if (!demand.tenant && !demand.tenantOf && !demand.orEveryTenant) return [];
  const requirement = { ...demand, everyTenant: undefined, actingUser: undefined } as Demand;
  const decide = (known: Tenant | undefined, tenants = client.tenants) =>
    holds(() => {
      const trusted = { ...granted(client, demand), tenants };
      const facts = {
        client: trusted,
        tenantId,
        tenant: known,
        user: undefined,
        registry: undefined,
      };
      requirePermission(requirement, facts, []);
    });
  if (tenantId === undefined)
    return [
      {
        condition: 'names a tenant',
        holds: demand.orEveryTenant === true && decide(undefined),
        remedy: 'name the tenant: gatehouse clients explain ID OPERATION TENANT',
      },
    ];
  const exists: Tenant = { id: tenantId, organizationId: null, status: 'active' };
  return [
    {
      condition: `may use the tenant ${tenantId}`,
      holds: decide(exists),
      remedy: `gatehouse clients update ${client.id} --tenants '${[...client.tenants, tenantId].join(',')}'`,
    },
    {
      condition: `the tenant ${tenantId} exists${tenant ? ` (${tenant.status})` : ''}`,
      holds: decide(tenant, ['*']),
      remedy: `create it: PUT /v1/tenants/${tenantId}`,
    },
  ];
}

function userConditions({ client, demand, tenantId, ...facts }: Facts): Condition[] {
  if (!demand.actingUser) return [];
  const { user, registry, itAdminRoles } = facts;
  if (!user)
    return [
      {
        condition: 'the acting user is an IT admin of the tenant',
        holds: false,
        remedy: `the request needs Gatehouse-User-Token of a user with a role of IT_ADMIN_ROLES (${itAdminRoles.join(', ')}), or whom the registry grants; try --user ID --roles ${itAdminRoles[0] ?? 'it_admin'}`,
      },
    ];
  const tenant: Tenant = { id: tenantId ?? '', organizationId: null, status: 'active' };
  return [
    {
      condition: `the user ${user.id} is an IT admin of the tenant`,
      holds: holds(() => {
        const trusted = granted(client, demand);
        requirePermission(
          demand,
          { client: trusted, tenantId, tenant, user, registry },
          itAdminRoles,
        );
      }),
      remedy:
        registry === 'denied'
          ? 'the registry of IT admins denies this user: remove the entry'
          : `give the user a role of IT_ADMIN_ROLES (${itAdminRoles.join(', ')}), or an entry in the registry of IT admins`,
    },
  ];
}

/** The client with everything that the operation demands. */
const granted = (client: Client, { scope }: Demand): Client => ({
  ...client,
  scopes: [...client.scopes, scope],
  tenants: ['*'],
  disabled: false,
});

function holds(decide: () => void): boolean {
  try {
    decide();
    return true;
  } catch (error) {
    if (error instanceof Problem) return false;
    throw error;
  }
}
