/** What a caller is told about each failure of WorkOS. The codes are those of WorkOS's reference. */
import { describe, expect, it } from '@jest/globals';
import { Problem } from '../../src/core/problem.ts';
import {
  failureOf,
  isNotFound,
  TOO_LARGE,
  undefinedIfNotFound,
  UpstreamFailure,
  type FailureFacts,
  type FailureKind,
} from '../../src/workos/failure.ts';
import { aboutTheRequest, fromWorkos } from '../../src/workos/problems.ts';

const failure = (kind: FailureKind, facts: FailureFacts = {}) => new UpstreamFailure(kind, facts);
const answered = (status: number, facts: FailureFacts = {}) =>
  failure('status', { status, ...facts });
/** What the SDK makes of an error of its fetch function. */
const wrapped = (cause: unknown) => new Error('Failed', { cause: new Error('fetch', { cause }) });

describe('a failure of WorkOS', () => {
  const large =
    'WorkOS’s reply is larger than Gatehouse reads: 16 MB for profiles, users, groups and lists, 256 KB for anything else.';

  const TOLD: readonly (readonly [UpstreamFailure, string, string, number | undefined])[] = [
    [
      failure('timeout'),
      'upstream-timeout',
      'WorkOS did not answer in time. Try again.',
      undefined,
    ],
    [
      failure('unreachable'),
      'upstream-unreachable',
      'WorkOS could not be reached. Try again.',
      undefined,
    ],
    [
      failure('invalid-response'),
      'upstream-invalid-response',
      'WorkOS answered something unexpected.',
      undefined,
    ],
    [
      failure('invalid-response', { reason: TOO_LARGE }),
      'upstream-invalid-response',
      large,
      undefined,
    ],
    [
      failure('no-room'),
      'overloaded',
      'Gatehouse is reading too many large replies of WorkOS. Try again.',
      1,
    ],
    [
      answered(401),
      'upstream-auth-failed',
      'WorkOS refused Gatehouse’s key; the platform team has to act.',
      undefined,
    ],
    [
      answered(403),
      'upstream-forbidden',
      'Gatehouse’s WorkOS key may not do this; the platform team has to act.',
      undefined,
    ],
    [
      answered(429, { retryAfter: 7 }),
      'upstream-rate-limited',
      'WorkOS is rate limiting Gatehouse.',
      7,
    ],
    [answered(408), 'upstream-error', 'WorkOS failed. Try again.', undefined],
    [answered(500), 'upstream-error', 'WorkOS failed. Try again.', undefined],
    [answered(503), 'upstream-error', 'WorkOS failed. Try again.', undefined],
    [answered(499), 'upstream-rejected', 'WorkOS refused what Gatehouse asked.', undefined],
    [answered(404), 'upstream-rejected', 'WorkOS refused what Gatehouse asked.', undefined],
    [failure('status'), 'upstream-rejected', 'WorkOS refused what Gatehouse asked.', undefined],
  ];

  it.each(TOLD.map((row) => [row[0].message, ...row] as const))(
    '%s is told to the caller',
    (_what, cause, slug, text, retryAfter) => {
      for (const error of [cause, wrapped(cause)]) {
        const problem = fromWorkos(error);
        expect(problem).toBeInstanceOf(Problem);
        expect(problem).toMatchObject({ slug, message: text, cause });
        expect(problem?.retryAfter).toBe(retryAfter);
      }
    },
  );

  it('holds facts, of which its message says the harmless ones', () => {
    const facts = { status: 422, code: 'invalid_email', reason: 'no JSON', retryAfter: 3 };

    expect(failure('status', facts)).toMatchObject({ kind: 'status', facts });
    expect(failure('status', facts).message).toBe('WorkOS: status 422 invalid_email no JSON');
    expect(failure('timeout').message).toBe('WorkOS: timeout');
    expect(failure('invalid-response', { reason: TOO_LARGE }).message).toBe(
      'WorkOS: invalid-response too large',
    );
    expect(failure('timeout').name).toBe('UpstreamFailure');
  });

  const WEIGHED: readonly (readonly [
    UpstreamFailure,
    { isOutage: boolean; isWorthRepeating: boolean },
  ])[] = [
    [failure('timeout'), { isOutage: true, isWorthRepeating: false }],
    [failure('unreachable'), { isOutage: true, isWorthRepeating: true }],
    [failure('invalid-response'), { isOutage: false, isWorthRepeating: false }],
    [failure('no-room'), { isOutage: false, isWorthRepeating: false }],
    [answered(500), { isOutage: true, isWorthRepeating: true }],
    [answered(503), { isOutage: true, isWorthRepeating: true }],
    [answered(401), { isOutage: true, isWorthRepeating: false }],
    [answered(403), { isOutage: false, isWorthRepeating: false }],
    [answered(404), { isOutage: false, isWorthRepeating: false }],
    [answered(429), { isOutage: false, isWorthRepeating: false }],
    [answered(499), { isOutage: false, isWorthRepeating: false }],
    [failure('status'), { isOutage: false, isWorthRepeating: false }],
    // A proxy's error page is no answer of WorkOS.
    [failure('invalid-response', { status: 503 }), { isOutage: false, isWorthRepeating: false }],
  ];

  it.each(WEIGHED.map((row) => [row[0].message, ...row] as const))(
    '%s is weighed by whether WorkOS is down',
    (_what, error, { isOutage, isWorthRepeating }) => {
      expect(error.isOutage).toBe(isOutage);
      expect(error.isWorthRepeating).toBe(isWorthRepeating);
    },
  );

  it('is too large only if the reply was', () => {
    expect(failure('invalid-response', { reason: TOO_LARGE }).isTooLarge).toBe(true);
    expect(failure('invalid-response', { reason: 'no JSON' }).isTooLarge).toBe(false);
    expect(failure('invalid-response').isTooLarge).toBe(false);
  });
});

describe('an error of anything else', () => {
  it.each([
    ['an error', new Error('bug')],
    ['an error with causes', wrapped(new Error('bug'))],
    ['undefined', undefined],
    ['null', null],
    ['a text', 'text'],
  ])('is no failure of WorkOS: %s', (_what, error) => {
    expect(failureOf(error)).toBeUndefined();
    expect(fromWorkos(error)).toBeUndefined();
    expect(aboutTheRequest(error)).toBeUndefined();
    expect(isNotFound(error)).toBe(false);
  });

  it('is looked through for a failure only a few causes deep, as it may be its own cause', () => {
    const loop = new Error('loop');
    loop.cause = loop;
    const deep = failure('timeout');

    expect(failureOf(loop)).toBeUndefined();
    expect(failureOf(new Error('3', { cause: wrapped(deep) }))).toBe(deep);
    expect(failureOf(new Error('4', { cause: new Error('3', { cause: wrapped(deep) }) }))).toBe(
      undefined,
    );
  });
});

describe('an object that WorkOS does not have', () => {
  it('is told by WorkOS’s own 404, not by that of a proxy', () => {
    const missing = wrapped(answered(404));

    expect(isNotFound(missing)).toBe(true);
    expect(() => {
      undefinedIfNotFound(missing);
    }).not.toThrow();
    for (const error of [failure('invalid-response', { status: 404 }), answered(410)]) {
      expect(isNotFound(error)).toBe(false);
      expect(() => undefinedIfNotFound(error)).toThrow(error);
    }
  });
});

describe('values that WorkOS refuses', () => {
  it.each([
    [400, 'workos-refused'],
    [409, 'workos-conflict'],
    [422, 'workos-unprocessable'],
  ])('with %i are told with its code as %s', (status, slug) => {
    const cause = answered(status, { code: 'invalid_email' });
    const problem = aboutTheRequest(wrapped(cause));

    expect(problem).toMatchObject({ slug, code: 'invalid_email', errors: [] });
    expect(problem?.message).toBe('The email is invalid.');
    expect(failureOf(problem?.cause)).toBe(cause);
  });

  it.each([401, 403, 404, 408, 429, 500])('are not meant by %i', (status) => {
    expect(aboutTheRequest(answered(status, { code: 'invalid_email' }))).toBeUndefined();
  });

  /** The field is null where the code is about the whole request. */
  const CODES: readonly (readonly [string, string | null, RegExp])[] = [
    ['api_key_already_expired', null, /The API key has already expired/],
    [
      'cannot_deactivate_pending_organization_membership',
      null,
      /A pending membership cannot be deactivated; delete it, or revoke the invitation/,
    ],
    [
      'cannot_reactivate_pending_organization_membership',
      null,
      /The invitation to this membership has not been accepted yet/,
    ],
    ['email_already_invited', 'email', /This email has an open invitation already/],
    [
      'email_already_invited_to_organization',
      'email',
      /This email has an open invitation to this tenant already; resend or revoke it/,
    ],
    ['email_change_code_expired', 'code', /The code has expired; send a new one/],
    ['email_change_code_incorrect', 'code', /The code is incorrect/],
    ['email_change_code_previously_used', 'code', /The code has been used already/],
    ['email_change_not_needed', 'new_email', /The user has this email already/],
    ['email_domain_not_deliverable', 'email', /The domain of this email receives no mail/],
    ['email_previously_verified', 'email', /The email has been verified already/],
    ['email_verification_code_expired', 'code', /The code has expired; send a new one/],
    ['email_verification_code_incorrect', 'code', /The code is incorrect/],
    ['email_verification_code_previously_used', 'code', /The code has been used already/],
    ['expires_in_days_too_long', 'expires_in_days', /expires_in_days may be at most 30/],
    ['expires_in_days_too_short', 'expires_in_days', /expires_in_days must be at least 1/],
    ['group_membership_limit_exceeded', null, /The user is in too many groups/],
    ['invalid_invite', null, /The invitation cannot be accepted/],
    ['invalid_role', 'role_slug', /There is no such role in this tenant/],
    ['invite_accepted', null, /The invitation has been accepted already/],
    ['invite_expired', null, /The invitation has expired; send a new one/],
    ['invite_has_accepted_user_id', null, /The invitation has been accepted already/],
    ['invite_not_pending', null, /The invitation is no longer open/],
    ['invite_revoked', null, /The invitation has been revoked/],
    ['missing_user_id_or_organization_id', null, /Name a user_id or an organization_id/],
    ['multiple_roles_not_enabled', 'role_slugs', /Only one role is possible here: send role_slug/],
    ['no_pending_email_change', null, /The user has no open change of email; send a code first/],
    ['organization_blocked_from_sending_invites', null, /WorkOS lets this tenant invite nobody/],
    ['organization_membership_already_exists', null, /The user is a member of this tenant already/],
    ['organization_role_slug_conflict', 'slug', /A role with this slug exists already/],
    ['password_reset_error', null, /The password could not be reset/],
    ['permission_slug_conflict', 'slug', /A permission with this slug exists already/],
    ['role_has_assignments', null, /The role is still assigned to members/],
    ['role_has_group_role_mappings', null, /The role is still mapped to groups of a directory/],
    ['role_slug_conflict', 'slug', /A role with this slug exists already/],
    [
      'sub_resource_scoped_role_not_allowed',
      null,
      /A role of a resource type is not possible here/,
    ],
    ['unknown_event_type', 'events', /events has a type that WorkOS does not know/],
    ['user_already_organization_member', 'email', /The user is a member of this tenant already/],
    ['user_not_in_organization', 'organization_id', /The user is not a member of this tenant/],
    ['domain_already_exists', 'domain', /domain is already in use/],
    ['domain_already_verified', null, /domain is already verified/],
    ['email_already_verified', 'email', /email is already verified/],
    ['email_change_not_allowed', 'email', /email of this user cannot be changed/],
    ['email_not_available', 'email', /email is not available/],
    ['email_required', 'email', /email is required/],
    ['external_id_already_used', 'external_id', /external_id is already in use/],
    ['invalid_audit_log_event', null, /does not match the schema/],
    ['invalid_email', 'email', /email is invalid/],
    ['invalid_locale', 'locale', /locale is invalid/],
    ['invalid_metadata', 'metadata', /at most 50 keys of 40 characters/],
    ['invalid_password_hash', 'password_hash', /hash does not match/],
    ['invalid_phone_number', 'phone_number', /phone number is invalid/],
    ['one_time_code_too_many_attempts', 'code', /challenge the factor again/],
    ['password_and_password_hash_provided', 'password', /not both/],
    ['password_and_password_hash_type_provided', 'password_hash_type', /cannot have a hash type/],
    [
      'password_salt_position_requires_password_hash',
      'password_salt_position',
      /needs a password hash/,
    ],
    ['password_strength_error', 'password', /does not meet the requirements/],
    ['password_too_short', 'password', /too short/],
    ['password_too_weak', 'password', /easy to guess/],
    ['stripe_customer_id_already_used', 'stripe_customer_id', /stripe_customer_id is already/],
    ['user_already_exists', 'email', /such a user already/],
    ['user_creation_error', null, /could not be created/],
    ['user_deletion_not_allowed', null, /cannot be deleted/],
  ];

  it.each(CODES)('for %s, of the field %s, say so', (code, field, text) => {
    const whole = aboutTheRequest(answered(422, { code }));
    const named = aboutTheRequest(
      answered(422, { code: 'invalid', fields: [{ field: '', code }] }),
      'user',
    );

    expect(whole?.message).toMatch(text);
    expect(whole?.message).toMatch(/^[A-Za-z].*\.$/);
    expect(named?.message).toBe(whole?.message);
    expect(named?.errors).toEqual([
      { field: field === null ? '' : `user.${field}`, code, message: whole?.message },
    ]);
  });

  it('name WorkOS’s own field rather than the one that the code is about', () => {
    const fields = [{ field: 'emails.0', code: 'invalid_email' }];
    const problem = (within?: string) =>
      aboutTheRequest(answered(422, { code: 'invalid_email', fields }), within);

    expect(problem()?.errors[0]?.field).toBe('emails.0');
    expect(problem('user')?.errors[0]?.field).toBe('user.emails.0');
  });

  it('take the field from the code of the whole if the field’s own says nothing', () => {
    const fields = [{ field: '', code: 'odd' }];
    const [error] = aboutTheRequest(answered(422, { code: 'invalid_email', fields }))?.errors ?? [];

    expect(error).toEqual({ field: 'email', code: 'odd', message: 'is refused by WorkOS' });
  });

  it.each<[string | undefined, FailureFacts['fields'], string]>([
    [undefined, [], 'WorkOS refused the request.'],
    ['odd', [], 'WorkOS refused the request: odd.'],
    ['toString', [], 'WorkOS refused the request: toString.'],
    [undefined, [{ field: 'name', code: 'odd' }], 'WorkOS refused the request: name.'],
    ['odd', [{ field: '', code: 'odd' }], 'WorkOS refused the request: odd.'],
    [
      'odd',
      [
        { field: 'name', code: 'odd' },
        { field: 'domains.0', code: 'odder' },
      ],
      'WorkOS refused the request: odd, name, domains.0.',
    ],
    ['invalid_email', [], 'The email is invalid.'],
    [
      'invalid_email',
      [{ field: 'name', code: 'odd' }],
      'The email is invalid. WorkOS refused the request: name.',
    ],
    [
      'invalid',
      [
        { field: 'email', code: 'invalid_email' },
        { field: 'password', code: 'password_too_short' },
      ],
      'The email is invalid. The password is too short.',
    ],
    [
      'invalid',
      [
        { field: 'email', code: 'invalid_email' },
        { field: 'name', code: 'odd' },
      ],
      'The email is invalid. WorkOS refused the request: email, name.',
    ],
  ])('are told in words: %s, %j: %s', (code, fields, text) => {
    const facts = code === undefined ? { fields } : { code, fields };
    expect(aboutTheRequest(answered(422, facts as FailureFacts))?.message).toBe(text);
  });
});
