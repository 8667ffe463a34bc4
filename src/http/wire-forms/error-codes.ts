import { Problem, type FieldError } from '../../core/problem.ts';
import { wordsOf } from './words.ts';

/** Rules with a code of their own. Any other rule that a field breaks is `invalid`. */
const RULES: Readonly<Record<string, string>> = {
  required: 'required',
  unknown_field: 'unknown',
  unknown_cursor: 'unknown',
  unknown_event: 'unknown',
  duplicate: 'duplicate',
  immutable: 'immutable',
  is_a_workos_id: 'is_a_workos_id',
  not_registered: 'not_registered',
  too_long: 'too_long',
  too_short: 'too_short',
};

/** Problems whose field errors are Gatehouse's own; those of WorkOS have WorkOS's codes. */
const OWN: ReadonlySet<string> = new Set([
  'invalid-request',
  'invalid-url',
  'organization-id-required',
]);

/**
 * Gives the errors of a compatible operation codes that name field and rule, as WorkOS's do
 * (`limit_invalid`): SDKs for Node show their users nothing but these codes.
 */
export function withFieldCodes(problem: Problem): Problem {
  if (!OWN.has(problem.slug) || problem.errors.length === 0) return problem;
  const { slug, message, code, allow, members, cause } = problem;
  const errors = problem.errors.map(withFieldCode);
  return new Problem(slug, message, { code, errors, allow, members, cause });
}

function withFieldCode({ field, code, message }: FieldError): FieldError {
  return { field, code: `${nameOf(field)}_${RULES[code] ?? 'invalid'}`, message };
}

/** The words of a field, without positions: `targets.0.id` → `targets_id`. */
const nameOf = (field: string): string =>
  wordsOf(field)
    .filter((word) => /[a-z]/.test(word))
    .join('_') || 'field';
