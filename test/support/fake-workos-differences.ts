/** Deliberate differences between the fake and WorkOS's specification, each with its reason. */
const NOT_FOUND = 'Missing in the specification; WorkOS returns `{ message }` everywhere else.';
const ONE_SUCCESS =
  'The specification lists several success statuses; the fake returns the other one.';
const UNSPECIFIED =
  'Not in any version of the specification, so the fake follows the reference pages and the SDK. Deprecated at WorkOS.';

const BAD_REQUEST = 'WorkOS does not document what leads to it; script a fault instead.';
const NOTHING_MISSING = 'The request refers to no object that could be missing.';
const NO_INPUT = 'The request has no input that could be invalid.';
const NO_QUOTA = 'The fake counts no e-mails; script a fault instead.';

/** Answers the specification leaves open; the fake gives WorkOS's usual `{ message }`. */
export const outsideTheSpec: Readonly<Record<string, string>> = {
  'POST /user_management/invitations/{id}/revoke 404': NOT_FOUND,
  'DELETE /organizations/{id} 404': NOT_FOUND,
  'DELETE /directories/{id} 404': NOT_FOUND,
  'POST /organization_domains 404': NOT_FOUND,
  'POST /organization_domains 422': NOT_FOUND,
  'POST /organization_domains/{id}/verify 404': NOT_FOUND,
  'PUT /user_management/users/{id} 404': NOT_FOUND,
  'POST /user_management/organization_memberships 409':
    'The user is already an active member: WorkOS returns `organization_membership_already_exists`, with an undocumented status.',
};

/** Statuses that the specification has without a body; the fake gives WorkOS's usual `{ message }`. */
export const withoutBody: Readonly<Record<string, string>> = {
  'POST /api_keys/validations 401':
    'the specification has this status without a body; the fake answers as everywhere else.',
};

/** Documented, but nothing that the fake does leads there; a scripted fault can. */
export const neverGiven: Readonly<Record<string, string>> = {
  'POST /organizations/{organizationId}/groups 400': BAD_REQUEST,
  'PATCH /organizations/{organizationId}/groups/{groupId} 400': BAD_REQUEST,
  'POST /authorization/roles 400': BAD_REQUEST,
  'PATCH /authorization/roles/{slug} 400': BAD_REQUEST,
  'POST /authorization/roles/{slug}/permissions 400': BAD_REQUEST,
  'PUT /authorization/roles/{slug}/permissions 400': BAD_REQUEST,
  'POST /authorization/organizations/{organizationId}/roles 400': BAD_REQUEST,
  'PATCH /authorization/organizations/{organizationId}/roles/{slug} 400': BAD_REQUEST,
  'DELETE /authorization/organizations/{organizationId}/roles/{slug} 400': BAD_REQUEST,
  'POST /authorization/organizations/{organizationId}/roles/{slug}/permissions 400': BAD_REQUEST,
  'POST /authorization/permissions 400': BAD_REQUEST,
  'POST /authorization/permissions 404': NOTHING_MISSING,
  'POST /authorization/roles 404': NOTHING_MISSING,
  'GET /authorization/permissions 404': NOTHING_MISSING,
  'GET /feature-flags 404': NOTHING_MISSING,
  'GET /feature-flags 400': BAD_REQUEST,
  'POST /feature-flags/{slug}/targets/{resourceId} 400': BAD_REQUEST,
  'DELETE /feature-flags/{slug}/targets/{resourceId} 400': BAD_REQUEST,
  'PUT /user_management/organization_memberships/{id}/deactivate 422': NO_INPUT,
  'PUT /user_management/organization_memberships/{id}/reactivate 422': NO_INPUT,
  'POST /user_management/magic_auth 400': BAD_REQUEST,
  'POST /user_management/magic_auth 429': NO_QUOTA,
  'POST /user_management/password_reset 429': NO_QUOTA,
  'POST /user_management/users/{id}/email_change/confirm 429': NO_QUOTA,
  'POST /user_management/users/{id}/email_change/send 429': NO_QUOTA,
  'POST /user_management/users/{id}/email_verification/send 429': NO_QUOTA,

  'DELETE /organizations/{id} 200': ONE_SUCCESS,
  'DELETE /connections/{id} 200': ONE_SUCCESS,
  'DELETE /directories/{id} 200': ONE_SUCCESS,
  'DELETE /auth/factors/{id} 200': ONE_SUCCESS,
  'GET /sso/authorize 200': ONE_SUCCESS,
  'POST /sso/token 201': ONE_SUCCESS,
  'POST /sso/logout/authorize 201': ONE_SUCCESS,
  'GET /audit_logs/actions 404': 'The list refers to no object that could be missing.',
  'POST /audit_logs/events 429': 'WorkOS does not document the rate limit; script a fault instead.',
  'POST /user_management/users 404': 'A new user refers to no object that could be missing.',
};

/** Operations of WorkOS that its specification does not know. */
export const unspecified: Readonly<Record<string, string>> = {
  'POST /api_keys/{id}/expire': 'Newer than the specification that this project has.',
  'POST /passwordless/sessions': UNSPECIFIED,
  'POST /passwordless/sessions/{id}/send': UNSPECIFIED,
};

/** Fields of replies by `object`, which SDKs of 2026-08 read and the specification does not know yet. */
export const newerFields: Readonly<Record<string, readonly string[]>> = {
  api_key: ['expires_at'],
  organization_membership: ['roles'],
};

/** The same for a single operation. */
export const newerFieldsOf: Readonly<Record<string, readonly string[]>> = {
  'GET /organizations/{organizationId}/groups/{groupId}/organization-memberships': ['user'],
};

/** What holds for every operation. */
export const everywhere: Readonly<Record<number, string>> = {
  401: 'Returned by every operation that needs the API key; the specification omits it.',
  403: 'The fake has one API key, which may do everything; script a fault instead.',
};

/** The controls, with their arguments. A test compares the names with those of the fake. */
export const controls: Readonly<Record<string, string>> = {
  'fault(operation, fault, options?)':
    'answers `"GET /organizations/*"` with `{"kind": "status", "status": 503}`, `{"kind": "delay", "ms": 2000}` and so on; `{"times": 1}` ends it',
  'clearFaults()': 'ends all faults',
  'requestsTo(operation)': 'the requests to `"POST /sso/token"`',
  'addConnection(organization, fields?)': 'an active SSO connection',
  'changeConnection(connection, state)': '`"active"` or `"inactive"`',
  'addDirectory(organization, fields?)': 'a directory',
  'changeDirectory(directory, state)': '`"linked"` or `"unlinked"`',
  'addDirectoryUser(directory, fields?)': 'a user of a directory',
  'changeDirectoryUser(id, fields)': 'changes one',
  'addDirectoryGroup(directory, fields?)': 'a group of a directory',
  'changeDirectoryGroup(id, fields)': 'changes one',
  'addToGroup(group, user)': 'adds a member',
  'removeFromGroup(group, user)': 'removes a member',
  'removeDirectoryMember(id)': 'deletes a user or group of a directory',
  'deleteOrganization(organization)': 'deletes it, as the dashboard does',
  'addUser(connection, fields)': 'a person who can sign in',
  'signIn(authorization_url, options?)':
    'signs somebody in, and answers with the address to return to',
  'idpInitiated(connection, redirect_uri)':
    'the address of a login that begins at the identity provider',
  'issueCode(connection, options?)': 'a code of a login',
  'profileOf(code)': 'the profile behind a code',
  'tokenCalls(code)': 'how often the code was exchanged',
  'setPostLogoutUri(connection, uri)': 'where a logout ends',
  'setCertificateExpiry(connection, at?)':
    'lets the SAML certificate expire then, `"2030-01-31T12:00:00Z"`',
  'renewCertificate(connection, until?)': 'renews it',
  'addFeatureFlag(slug, fields?)': 'a feature flag',
  'addMembership(organization, user, fields?)': 'a membership',
  'smsOf(challenge)': 'the code that was sent for an MFA challenge',
  'failAuditLogExport(id)': 'lets an export fail',
  'emit(event, data, options?)':
    'any event; options: `{"createdAt": "2030-01-31T12:00:00Z", "context": {…}, "feedDelayMs": 0}`',
  'delayEventFeed(ms)': 'lists new events so much later',
  'addWebhookEndpoint(endpoint)':
    '`{"url": "http://…", "secret": "…"}` receives events from now on',
  'setDeliveryChaos(chaos)': 'loses, repeats, delays or reorders deliveries',
  'webhooksSettled()': 'waits until no delivery is under way',
};

/** Differences that are not of a status. */
export const shapes: readonly string[] = [
  ...Object.entries(withoutBody).map(([status, reason]) => `\`${status}\`: ${reason}`),
  'API keys have `expires_at`, memberships `roles`, and members of a group `user`; groups can be searched by name. SDKs of 2026-08 require this, and the specification is older.',
  '`GET /directory_users`: `idp_id` and `email` are filters too, as at WorkOS since 2026-08; both need `directory`. The rate limit is off by default; `limits: { directoryUsersPerSecond: 4 }` turns on the limit of WorkOS, four per second.',
  '`PUT /organizations/{id}/audit_logs_retention`: also accepts `retention_period` (`1_MONTH` to `10_YEARS`), which SDK 11 sends; a month is 30 days and a year 365 days.',
  '`POST /audit_logs/events`: idempotent for 24 hours per idempotency key and event; without a key, per event. Metadata that exceeds its limits is an `invalid_audit_log_event`.',
  '`GET /audit_logs/exports/{auditLogExportId}`: the first read returns `pending`, the next one `ready`; its URL returns real CSV for ten minutes.',
  '`POST /auth/factors/enroll`: `qr_code` is an SVG image of the URI as text, not a QR code.',
  '`POST /auth/challenges/{id}/verify`: allows five wrong codes; WorkOS does not document its limit. A challenge that was verified before or has expired is a 422 with the codes of the MFA guide.',
  '`POST /user_management/users`: an e-mail address or `external_id` that is already used is reported inside `user_creation_error`, the only code of the specification for it; an update reports it directly. `email_already_verified` and `email_change_not_allowed` are never returned.',
  'Roles: every environment begins with `admin` and `member`. Codes and tokens for users are in replies only: the fake sends no e-mail, and counts no wrong codes.',
  'Feature flags: only the control `addFeatureFlag` creates them, as only the dashboard does at WorkOS. API keys are valid for ever.',
  '`POST /organization_domains/{id}/verify`: the fake has no DNS, so the domain stays pending; verify it on the portal page.',
  'Webhooks: endpoints are set by an option or a test control; `GET /webhook_endpoints` lists them, as if they were created at this moment. A delivery is retried six times within an hour; events stay in order unless a test simulates faults.',
  'Events: only changes of organizations, their domains, connections and encryption keys, and of directories with their users and groups emit any. For every other type use the control `emit`.',
  'Events: removing a directory user or group first emits `dsync.group.user_removed`, which WorkOS does not document; deleting a directory emits `dsync.deleted` only.',
  'The portal page also offers changes that at WorkOS only the dashboard or the customer’s directory can make: it changes and deletes objects, expires certificates, fails domain verifications, and sends a malformed event, which Gatehouse parks (docs/operating.md).',
  'A body that is not JSON is a 400 `{ message }` everywhere.',
];
