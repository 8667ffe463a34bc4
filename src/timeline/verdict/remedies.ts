/** Says how to remove a cause. `{client}` and `{tenant}` stand for their ids. */
export interface Remedy {
  /**
   * `blocks` if nobody can cause it from outside and it keeps everybody of the tenant, or of one client, from signing
   * in. `may_block` if a single login can fail so. `one_person` if it mostly concerns one person alone.
   */
  readonly weight: 'blocks' | 'may_block' | 'one_person' | 'warns';
  readonly text: string;
}

const blocks = (text: string): Remedy => ({ weight: 'blocks', text });
const mayBlock = (text: string): Remedy => ({ weight: 'may_block', text });
const onePerson = (text: string): Remedy => ({ weight: 'one_person', text });
const warns = (text: string): Remedy => ({ weight: 'warns', text });

const PAGE_OF_WORKOS = 'status.workos.com';
const WAIT = `Nothing of the tenant's is wrong. See ${PAGE_OF_WORKOS}, the metrics and the log; Gatehouse goes on by itself.`;
const PRODUCT = 'The engineers of client {client} must correct it';

/** Maps the reason of an entry to its remedy. The verdict leaves out a reason that has no line here. */
export const REMEDIES: Readonly<Record<string, Remedy>> = {
  access_denied: onePerson(
    'The IT admin must assign the user (or their group) to the application in the identity provider.',
  ),
  signin_consent_denied: onePerson(
    'The user must accept, or the IT admin grants consent for all users.',
  ),
  oauth_failed: mayBlock(
    'The IT admin must check client id, secret and redirect URI of the application in the identity provider.',
  ),
  server_error: mayBlock(
    'The IT admin must check the setup in the identity provider (certificate, entity id, ACS URL, attributes); the WorkOS dashboard shows the failed session of the connection.',
  ),
  other_error: mayBlock(
    'Look the error up in the WorkOS dashboard, at the sessions of the connection; most often the IT admin must correct the identity provider.',
  ),
  profile_not_allowed_outside_organization: onePerson(
    'Add the domain of the user to the organization (intent domain_verification), or allow profiles outside of the organization’s domains in the WorkOS dashboard.',
  ),
  connection_unlinked: mayBlock(
    'Let its IT admin finish the setup of the connection: `POST /v1/portal-launches` with the intent sso.',
  ),
  connection_invalid: mayBlock(`${PRODUCT}: the connection id it sends does not exist (any more).`),
  organization_invalid: mayBlock(
    'Let its IT admin set up a connection: `POST /v1/portal-launches` with the intent sso.',
  ),
  ambiguous_connection_selector: mayBlock(
    'Let the IT admin remove all connections but one, or let the product send `connection=<id>`.',
  ),
  connection_strategy_invalid: mayBlock(
    'Choose one strategy for the provider in the WorkOS dashboard.',
  ),
  connection_domain_invalid: mayBlock('Let the IT admin set up a connection for this domain.'),
  idp_initiated_sso_disabled: warns(
    'Users must begin at the product, or the tenant must name a `sign_in_client_id`.',
  ),
  unknown_client: mayBlock(
    'Anybody can send such a request. If it was your product’s: `gatehouse clients list` shows whether {client} is registered and enabled; `gatehouse clients update {client} --disabled false` enables it.',
  ),
  unregistered_redirect_uri: mayBlock(
    'Register the address only if it is yours, because users and their codes are sent to it: anybody can send such a request. If it is: `gatehouse clients update {client} --redirect-uri <address>` with it and the others, equal byte for byte. Otherwise there is nothing to do.',
  ),
  client_not_allowed: blocks(
    "If client {client} shall use the tenant: `gatehouse clients update {client} --tenants '<those it has, and {tenant}>'`.",
  ),
  tenant_not_active: blocks(
    'Make the tenant active: `PATCH /v1/tenants/{tenant}` with `{"status":"active"}` if it is suspended; otherwise repeat `PUT /v1/tenants/{tenant}`.',
  ),
  organization_missing: blocks(
    'Look for the organization in the WorkOS dashboard. If it was deleted, create a new one and adopt it: `PUT /v1/tenants/{tenant}` with its `workos_organization_id`. If it is there, `WORKOS_API_KEY` is of another environment.',
  ),
  unauthorized_client: blocks(
    "`gatehouse clients update {client} --scopes '<its scopes, and sso:login>'`.",
  ),
  insufficient_scope: warns(
    "`gatehouse clients update {client} --scopes '<its scopes, and the missing one>'`.",
  ),
  invalid_request: mayBlock(`${PRODUCT}: the answer to the request names the field.`),
  unsupported_response_type: mayBlock(`${PRODUCT}: response_type must be code.`),
  invalid_connection_selector: mayBlock(
    `${PRODUCT}: it must send exactly one of organization, connection and provider.`,
  ),
  domain_connection_selector_not_allowed: mayBlock(
    `${PRODUCT}: it must send organization, not domain.`,
  ),
  login_expired: warns(
    'The user must begin again, in one browser with cookies, and finish within ten minutes. If it happens to all: `PUBLIC_URL` must be the address that browsers use.',
  ),
  no_sign_in_client: mayBlock(
    'Logins that begin at the identity provider need a client: `PATCH /v1/tenants/{tenant}` with `sign_in_client_id`, or set `DEFAULT_SIGN_IN_CLIENT`. Logins that begin at the product work.',
  ),
  sign_in_client_unusable: mayBlock(
    'The client {client} must be enabled, have `sso:login`, cover the tenant and have an `initiate_login_uri`: `gatehouse clients update {client} --initiate-login-uri <address>`.',
  ),
  code_unreadable: mayBlock(`${PRODUCT}: it must exchange a code within ten minutes, unchanged.`),
  code_of_other_client: mayBlock(
    `${PRODUCT}: it must exchange the code as the client that began the login.`,
  ),
  redirect_uri_differs: mayBlock(`${PRODUCT}: redirect_uri must be the same in both requests.`),
  verifier_wrong: mayBlock(
    `${PRODUCT}: the code_verifier must be the one whose challenge it sent (PKCE).`,
  ),
  code_used: warns(
    `${PRODUCT} if it goes on: a code can be exchanged once. A reload of the page does this too.`,
  ),
  code_refused: mayBlock(
    'WorkOS does not know the code. If it goes on: `WORKOS_CLIENT_ID` and `WORKOS_API_KEY` must be of the same environment.',
  ),
  profile_of_other_tenant: mayBlock(
    'The user signed in to another organization. Check which organization the connection belongs to in the WorkOS dashboard, and which user was signed in.',
  ),
  permission_lost: warns('The user must begin again.'),
  invalid_client: mayBlock(
    `${PRODUCT}: it sends a wrong API key. \`gatehouse clients rotate-key {client}\` makes a new one.`,
  ),
  it_admin_required: warns(
    'The user is no IT admin: give them a role of `IT_ADMIN_ROLES`, or `PUT /v1/tenants/{tenant}/it-admins/<user>`. This concerns the portal, not logins.',
  ),
  acting_user_required: warns(`${PRODUCT}: a portal link needs the acting user’s token.`),
  launch_gone: warns(
    'The link was used before, or has expired: create a new one. A link works once, and 60 seconds with the mode redirect.',
  ),
  registry_grant_required: warns(
    'A link for more than 15 minutes needs a grant: `PUT /v1/tenants/{tenant}/it-admins/<user>`.',
  ),
  upstream_auth_failed: blocks(
    'The platform team must set `WORKOS_API_KEY` to a valid key of this environment. This concerns every tenant.',
  ),
  upstream_forbidden: blocks(
    'The platform team must give the WorkOS key the permission, in the WorkOS dashboard.',
  ),
  upstream_rejected: blocks(
    'The platform team must check `WORKOS_CLIENT_ID` and `WORKOS_API_KEY`; the entry names WorkOS’s status and code.',
  ),
  upstream_error: blocks(WAIT),
  upstream_unreachable: blocks(WAIT),
  upstream_timeout: blocks(WAIT),
  upstream_invalid_response: blocks(WAIT),
  upstream_unavailable: blocks(WAIT),
  upstream_rate_limited: blocks(
    'The budget of requests to WorkOS is used up; `GET /v1/upstream-budget` shows who uses it. Slow the batch jobs down, or raise `WORKOS_REQUESTS_PER_MINUTE` if WorkOS allows more.',
  ),
  workos_share_used: blocks(
    'Client {client} uses more than its share of the requests to WorkOS: its engineers must slow it down.',
  ),
  too_many_requests: warns(
    'Client {client} is above its rate limit; its engineers must slow it down.',
  ),
  overloaded: warns('Gatehouse was at its limit: add replicas, see the metrics.'),
  dependency_unavailable: blocks('The database was not available; see `/readyz`.'),
  dependency_timeout: blocks('The database was too slow; see `/readyz`.'),
  internal: warns('An unexpected error: find the request id of the entry in the log.'),
};

/** Exact codes of WorkOS that say more than the reason. */
export const WORKOS_REMEDIES: Readonly<Record<string, Remedy>> = {
  invalid_client: blocks(
    'WorkOS refuses Gatehouse’s own credentials: the platform team must check that `WORKOS_CLIENT_ID` and `WORKOS_API_KEY` are of the same environment. This concerns every tenant.',
  ),
  unauthorized_client: blocks(
    'WorkOS refuses Gatehouse’s own credentials: the platform team must check `WORKOS_CLIENT_ID` and `WORKOS_API_KEY`.',
  ),
};
