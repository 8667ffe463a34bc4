/** Operations of WorkOS that the gateway does not offer, by area, each with its reason. */

export interface Area {
  readonly name: string;
  /** For people: the paths. */
  readonly paths: string;
  /** Matches its operations, `GET /vault/v1/kv/{}`. */
  readonly pattern: RegExp;
  readonly why: string;
}

export const areas: readonly Area[] = [
  {
    name: 'AuthKit’s sign-in and sessions',
    paths:
      '`/user_management/authenticate`, `authorize`, `sessions`, `users/{id}/sessions`, `/sso/jwks`',
    pattern:
      / \/(user_management\/(authenticate|authorize|authorize\/device|sessions\/\w+|users\/{}\/sessions)|sso\/jwks\/{})$/,
    why: 'Access tokens are signed by WorkOS and name the organization. The gateway would have to sign its own: [ADR 21](adr/0021-authkit-later.md). Sign-in through a tenant’s identity provider is offered: `/sso/authorize`.',
  },
  {
    name: 'Factors and identities of users',
    paths: '`/user_management/users/{id}/auth_factors`, `identities`',
    pattern: / \/user_management\/users\/{}\/(auth_factors|identities)$/,
    why: 'They are used in AuthKit’s sign-in. Factors that an application checks itself are offered: `/auth/factors`.',
  },
  {
    name: 'Fine-grained authorization',
    paths:
      '`/authorization/resources`, `check`, role assignments of members and groups; in SDK 7 and 8 `/fga`',
    pattern: / \/(authorization\/.*(resources|check|role_assignments)\b|fga\/)/,
    why: 'A check is on the path of every request of an application, so it needs an answer without WorkOS and a cache that is never wrong. Roles and permissions are offered.',
  },
  {
    name: 'Vault',
    paths: '`/vault/v1`',
    pattern: / \/vault\//,
    why: 'Objects and keys name no organization except in a map that the caller fills, and the list has no filter. The gateway would have to separate tenants by itself, and secrets would pass through it.',
  },
  {
    name: 'Pipes',
    paths: '`/data-integrations`, connected accounts and data providers',
    pattern:
      / \/(data-integrations\b|.*\/(connected_accounts|data_providers|data_integration_configurations)\b)/,
    why: 'Tokens of third parties would pass through the gateway, and the browser returns to WorkOS instead of the gateway.',
  },
  {
    name: 'Connect',
    paths: '`/connect`, `/client/token`, `/authkit/oauth2/complete`, authorized applications',
    pattern: / \/(connect\/|client\/|authkit\/|.*\/authorized_applications\b)/,
    why: 'Applications sign in with AuthKit, which is not offered.',
  },
  {
    name: 'Agents',
    paths: '`/agents`',
    pattern: / \/agents\//,
    why: 'Agents have credentials of their own, which would need the rules of API keys. No service has needed them yet.',
  },
  {
    name: 'Radar',
    paths: '`/radar`, `/user_management/radar_challenges`',
    pattern: / \/(radar\/|user_management\/radar_challenges)/,
    why: 'Attempts and lists belong to the whole environment and name no tenant; challenges belong to AuthKit’s sign-in.',
  },
  {
    name: 'Settings of the environment',
    paths: '`/user_management/redirect_uris`, `cors_origins`, `jwt_template`',
    pattern: / \/user_management\/(redirect_uris|cors_origins|jwt_template)\b/,
    why: 'One change concerns every service. The platform team makes it in WorkOS’s dashboard.',
  },
  {
    name: 'IT contacts',
    paths: '`/organizations/{id}/it_contacts`',
    pattern: / \/organizations\/{}\/it_contacts\b/,
    why: 'The specification lacks them. WorkOS would send them links that the gateway neither checks nor records; portal links are offered.',
  },
  {
    name: 'Waitlists',
    paths: '`/user_management/waitlists`, `waitlist_entries`',
    pattern: / \/user_management\/waitlist/,
    why: 'The specification lacks them. They belong to the whole environment and name no tenant.',
  },
  {
    name: 'Older operations',
    paths: '`/organizations/{id}/roles`, `/user_management/magic_auth/send`, `password_reset/send`',
    pattern: / \/(organizations\/{}\/roles|user_management\/(magic_auth|password_reset)\/send)$/,
    why: 'The specification and SDK 11 lack them. What replaced them is offered: `/authorization/organizations/{id}/roles`, `/user_management/magic_auth`, `/user_management/password_reset`.',
  },
];

/** @throws if no area, or more than one, has the operation */
export function areaOf(operation: string): Area {
  const [area, other] = areas.filter(({ pattern }) => pattern.test(operation));
  if (!area || other) throw new Error(`${operation} needs one area in areas.ts.`);
  return area;
}
