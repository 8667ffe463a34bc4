/** Where the gateway's contract and WorkOS's specification differ on purpose, each with its reason. */

const NO_CONTENT = 'One answer to every deletion: it is done, and there is nothing to say.';
const NOT_PASSED_ON =
  'A 429 of WorkOS’s is about its one key, not about the client: 503 with `Retry-After`.';
const NEWER = 'Newer than the specification; SDK 11 reads it.';
const FILTERS = 'Newer than the specification; both filters need `directory`.';
const PASSWORDLESS =
  'In no version of the specification: the reference pages and the SDK decide. The link leads through the gateway: `redirect_uri` is one of the client’s, and `state` comes back with the code.';
const OAUTH =
  'What is missing is told as OAuth 2.0 does; HTTP Basic and Bearer do for a client too.';
const IN_QUERY = 'A secret in a query ends in a log; OAuth 2.0 has it in the body only.';

/** By operation and status, `DELETE /connections/{id} 200`, or by operation. */
export const statusReasons: Readonly<Record<string, string>> = {
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
  'POST /audit_logs/events 429': NOT_PASSED_ON,
  'GET /directory_users 429': NOT_PASSED_ON,
  'POST /sso/token 201': 'RFC 6749 §5.1 has 200.',
  'POST /passwordless/sessions': PASSWORDLESS,
  'POST /passwordless/sessions/{id}/send': PASSWORDLESS,
};

/** Statuses that differ in the same way for every operation. */
export const everywhere: Readonly<Record<number, string>> = {
  400: 'What cannot be read at all: JSON with an error or a doubled key, a malformed or doubled header. Also WorkOS’s own, passed on with its code.',
  401: 'The client is not authenticated, or the acting user’s token is not valid. Never WorkOS’s: that is 502.',
  403: 'The client lacks the scope, or the acting user is no IT admin of the tenant. Never WorkOS’s: that is 502.',
  404: 'There is none, or it is not the client’s: both look the same.',
  409: 'The tenant is not active, or its organization is gone at WorkOS (`organization_missing`). Also WorkOS’s own, passed on with its code.',
  413: 'More than 64 KB.',
  415: 'Not JSON.',
  422: 'Whatever the contract refuses, also a field that WorkOS does not document. Also WorkOS’s own, passed on with its code.',
  500: 'A mistake of the gateway’s; the log has it by its request id.',
  502: 'WorkOS failed, or refused the gateway’s own key or request.',
  503: 'A dependency is not there, or WorkOS asked to slow down. Always with `Retry-After`.',
  504: 'WorkOS did not answer in time.',
};

/** By operation and difference, as the report words it. */
export const fieldReasons: Readonly<Record<string, string>> = {
  'POST /organizations requires `external_id`': 'It is the tenant id.',
  'GET /directory_users has the parameter `idp_id`': FILTERS,
  'GET /directory_users has the parameter `email`': FILTERS,
  'POST /auth/factors/enroll takes no `user_id`':
    'A factor belongs to the client that enrolled it; those of WorkOS’s users are AuthKit’s.',
  'GET /user_management/users has no parameter `organization`':
    'The older name of `organization_id`.',
  'GET /user_management/users also answers `data[].name`': NEWER,
  'POST /user_management/users also answers `name`': NEWER,
  'POST /user_management/users also answers `radar_auth_attempt_id`': NEWER,
  'GET /user_management/users/{id} also answers `name`': NEWER,
  'PUT /user_management/users/{id} also answers `name`': NEWER,
  'GET /user_management/users/external_id/{external_id} also answers `name`': NEWER,
  'POST /portal/generate_link also takes `admin_emails`':
    'The older name of `it_contact_emails`, which SDK 11 still sends.',
  'POST /portal/generate_link requires `intent`':
    'A link for whatever it may be cannot be checked or recorded.',
  'POST /sso/token also takes `redirect_uri`': 'RFC 6749 §4.1.3 has it; it is compared if given.',
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

/** Differences that are neither of a status nor of a field. */
export const behaviour: readonly string[] = [
  'Each `organization_id`, `organization`, and the `id` and `external_id` of an organization are tenant ids, in requests and in answers. An `external_id` never changes.',
  'Errors are RFC 9457 problems with `code` and `message` beside, and without a word of WorkOS’s text. WorkOS’s `code` and the names of its fields stay where it gives them.',
  'Fields that WorkOS does not document are refused (422); fields of its answers that it does not document, nor SDK 11 reads, are left out.',
  'Lists of connections, directories and users need `organization_id` (users: or `email`), and directory users and groups need one of their filters, unless the client may use every tenant. Lists have nothing in them of other tenants, and so may be shorter than `limit`.',
  '`POST /portal/generate_link`, `DELETE /connections/{id}`, `DELETE /directories/{id}` and audit-log exports need an acting user who is an IT admin of the tenant (`Gatehouse-User-Token`).',
  'Audit-log actions and schemas are the environment’s, and so for clients that may use every tenant.',
  'Factors, challenges, magic links and exports are known to the client that made them only; users to the client that made them, and to those that may use a tenant they are a member of.',
  '`Idempotency-Key` of `POST /audit_logs/events` is passed on as a hash of client and key, so that clients do not meet.',
  'Metadata keys of organizations that begin with `gatehouse_` are the gateway’s: refused, and never answered.',
  '`POST /organizations` provisions a tenant, once and only once; what WorkOS refuses of it is 502 `upstream_rejected`, and the tenant stays to be provisioned, by `PUT /v1/tenants/{tenant_id}`.',
  '`return_url` and `success_url` have an origin that is registered for the client.',
];
