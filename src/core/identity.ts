/** The words of permission, shared by transport and domain. Imports nothing. */

export const SCOPES = [
  'tenants:read',
  'tenants:write',
  'tenants:delete',
  'tenants:adopt',
  'it_admins:read',
  'it_admins:write',
  'portal:launch',
  'portal:invite',
  'sso:login',
  'connections:read',
  'connections:write',
  'directories:read',
  'directories:write',
  'audit_logs:write',
  'audit_logs:export',
  'mfa:write',
  'passwordless:write',
  'users:read',
  'users:write',
  'events:read',
  'webhooks:write',
  'domains:verify',
  'users:assert',
  'audit_trail:read',
] as const;

export type Scope = (typeof SCOPES)[number];

/** A sibling service, as the registry has it. */
export interface Client {
  readonly id: string;
  readonly name: string;
  readonly scopes: readonly Scope[];
  /** `*`, tenant ids, or prefixes such as `acme-*`. */
  readonly tenants: readonly string[];
  readonly redirectUris: readonly string[];
  readonly returnOrigins: readonly string[];
  readonly initiateLoginUri: string | null;
  readonly disabled: boolean;
  /** Differs between a deleted client and a later one with the same id: what belonged to the one is not the other's. */
  readonly generation: string;
}

/** The person on whose behalf a client calls. */
export interface ActingUser {
  /** The token's `sub`, compared byte for byte. */
  readonly id: string;
  /** Undefined: asserted by the client, and so of the tenant that the request names. */
  readonly tenantId: string | undefined;
  readonly roles: readonly string[];
  /** The client that the token was issued to, where `USER_TOKEN_AZP_CLAIM` names its claim. */
  readonly authorizedParty?: string;
  readonly source: 'token' | 'asserted';
}

export type TenantStatus =
  'provisioning' | 'active' | 'suspended' | 'orphaned' | 'conflict' | 'deleting' | 'deleted';

/** What permission and upstream calls need to know of a tenant. */
export interface Tenant {
  readonly id: string;
  /** Null until provisioned, and again once deleted. */
  readonly organizationId: string | null;
  readonly status: TenantStatus;
}

/** Who is behind an act, for the audit trail and for permission: kept together from the door on. */
export interface Actor {
  /** Undefined: the platform team, by the command line. */
  readonly client: Client | undefined;
  readonly user: ActingUser | undefined;
  readonly requestId: string;
  /** The operationId, or the command. */
  readonly operation: string;
}

export const hasScope = (client: Client, scope: Scope): boolean => client.scopes.includes(scope);

/** Whether one of the client's `tenants` covers this id; the tenant need not exist. */
export const mayUseTenant = (client: Client, tenantId: string): boolean =>
  client.tenants.some((rule) =>
    rule.endsWith('*') ? tenantId.startsWith(rule.slice(0, -1)) : rule === tenantId,
  );

export const mayUseEveryTenant = (client: Client): boolean => client.tenants.includes('*');
