/**
 * Explains reasons: the codes of problems, of WorkOS's sign-in errors, and of what Gatehouse checks itself.
 *
 * @see https://workos.com/docs/reference/sso/get-authorization-url/error-codes
 */
const REASONS: Readonly<Record<string, string>> = {
  // WorkOS's and OAuth's errors at the callback.
  access_denied: 'the identity provider denied the user access.',
  ambiguous_connection_selector: 'the organization has more than one active connection.',
  connection_domain_invalid: 'WorkOS has no connection for the domain.',
  connection_invalid: 'WorkOS has no such connection.',
  connection_strategy_invalid: 'the provider has several strategies in this environment.',
  connection_unlinked: 'the connection is not active.',
  idp_initiated_sso_disabled:
    'the connection does not allow logins that begin at the identity provider.',
  oauth_failed: 'the identity provider refused the OAuth request.',
  profile_not_allowed_outside_organization:
    'the user’s e-mail domain is not one of the organization’s.',
  server_error: 'WorkOS or the identity provider failed.',
  signin_consent_denied: 'the user refused consent.',
  other_error: 'WorkOS or the identity provider returned another error.',
  // Gatehouse's own checks of a login.
  unknown_client: 'the client is not registered, or disabled.',
  unregistered_redirect_uri: 'the redirect URI is not registered for the client.',
  client_not_allowed: 'the client may not use this tenant.',
  tenant_not_active: 'the tenant is not active.',
  unauthorized_client: 'the client lacks the scope sso:login.',
  invalid_request: 'a field of the request is missing or invalid.',
  unsupported_response_type: 'response_type must be code.',
  invalid_connection_selector:
    'the request must name exactly one of organization, connection and provider.',
  domain_connection_selector_not_allowed: 'the request names a domain instead of an organization.',
  organization_invalid: 'the organization has no connection, or WorkOS does not know it.',
  login_expired:
    'the login took more than ten minutes, or came back in another browser or without its cookie.',
  no_sign_in_client:
    'the login began at the identity provider, and no client is named to begin it again.',
  sign_in_client_unusable:
    'the login began at the identity provider, and the client named for it cannot sign users in.',
  login_not_here: 'the login began at the identity provider and could not be restarted.',
  idp_initiated:
    'the login began at the identity provider; it begins again at the client, which is safe.',
  // The exchange of a code.
  code_unreadable: 'the code is expired, malformed, or of another installation.',
  code_of_other_client: 'the code was issued to another client.',
  redirect_uri_differs: 'the redirect_uri is not the one the login began with.',
  verifier_wrong: 'the code_verifier does not match.',
  code_used: 'the code was used before.',
  code_refused: 'WorkOS does not accept the code.',
  profile_of_other_tenant: 'the profile belongs to another tenant, or to none.',
  permission_lost: 'client or tenant lost permission during the login.',
  invalid_client: 'the client could not be authenticated.',
  invalid_grant: 'the code is not accepted.',
  // Requests.
  it_admin_required: 'the acting user is not an IT admin of this tenant.',
  acting_user_required: 'the request names no acting user.',
  insufficient_scope: 'the client lacks a scope.',
  tenant_not_found: 'there is no such tenant for the client.',
  organization_missing: 'WorkOS no longer has the organization.',
  organization_conflict: 'the organization is not the tenant’s to use.',
  provisioning_in_progress: 'the tenant is being provisioned.',
  provisioning_incomplete: 'the organization exists but could not be recorded.',
  registry_grant_required: 'a long-lived link needs a grant in the registry of IT admins.',
  launch_gone: 'the link was used, has expired or never existed.',
  launch_expired: 'nobody opened the link in time.',
  launch_not_confirmed: 'the page was opened, but its button was not pressed in time.',
  launch_failed: 'the link could not be made; see the entry of its opening.',
  launch_revoked: 'the link was revoked.',
  launch_used: 'the link was used before the e-mail was sent.',
  // The e-mail with a link (`mail_reason` of a launch).
  address_refused: 'the mail server does not accept the address.',
  server_refused: 'the mail server refused the e-mail for good.',
  sender_refused: 'the mail server does not accept the sender of MAIL_FROM.',
  server_busy: 'the mail server refuses for now.',
  server_unreachable: 'the mail server could not be reached.',
  server_too_slow: 'the mail server was too slow.',
  server_says_too_much: 'the mail server does not answer as one.',
  sign_in_refused: 'the mail server does not accept the user or the password of SMTP_URL.',
  tls_failed: 'the mail server offers no TLS that can be used.',
  mail_not_configured: 'the worker has no SMTP_URL.',
  key_missing: 'the key that the e-mail was encrypted with is no longer in GATEHOUSE_KEYS.',
  // WorkOS.
  upstream_auth_failed: 'WorkOS refuses Gatehouse’s API key.',
  upstream_forbidden: 'Gatehouse’s API key lacks a permission at WorkOS.',
  upstream_rejected: 'WorkOS refused the request.',
  upstream_error: 'WorkOS failed.',
  upstream_unreachable: 'WorkOS could not be reached.',
  upstream_timeout: 'WorkOS did not answer in time.',
  upstream_invalid_response: 'WorkOS answered something unexpected.',
  upstream_rate_limited: 'WorkOS’s rate limit is used up.',
  upstream_unavailable: 'WorkOS keeps failing, so Gatehouse paused its calls.',
  workos_share_used: 'the client’s share of the requests to WorkOS is used up.',
  too_many_requests: 'there were too many requests.',
  overloaded: 'Gatehouse was at its limit.',
  dependency_unavailable: 'the database was not available.',
  dependency_timeout: 'the database did not answer in time.',
  event_parked: 'the event could not be applied and waits for a person.',
  delivery_failed: 'a webhook endpoint did not accept it.',
  internal: 'an unexpected error; see the log.',
};

/** Returns the sentence for a code, or the code itself if it has none. */
export const explainReason = (code: string): string =>
  Object.hasOwn(REASONS, code) ? (REASONS[code] ?? '') : `${code.replaceAll(/[^\w.-]/g, '?')}.`;
