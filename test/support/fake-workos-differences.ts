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
