import type { Explanation } from './explanation.ts';

export const SIGN_IN = {
  'unknown-client': {
    meaning: 'The `client_id` of the login is not registered at Gatehouse.',
    actor: 'caller',
    action: 'Send the id of a Gatehouse client, not a WorkOS client id.',
    retry: 'no',
  },
  'unregistered-redirect-uri': {
    meaning: 'The `redirect_uri` is not exactly one that is registered for the client.',
    actor: 'operator',
    action:
      'Register it: `gatehouse clients update --redirect-uri`. Scheme, port and trailing slash count.',
    retry: 'no',
  },
  'login-expired': {
    meaning:
      'The login took longer than 10 minutes, was completed before, or began in another browser.',
    actor: 'user',
    action: 'Start again from the product.',
    retry: 'restart',
  },
  'login-not-here': {
    meaning:
      'An identity provider started a login, and no client is configured at which logins of this tenant begin.',
    actor: 'operator',
    action:
      'Set the tenant’s `sign_in_client_id` or `DEFAULT_SIGN_IN_CLIENT`, and the client’s `--initiate-login-uri`.',
    retry: 'no',
  },
  'invalid-client': {
    meaning: 'Client authentication failed at an OAuth endpoint.',
    actor: 'caller',
    action:
      'Send the API key as `client_secret`, HTTP Basic or Bearer, with the `client_id` it belongs to.',
    retry: 'no',
  },
  'invalid-grant': {
    meaning:
      'The code was used, is older than 10 minutes, or belongs to another client, redirect URI, verifier, tenant or connection.',
    actor: 'user',
    action: 'Start the sign-in again. If it happens every time, compare `redirect_uri` and PKCE.',
    retry: 'restart',
  },
  'unauthorized-client': {
    meaning: 'The client may not sign users in: it lacks the scope `sso:login`, or the tenant.',
    actor: 'operator',
    action: 'Grant the scope or the tenant: `gatehouse clients update`.',
    retry: 'no',
  },
  'unsupported-grant-type': {
    meaning: '`grant_type` is not `authorization_code`.',
    actor: 'caller',
    action: 'Exchange authorization codes only.',
    retry: 'no',
  },
  'invalid-access-token': {
    meaning: 'The access token of `GET /sso/profile` is unknown or expired.',
    actor: 'user',
    action: 'Sign in again.',
    retry: 'restart',
  },
  'connection-invalid': {
    meaning: 'Only OIDC connections support logout at the identity provider; this one does not.',
    actor: 'caller',
    action: 'End the product’s own session only.',
    retry: 'no',
  },
  'too-many-requests': {
    meaning:
      'The client or the tenant has used up its limit of this minute (`RATE_LIMIT_CLIENT_PER_MINUTE`, `RATE_LIMIT_TENANT_PER_MINUTE`), this address had too many credentials, tickets or codes refused, or too many deliveries of a webhook endpoint wait for a further replay.',
    actor: 'caller',
    action: 'Wait as long as `Retry-After` says. Find the loop that sends so many requests.',
    retry: 'later',
  },
} as const satisfies Record<string, Explanation>;
