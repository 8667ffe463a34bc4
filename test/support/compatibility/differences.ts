/** Where the gateway's contract and WorkOS's specification differ on purpose, each with its reason. */

const NO_CONTENT = 'Every deletion answers 204, without a body.';
const NEWER = 'Newer than the specification; SDK 11 reads it.';
const NEWER_FIELD = 'Newer than the specification; passed on.';
const SENDS = 'Newer than the specification; SDK 11 sends it.';
const RETENTION = 'SDK 11 sends `retention_period`; either field will do.';
const OWNER = 'Present for keys of users only.';
const FILTERS = 'Newer than the specification. Both filters require `directory`.';
const PASSWORDLESS =
  'Not in any version of the specification, so the contract follows the reference pages and the SDK. The link leads through the gateway: `redirect_uri` is one of the client’s, and `state` is returned with the code.';
const OAUTH =
  'A missing field is an OAuth 2.0 error. A client may also authenticate with HTTP Basic or Bearer.';
const IN_QUERY =
  'Secrets in a query string end up in logs; OAuth 2.0 allows them in the body only.';

/** By operation and status, `DELETE /connections/{id} 200`, or by operation. */
export const statusReasons: Readonly<Record<string, string>> = {
  'POST /api_keys/{id}/expire': 'Newer than the specification; SDKs of other languages send it.',
  'DELETE /user_management/organization_memberships/{id} 200': NO_CONTENT,
  'DELETE /user_management/organization_memberships/{id} 204': NO_CONTENT,
  'DELETE /auth/factors/{id} 200': NO_CONTENT,
  'DELETE /connections/{id} 200': NO_CONTENT,
  'DELETE /directories/{id} 200': NO_CONTENT,
  'DELETE /directories/{id} 202': NO_CONTENT,
  'DELETE /directories/{id} 204': NO_CONTENT,
  'DELETE /organizations/{id} 200': NO_CONTENT,
  'DELETE /organizations/{id} 202': NO_CONTENT,
  'DELETE /organizations/{id} 204': NO_CONTENT,
  'DELETE /user_management/users/{id} 200': NO_CONTENT,
  'DELETE /user_management/users/{id} 204': NO_CONTENT,
  'POST /sso/token 201': 'RFC 6749 §5.1 requires 200.',
  'POST /passwordless/sessions': PASSWORDLESS,
  'POST /passwordless/sessions/{id}/send': PASSWORDLESS,
};

/** Statuses that differ in the same way for every operation. */
export const everywhere: Readonly<Record<number, string>> = {
  400: 'The request cannot be parsed: invalid JSON, a duplicate key, a malformed or duplicate header. Also WorkOS’s own 400, passed on with its code.',
  401: 'The client is not authenticated, or the acting user’s token is not valid. A 401 of WorkOS becomes a 502.',
  403: 'The client lacks the scope, or the acting user is no IT admin of the tenant. A 403 of WorkOS becomes a 502.',
  404: 'The object does not exist, or the client may not see it; both look the same.',
  409: 'The tenant is not active, or its organization is gone at WorkOS (`organization_missing`). Also WorkOS’s own 409, passed on with its code.',
  413: 'The body is larger than 64 KB.',
  415: 'The body is not JSON.',
  422: 'The request does not match the contract. Also WorkOS’s own 422, passed on with its code.',
  429: 'The client or the tenant has used up its limit of this minute. A 429 of WorkOS concerns Gatehouse’s key, so it becomes a 503 with `Retry-After`.',
  500: 'A mistake in the gateway. Look up the request id in the log.',
  502: 'WorkOS failed, or refused the gateway’s own key or request.',
  503: 'A dependency is not available, or WorkOS asked to slow down. Always with `Retry-After`.',
  504: 'WorkOS did not answer in time.',
};

const MEMBERS =
  'GET /organizations/{organization_id}/groups/{group_id}/organization-memberships also answers';
const USER = [
  ...['object', 'id', 'email', 'email_verified', 'name', 'first_name', 'last_name', 'locale'],
  ...['profile_picture_url', 'last_sign_in_at', 'external_id', 'metadata'],
  ...['created_at', 'updated_at'],
];
const CALLBACK = 'Not in the specification; PHP 9 reads it.';
const memberReasons = Object.fromEntries(
  ['', ...USER.map((name) => `.${name}`)].map((name) => [
    `${MEMBERS} \`data[].user${name}\``,
    'Newer than the specification; SDKs of other languages require it.',
  ]),
);

/** By operation and difference, as the report words it. */
export const fieldReasons: Readonly<Record<string, string>> = {
  ...memberReasons,
  'GET /connections also answers `data[].callback_endpoint`': CALLBACK,
  'GET /connections/{id} also answers `callback_endpoint`': CALLBACK,
  'GET /organizations/{organization_id}/groups has the parameter `search`':
    'Newer than the specification; Python 10 sends it.',
  'PUT /organizations/{id}/audit_logs_retention also takes `retention_period`': RETENTION,
  'PUT /organizations/{id}/audit_logs_retention does not require `retention_period_in_days`':
    RETENTION,
  'GET /user_management/organization_memberships also answers `data[].roles`': NEWER,
  'GET /user_management/organization_memberships also answers `data[].roles[].slug`': NEWER,
  'GET /user_management/organization_memberships also answers `data[].user.name`': NEWER,
  'POST /user_management/organization_memberships also answers `roles`': NEWER,
  'POST /user_management/organization_memberships also answers `roles[].slug`': NEWER,
  'POST /user_management/organization_memberships also answers `user.name`': NEWER,
  'GET /user_management/organization_memberships/{id} also answers `roles`': NEWER,
  'GET /user_management/organization_memberships/{id} also answers `roles[].slug`': NEWER,
  'GET /user_management/organization_memberships/{id} also answers `user.name`': NEWER,
  'PUT /user_management/organization_memberships/{id} also answers `roles`': NEWER,
  'PUT /user_management/organization_memberships/{id} also answers `roles[].slug`': NEWER,
  'PUT /user_management/organization_memberships/{id} also answers `user.name`': NEWER,
  'PUT /user_management/organization_memberships/{id}/deactivate also answers `roles`': NEWER,
  'PUT /user_management/organization_memberships/{id}/deactivate also answers `roles[].slug`':
    NEWER,
  'PUT /user_management/organization_memberships/{id}/deactivate also answers `user.name`': NEWER,
  'PUT /user_management/organization_memberships/{id}/reactivate also answers `roles`': NEWER,
  'PUT /user_management/organization_memberships/{id}/reactivate also answers `roles[].slug`':
    NEWER,
  'PUT /user_management/organization_memberships/{id}/reactivate also answers `user.name`': NEWER,
  'POST /user_management/magic_auth also takes `ip_address`': SENDS,
  'POST /user_management/magic_auth also takes `user_agent`': SENDS,
  'POST /user_management/magic_auth also takes `radar_auth_attempt_id`': SENDS,
  'POST /user_management/magic_auth also takes `signals_id`': SENDS,
  'POST /user_management/magic_auth also answers `radar_auth_attempt_id`': NEWER,
  'POST /user_management/password_reset/confirm also answers `user.name`': NEWER,
  'POST /user_management/users/{id}/email_verification/send also answers `user.name`': NEWER,
  'POST /user_management/users/{id}/email_verification/confirm also answers `user.name`': NEWER,
  'POST /user_management/users/{id}/email_change/send also answers `user.name`': NEWER,
  'POST /user_management/users/{id}/email_change/confirm also answers `user.name`': NEWER,
  'GET /organizations/{organization_id}/api_keys also answers `data[].owner.organization_id`':
    OWNER,
  'GET /organizations/{organization_id}/api_keys also answers `data[].expires_at`': NEWER,
  'POST /organizations/{organization_id}/api_keys also takes `expires_at`': SENDS,
  'POST /organizations/{organization_id}/api_keys also answers `owner.organization_id`': OWNER,
  'POST /organizations/{organization_id}/api_keys also answers `expires_at`': NEWER,
  'GET /user_management/users/{id}/api_keys also answers `data[].expires_at`': NEWER,
  'POST /user_management/users/{id}/api_keys also takes `expires_at`': SENDS,
  'POST /user_management/users/{id}/api_keys also answers `expires_at`': NEWER,
  'POST /api_keys/validations also answers `api_key.expires_at`': NEWER,
  'POST /api_keys/validations also answers `agent_registration_id`': NEWER,
  'POST /organizations requires `external_id`': 'It is the tenant id.',
  'GET /directory_users has the parameter `idp_id`': FILTERS,
  'GET /directory_users has the parameter `email`': FILTERS,
  'GET /user_management/users has no parameter `organization`':
    'The older name of `organization_id`, taken as such.',
  'GET /user_management/users also answers `data[].name`': NEWER,
  'POST /user_management/users also answers `name`': NEWER,
  'POST /user_management/users also answers `radar_auth_attempt_id`': NEWER,
  'GET /user_management/users/{id} also answers `name`': NEWER,
  'PUT /user_management/users/{id} also answers `name`': NEWER,
  'GET /user_management/users/external_id/{external_id} also answers `name`': NEWER,
  'POST /user_management/users also takes `name`': NEWER_FIELD,
  'POST /user_management/users also takes `password_salt_position`': NEWER_FIELD,
  'POST /user_management/users also takes `ip_address`': NEWER_FIELD,
  'POST /user_management/users also takes `user_agent`': NEWER_FIELD,
  'POST /user_management/users also takes `signals_id`': NEWER_FIELD,
  'PUT /user_management/users/{id} also takes `name`': NEWER_FIELD,
  'PUT /user_management/users/{id} also takes `password_salt_position`': NEWER_FIELD,
  'POST /portal/generate_link also takes `admin_emails`':
    'The older name of `it_contact_emails`, which SDK 11 still sends.',
  'POST /portal/generate_link requires `intent`':
    'A link without an intent could not be checked or recorded.',
  'POST /sso/token also takes `redirect_uri`': 'Defined in RFC 6749 §4.1.3; compared if given.',
  'POST /sso/token also takes `code_verifier`': 'PKCE (RFC 7636); the SDK sends it.',
  'POST /sso/token does not require `client_id`': OAUTH,
  'POST /sso/token does not require `client_secret`': OAUTH,
  'POST /sso/token does not require `code`': OAUTH,
  'POST /sso/token does not require `grant_type`': OAUTH,
  'POST /sso/token has no parameter `client_id`': IN_QUERY,
  'POST /sso/token has no parameter `client_secret`': IN_QUERY,
  'POST /sso/token has no parameter `code`': IN_QUERY,
  'POST /sso/token has no parameter `grant_type`': IN_QUERY,
};

const CHECKED_THERE =
  'Passed on: WorkOS checks the value, and takes new ones before its specification has them.';
const REDIRECT = 'A value that is not taken is an error redirect, as OAuth 2.0 has it.';
const EVENT_TYPES =
  'WorkOS adds event types without notice; a type is taken once an event of it was received.';
const NULLS =
  'The same fields as when creating, where WorkOS takes null. Passed on: WorkOS decides.';

/** By operation and difference of null or an enum, as the report words them. */
export const valueReasons: Readonly<Record<string, string>> = {
  'GET /connections takes any text for `connection_type`': CHECKED_THERE,
  'GET /sso/authorize takes any text for `provider`': REDIRECT,
  'GET /sso/authorize takes any text for `response_type`': REDIRECT,
  'GET /sso/authorize takes any text for `prompt`': CHECKED_THERE,
  'GET /sso/authorize never answers `url`':
    'The answer is a redirect (302), as at WorkOS; the body of the specification is a description of it.',
  'GET /user_management/organization_memberships takes any text for `statuses`': CHECKED_THERE,
  'PATCH /webhook_endpoints/{} takes any text for `events`': EVENT_TYPES,
  'POST /webhook_endpoints takes any text for `events`': EVENT_TYPES,
  'POST /organizations takes no null for `metadata`':
    'Null counts as absent, which has the same effect.',
  'POST /organizations takes no null for `external_id`': 'It is the tenant id.',
  'PUT /organizations/{} takes no null for `external_id`':
    'It is the tenant id, which cannot be removed. Null counts as absent.',
  'PUT /organizations/{} also takes null for `stripe_customer_id`':
    'SDK 11 sends null to remove it; passed on.',
  'POST /sso/token takes any text for `grant_type`':
    'Another grant is an OAuth 2.0 error, `unsupported_grant_type`.',
  'POST /user_management/invitations takes any text for `locale`': CHECKED_THERE,
  'POST /user_management/invitations/{}/resend takes any text for `locale`': CHECKED_THERE,
  'POST /widgets/token takes any text for `scopes`': CHECKED_THERE,
  'PUT /user_management/users/{} also takes null for `first_name`': NULLS,
  'PUT /user_management/users/{} also takes null for `last_name`': NULLS,
  'PUT /user_management/users/{} also takes null for `name`': NULLS,
  'PUT /user_management/users/{} also takes null for `email_verified`': NULLS,
  'PUT /user_management/users/{} also takes null for `password`': NULLS,
};
