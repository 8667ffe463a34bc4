/** What WorkOS's error codes mean to a person. WorkOS's own texts may quote the request, so they are not passed on. */
import type { FieldError } from '../core/problem.ts';
import type { RefusedField } from './failure.ts';

interface Refusal {
  readonly text: string;
  /** The field that the code is about, where WorkOS does not name it. */
  readonly field?: string;
}

const about = (field: string, text: string): Refusal => ({ field, text });

/** @see https://workos.com/docs/reference */
const REFUSALS: ReadonlyMap<string, Refusal> = new Map(
  Object.entries<Refusal>({
    domain_already_exists: about('domain', 'The domain is already in use.'),
    domain_already_verified: { text: 'The domain is already verified.' },
    email_already_verified: about('email', 'The email is already verified.'),
    email_change_not_allowed: about('email', 'The email of this user cannot be changed.'),
    email_not_available: about('email', 'This email is not available.'),
    email_required: about('email', 'An email is required.'),
    external_id_already_used: about('external_id', 'The external_id is already in use.'),
    invalid_audit_log_event: { text: 'The event does not match the schema of its action.' },
    invalid_email: about('email', 'The email is invalid.'),
    invalid_locale: about('locale', 'The locale is invalid.'),
    invalid_metadata: about(
      'metadata',
      'Metadata allows at most 50 keys of 40 characters with values of 600 characters.',
    ),
    invalid_password_hash: about('password_hash', 'The hash does not match its type.'),
    invalid_phone_number: about('phone_number', 'The phone number is invalid.'),
    one_time_code_too_many_attempts: about(
      'code',
      'Too many wrong codes; challenge the factor again.',
    ),
    password_and_password_hash_provided: about(
      'password',
      'Give a password or its hash, not both.',
    ),
    password_and_password_hash_type_provided: about(
      'password_hash_type',
      'A password cannot have a hash type.',
    ),
    password_salt_position_requires_password_hash: about(
      'password_salt_position',
      'A salt position needs a password hash.',
    ),
    password_strength_error: about('password', 'The password does not meet the requirements.'),
    password_too_short: about('password', 'The password is too short.'),
    password_too_weak: about('password', 'The password is easy to guess.'),
    stripe_customer_id_already_used: about(
      'stripe_customer_id',
      'The stripe_customer_id is already in use.',
    ),
    user_already_exists: about('email', 'There is such a user already.'),
    user_creation_error: { text: 'The user could not be created.' },
    user_deletion_not_allowed: { text: 'The user cannot be deleted.' },
  }),
);

const refusalOf = (code = ''): Refusal | undefined => REFUSALS.get(code);

/**
 * Returns an error for each field that WorkOS names; none where it names none, because SDKs choose the
 * class of their error by it.
 *
 * @param within the field that WorkOS's paths are relative to
 */
export function fieldErrors(
  code: string | undefined,
  fields: readonly RefusedField[],
  within?: string,
): FieldError[] {
  const whole = refusalOf(code)?.field;
  return fields.map(({ field, code: one }) => {
    const known = refusalOf(one);
    const name = field || (known?.field ?? whole ?? '');
    return {
      field: within === undefined || name === '' ? name : `${within}.${name}`,
      code: one,
      message: known?.text ?? 'is refused by WorkOS',
    };
  });
}

/** Returns a text for people: of the fields where they are known, else of the whole. */
export function textOf(code: string | undefined, errors: readonly FieldError[]): string {
  const texts = [...new Set(errors.flatMap((error) => refusalOf(error.code)?.text ?? []))];
  const known = texts.length > 0 ? texts : [refusalOf(code)?.text ?? ''];
  const text = known.join(' ');
  if (text !== '' && texts.length === errors.length) return text;
  const words = [text === '' ? code : undefined, ...errors.map(({ field }) => field)].filter(
    Boolean,
  );
  const refused = `WorkOS refused the request${words.length > 0 ? `: ${words.join(', ')}` : ''}.`;
  return [text, refused].filter(Boolean).join(' ');
}
