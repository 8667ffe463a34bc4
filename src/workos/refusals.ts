/** Explains WorkOS's error codes. A code that is missing here gets WorkOS's own text, if that quotes nothing. */
import type { FieldError } from '../core/problem.ts';
import type { FailureFacts, RefusedField } from './failure.ts';

interface Refusal {
  readonly text: string;
  /** The field that the code is about, where WorkOS does not name it. */
  readonly field?: string;
}

const about = (field: string, text: string): Refusal => ({ field, text });

/** @see https://workos.com/docs/reference */
const REFUSALS: ReadonlyMap<string, Refusal> = new Map(
  Object.entries<Refusal>({
    api_key_already_expired: { text: 'The API key has already expired.' },
    cannot_deactivate_pending_organization_membership: {
      text: 'A pending membership cannot be deactivated; delete it, or revoke the invitation.',
    },
    cannot_reactivate_pending_organization_membership: {
      text: 'The invitation to this membership has not been accepted yet.',
    },
    domain_already_exists: about('domain', 'The domain is already in use.'),
    domain_already_verified: { text: 'The domain is already verified.' },
    email_already_invited: about('email', 'This email has an open invitation already.'),
    email_already_invited_to_organization: about(
      'email',
      'This email has an open invitation to this tenant already; resend or revoke it.',
    ),
    email_already_verified: about('email', 'The email is already verified.'),
    email_change_code_expired: about('code', 'The code has expired; send a new one.'),
    email_change_code_incorrect: about('code', 'The code is incorrect.'),
    email_change_code_previously_used: about('code', 'The code has been used already.'),
    email_change_not_allowed: about('email', 'The email of this user cannot be changed.'),
    email_change_not_needed: about('new_email', 'The user has this email already.'),
    email_domain_not_deliverable: about('email', 'The domain of this email receives no mail.'),
    email_not_available: about('email', 'This email is not available.'),
    email_previously_verified: about('email', 'The email has been verified already.'),
    email_required: about('email', 'An email is required.'),
    email_verification_code_expired: about('code', 'The code has expired; send a new one.'),
    email_verification_code_incorrect: about('code', 'The code is incorrect.'),
    email_verification_code_previously_used: about('code', 'The code has been used already.'),
    expires_in_days_too_long: about('expires_in_days', 'expires_in_days may be at most 30.'),
    expires_in_days_too_short: about('expires_in_days', 'expires_in_days must be at least 1.'),
    external_id_already_used: about('external_id', 'The external_id is already in use.'),
    group_membership_limit_exceeded: { text: 'The user is in too many groups.' },
    invalid_audit_log_event: {
      text: 'The event does not match the schema of its action, or the action has no schema yet.',
    },
    invalid_email: about('email', 'The email is invalid.'),
    invalid_invite: { text: 'The invitation cannot be accepted.' },
    invalid_locale: about('locale', 'The locale is invalid.'),
    invalid_metadata: about(
      'metadata',
      'Metadata allows at most 50 keys of 40 characters with values of 600 characters.',
    ),
    invalid_password_hash: about('password_hash', 'The hash does not match its type.'),
    invalid_phone_number: about('phone_number', 'The phone number is invalid.'),
    invalid_role: about('role_slug', 'There is no such role in this tenant.'),
    invite_accepted: { text: 'The invitation has been accepted already.' },
    invite_expired: { text: 'The invitation has expired; send a new one.' },
    invite_has_accepted_user_id: { text: 'The invitation has been accepted already.' },
    invite_not_pending: { text: 'The invitation is no longer open.' },
    invite_revoked: { text: 'The invitation has been revoked.' },
    missing_user_id_or_organization_id: { text: 'Name a user_id or an organization_id.' },
    multiple_roles_not_enabled: about(
      'role_slugs',
      'Only one role is possible here: send role_slug.',
    ),
    no_pending_email_change: { text: 'The user has no open change of email; send a code first.' },
    one_time_code_too_many_attempts: about(
      'code',
      'Too many wrong codes; challenge the factor again.',
    ),
    organization_blocked_from_sending_invites: { text: 'WorkOS lets this tenant invite nobody.' },
    organization_membership_already_exists: {
      text: 'The user is a member of this tenant already.',
    },
    organization_role_slug_conflict: about('slug', 'A role with this slug exists already.'),
    password_and_password_hash_provided: about(
      'password',
      'Give a password or its hash, not both.',
    ),
    password_and_password_hash_type_provided: about(
      'password_hash_type',
      'A password cannot have a hash type.',
    ),
    password_reset_error: { text: 'The password could not be reset.' },
    password_salt_position_requires_password_hash: about(
      'password_salt_position',
      'A salt position needs a password hash.',
    ),
    password_strength_error: about('password', 'The password does not meet the requirements.'),
    password_too_short: about('password', 'The password is too short.'),
    password_too_weak: about('password', 'The password is easy to guess.'),
    permission_slug_conflict: about('slug', 'A permission with this slug exists already.'),
    role_has_assignments: { text: 'The role is still assigned to members.' },
    role_has_group_role_mappings: { text: 'The role is still mapped to groups of a directory.' },
    role_slug_conflict: about('slug', 'A role with this slug exists already.'),
    stripe_customer_id_already_used: about(
      'stripe_customer_id',
      'The stripe_customer_id is already in use.',
    ),
    sub_resource_scoped_role_not_allowed: {
      text: 'A role of a resource type is not possible here.',
    },
    unknown_event_type: about('events', 'events has a type that WorkOS does not know.'),
    user_already_exists: about('email', 'There is such a user already.'),
    user_already_organization_member: about(
      'email',
      'The user is a member of this tenant already.',
    ),
    user_creation_error: { text: 'The user could not be created.' },
    user_deletion_not_allowed: { text: 'The user cannot be deleted.' },
    user_not_in_organization: about('organization_id', 'The user is not a member of this tenant.'),
  }),
);

/** Message of a field that neither Gatehouse nor WorkOS explains. */
const UNEXPLAINED = 'is refused by WorkOS';

const refusalOf = (code = ''): Refusal | undefined => REFUSALS.get(code);

/**
 * Returns an error for each field that WorkOS names; none where it names none, because SDKs choose the
 * class of their error by it.
 *
 * @param within the field that WorkOS's paths are relative to
 * @param given the fields of the body, of which one may have the new value of an email or a password
 */
export function fieldErrors(
  code: string | undefined,
  fields: readonly RefusedField[],
  within?: string,
  given: readonly string[] = [],
): FieldError[] {
  const fieldOf = (refusal: Refusal | undefined): string | undefined =>
    given.find((name) => name === `new_${refusal?.field}`) ?? refusal?.field;
  const whole = fieldOf(refusalOf(code));
  return fields.map(({ field, code: one, said }) => {
    const known = refusalOf(one);
    const name = field || (fieldOf(known) ?? whole ?? '');
    return {
      field: within === undefined || name === '' ? name : `${within}.${name}`,
      code: one,
      message: known?.text ?? said ?? UNEXPLAINED,
    };
  });
}

/** Messages of WorkOS that say nothing. */
const GENERAL =
  /^(bad request|conflict|request could not be processed|unprocessable entity|validation failed)\.?$/i;

/** Returns a text for people: of the fields where they are known, else of the whole. */
export function textOf(
  { code, said = '' }: Pick<FailureFacts, 'code' | 'said'>,
  errors: readonly FieldError[],
): string {
  const unexplained = errors.filter(({ message }) => message === UNEXPLAINED);
  const explained = new Set(errors.filter((one) => !unexplained.includes(one)).map(sentenceOf));
  const whole = refusalOf(code)?.text ?? (GENERAL.test(said) ? '' : said);
  const text = explained.size > 0 ? [...explained].join(' ') : whole;
  if (text !== '' && unexplained.length === 0) return text;
  const words = [text === '' ? code : undefined, ...errors.map(({ field }) => field)].filter(
    Boolean,
  );
  const refused = `WorkOS refused the request${words.length > 0 ? `: ${words.join(', ')}` : ''}.`;
  return [text, refused].filter(Boolean).join(' ');
}

/** Gatehouse's own texts name their field; WorkOS's do not. */
const sentenceOf = ({ field, code, message }: FieldError): string =>
  refusalOf(code) || field === '' ? message : `${field}: ${message}`;
