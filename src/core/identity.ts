/** Types of permission shared by the HTTP layer and the slices. */

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
  'audit_logs:schemas',
  'audit_logs:export',
  'audit_logs:retention',
  'mfa:write',
  'passwordless:write',
  'users:read',
  'users:write',
  'memberships:read',
  'memberships:write',
  'invitations:read',
  'invitations:write',
  'roles:read',
  'roles:write',
  'api_keys:read',
  'api_keys:write',
  'api_keys:validate',
  'widgets:token',
  'groups:read',
  'groups:write',
  'feature_flags:read',
  'feature_flags:write',
  'magic_auth:write',
  'password_resets:write',
  'email_verifications:write',
  'events:read',
  'webhooks:write',
  'domains:verify',
  'users:assert',
  'audit_trail:read',
] as const;

export type Scope = (typeof SCOPES)[number];

/** A registered service that calls Gatehouse. */
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
  /** Differs between a deleted client and a later one with the same id, so that the later one inherits nothing. */
  readonly generation: string;
}

/** The person on whose behalf a client calls. */
export interface ActingUser {
  /** The token's `sub`, compared byte for byte. */
  readonly id: string;
  /** Undefined when the client asserted the user: the tenant is then the one named in the request. */
  readonly tenantId: string | undefined;
  readonly roles: readonly string[];
  /** The client the token was issued to. Present only when `USER_TOKEN_AZP_CLAIM` is set. */
  readonly authorizedParty?: string;
  readonly source: 'token' | 'asserted';
}

export type TenantStatus =
  | 'provisioning'
  | 'active'
  | 'suspended'
  | 'orphaned'
  | 'conflict'
  | 'deleting'
  | 'deleted';

/** The part of a tenant that permission checks and WorkOS calls need. */
export interface Tenant {
  readonly id: string;
  /** Null until provisioned, and again once deleted. */
  readonly organizationId: string | null;
  readonly status: TenantStatus;
}

/** Who performs an operation, for permission checks and the audit trail. */
export interface Actor {
  /** Undefined when the platform team acts through the CLI. */
  readonly client: Client | undefined;
  readonly user: ActingUser | undefined;
  readonly requestId: string;
  /** The operationId, or the command. */
  readonly operation: string;
  /** Present if the operation was run for a request to another one. */
  readonly via?: 'mcp';
}

/** True if one of the user's roles makes IT admins (`IT_ADMIN_ROLES`). The registry of the tenant may say otherwise. */
export const hasItAdminRole = (
  { roles }: Pick<ActingUser, 'roles'>,
  itAdminRoles: readonly string[],
): boolean => roles.some((role) => itAdminRoles.includes(role));

export const hasScope = (client: Client, scope: Scope): boolean => client.scopes.includes(scope);

/** True if one of the client's `tenants` rules matches this id. The tenant need not exist. */
export const mayUseTenant = (client: Client, tenantId: string): boolean =>
  client.tenants.some((rule) =>
    rule.endsWith('*') ? tenantId.startsWith(rule.slice(0, -1)) : rule === tenantId,
  );

export const mayUseEveryTenant = (client: Client): boolean => client.tenants.includes('*');
