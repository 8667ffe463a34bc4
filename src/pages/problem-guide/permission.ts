import type { Explanation } from './explanation.ts';

export const PERMISSION = {
  unauthenticated: {
    meaning:
      'The client’s key or workload token is missing, malformed, expired, revoked or unknown, or the client is disabled.',
    actor: 'caller',
    action:
      'Send `Authorization: Bearer` with a Gatehouse key (`gh_…`) or a workload token. A WorkOS key (`sk_…`) is not accepted.',
    retry: 'no',
  },
  'foreign-origin': {
    meaning:
      'A browser sent the request for a page of another site, which `Origin` names. `POST /mcp` answers none, so that no page can reach it from inside the network (DNS rebinding).',
    actor: 'caller',
    action: 'Call it from a server or an agent’s host, without `Origin`.',
    retry: 'no',
  },
  'insufficient-scope': {
    meaning: 'The client lacks the scope of this operation.',
    actor: 'operator',
    action: 'Grant the scope named in `detail`: `gatehouse clients update`.',
    retry: 'no',
  },
  'every-tenant-required': {
    meaning:
      'The operation concerns the whole WorkOS environment, and the client may use some tenants only.',
    actor: 'operator',
    action: 'Use a client registered with `--tenants "*"`.',
    retry: 'no',
  },
  'organization-id-required': {
    meaning: 'The list needs a tenant filter, because the client may not use every tenant.',
    actor: 'caller',
    action: 'Add `organization_id` with a tenant id.',
    retry: 'no',
  },
  'acting-user-required': {
    meaning: 'The operation needs to know on whose behalf the client calls.',
    actor: 'caller',
    action:
      'Send the user’s token in `Gatehouse-User-Token`. A client with the scope `users:assert` may send `Gatehouse-User-Id` and `Gatehouse-User-Roles` instead.',
    retry: 'no',
  },
  'conflicting-user-headers': {
    meaning: 'The request names an acting user both by token and by header.',
    actor: 'caller',
    action: 'Send either `Gatehouse-User-Token` or `Gatehouse-User-Id`, not both.',
    retry: 'no',
  },
  'invalid-user-token': {
    meaning:
      'The acting user’s token is malformed, expired, signed by an unknown key, or of another issuer or audience.',
    actor: 'caller',
    action: 'Get a new token of the configured issuer. The access log names the failed check.',
    retry: 'no',
  },
  'it-admin-required': {
    meaning:
      'The acting user is not an IT admin of this tenant: the token belongs to another tenant or has no role of `IT_ADMIN_ROLES`, or the registry says `denied`.',
    actor: 'it-admin',
    action:
      'Give the user the role at your identity provider, or put a `granted` entry into the registry: `PUT /v1/tenants/{tenant_id}/it-admins/{user_id}`.',
    retry: 'no',
  },
  'user-is-shared': {
    meaning:
      'The WorkOS user is also a member of tenants that this client may not use, or is invited to one.',
    actor: 'caller',
    action:
      'Ask a client that may use all of the user’s tenants to make the change, or let an invited user accept by the link in the e-mail.',
    retry: 'no',
  },
  'registry-grant-required': {
    meaning:
      'A ticket with a lifetime over 15 minutes needs a `granted` entry in the registry of IT admins; a role in a token is not enough.',
    actor: 'caller',
    action:
      'Ask for 15 minutes or less, or put the entry: `PUT /v1/tenants/{tenant_id}/it-admins/{user_id}`.',
    retry: 'no',
  },
  'invalid-signature': {
    meaning: 'A delivery to `/webhooks/workos` is unsigned, wrongly signed, or too old.',
    actor: 'operator',
    action:
      'Compare `WORKOS_WEBHOOK_SECRETS` with the endpoint’s secret at WorkOS, and check the clock.',
    retry: 'no',
  },
} as const satisfies Record<string, Explanation>;
