/** The conditions of an operation, each decided by the guard itself. */
import { requireClient, requirePermission, type RegistryState } from '../auth/permission.ts';
import type { RegisteredClient } from '../clients/registered.ts';
import type { ActingUser, Client, Tenant } from '../core/identity.ts';
import { Problem } from '../core/problem.ts';
import type { Demand } from '../http/guard.ts';

export interface Condition {
  readonly condition: string;
  readonly holds: boolean;
  /** Tells the operator what to do if the condition does not hold. */
  readonly remedy?: string;
}

/** The facts that the decision depends on. */
export interface Facts {
  readonly client: RegisteredClient & Client;
  readonly demand: Demand;
  readonly tenantId: string | undefined;
  readonly tenant: Tenant | undefined;
  readonly user: ActingUser | undefined;
  readonly registry: RegistryState;
  readonly itAdminRoles: readonly string[];
}

export const hasKey = ({ id, keys, tokenSubject }: Facts['client']): Condition => ({
  condition: 'has a valid key or a workload identity',
  holds: tokenSubject !== null || keys.some(({ live }) => live),
  remedy: `gatehouse clients rotate-key ${id}`,
});

export const isEnabled = ({ id, disabled }: Facts['client']): Condition => ({
  condition: 'is enabled',
  holds: !disabled,
  remedy: `gatehouse clients update ${id} --disabled false`,
});

/**
 * Each asks the guard's own decision about one condition, with everything else granted. There is no
 * second copy of the rules: what is refused here is refused there.
 */
const RULES: readonly ((facts: Facts) => Condition[])[] = [
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

export const conditionsOf = (facts: Facts): Condition[] => RULES.flatMap((one) => one(facts));

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
