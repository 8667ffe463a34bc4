/** Where the fake and WorkOS's specification differ on purpose, each with its reason. */
const NOT_FOUND = 'The specification forgets it; WorkOS answers `{ message }` everywhere else.';
const ONE_SUCCESS = 'The specification lists several successes; the fake gives the other one.';
const UNSPECIFIED =
  'In no version of the specification: the reference pages and the SDK decide. Deprecated there.';

/** Answers the specification leaves open; the fake gives WorkOS's usual `{ message }`. */
export const outsideTheSpec: Readonly<Record<string, string>> = {
  'DELETE /organizations/{id} 404': NOT_FOUND,
  'DELETE /directories/{id} 404': NOT_FOUND,
  'POST /organization_domains 404': NOT_FOUND,
  'POST /organization_domains 422': NOT_FOUND,
  'POST /organization_domains/{id}/verify 404': NOT_FOUND,
  'PUT /user_management/users/{id} 404': NOT_FOUND,
  'POST /user_management/organization_memberships 409':
    'A user who is an active member already: callers of WorkOS meet `organization_membership_already_exists`, with a status that is written nowhere.',
};

/** Documented, but nothing that the fake does leads there; a scripted fault can. */
export const neverGiven: Readonly<Record<string, string>> = {
  'DELETE /organizations/{id} 200': ONE_SUCCESS,
  'DELETE /connections/{id} 200': ONE_SUCCESS,
  'DELETE /directories/{id} 200': ONE_SUCCESS,
  'DELETE /auth/factors/{id} 200': ONE_SUCCESS,
  'GET /sso/authorize 200': ONE_SUCCESS,
  'POST /sso/token 201': ONE_SUCCESS,
  'POST /sso/logout/authorize 201': ONE_SUCCESS,
  'GET /audit_logs/actions 404': 'The list needs nothing that could be missing.',
  'POST /audit_logs/events 429': 'The limit of events is written nowhere; script a fault.',
  'POST /user_management/users 404': 'A new user names nothing that could be missing.',
};

/** Operations of WorkOS that its specification does not know. */
export const unspecified: Readonly<Record<string, string>> = {
  'POST /passwordless/sessions': UNSPECIFIED,
  'POST /passwordless/sessions/{id}/send': UNSPECIFIED,
};

/** What holds for every operation. */
export const everywhere: Readonly<Record<number, string>> = {
  401: 'Every operation with a key answers it to another key; the specification leaves it out.',
  403: 'The fake has one key, which may do everything; script a fault.',
};

/** Differences that are not of a status. */
export const shapes: readonly string[] = [
  '`GET /directory_users`: `idp_id` and `email` filter as well, as they have since 2026-08; both need `directory`. The limit of requests is off unless `limits: { directoryUsersPerSecond: 4 }` asks for it; four a second is the limit of WorkOS.',
  '`PUT /organizations/{id}/audit_logs_retention`: takes `retention_period` (`1_MONTH` to `10_YEARS`) too, which SDK 11 sends; a month is 30 days and a year 365.',
  '`POST /audit_logs/events`: a key and its event are remembered for 24 hours together; without a key the event is its own. Metadata that breaks its limits is `invalid_audit_log_event`.',
  '`GET /audit_logs/exports/{auditLogExportId}`: the first look finds the export pending, the next ready; its address brings real CSV for ten minutes.',
  '`POST /auth/factors/enroll`: `qr_code` is an SVG image that shows the address as text, not a code to scan.',
  '`POST /auth/challenges/{id}/verify`: after five wrong codes no more are taken, since the number of WorkOS is written nowhere. A challenge that was answered or has expired is a 422 with the codes of the MFA guide.',
  '`POST /user_management/users`: an address or an `external_id` that is taken comes inside `user_creation_error`, the one code that the specification has for it there; a change answers them alone. `email_already_verified` and `email_change_not_allowed` are never given.',
  '`POST /user_management/organization_memberships`: the roles are `admin` and `member`.',
  '`POST /organization_domains/{id}/verify`: no DNS is behind the fake, so the domain stays pending; the portal page verifies one.',
  'Webhooks: endpoints are an option of the fake and a control, not `/webhook_endpoints`. An endpoint is tried again six times within the hour; the order of events is kept unless a test disturbs it.',
  'Events: a directory user or group that is removed leaves its groups first, `dsync.group.user_removed`, which WorkOS writes nowhere; of a directory that is deleted `dsync.deleted` alone is told.',
  'The portal page also does what only the dashboard of WorkOS or the customer’s directory can: it changes and deletes what is there, lets a certificate end and a verification fail.',
  'A body that is not JSON is a 400 `{ message }` everywhere.',
];
