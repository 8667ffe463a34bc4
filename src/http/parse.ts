import type { z } from 'zod';
import { Problem, type FieldError } from '../problem.ts';

const MAX_ERRORS = 20;

/** Parses one part of a request; every refused field is named at once, so a caller mends all in one go. */
export function parse<S extends z.ZodType>(schema: S | undefined, value: unknown): z.output<S> {
  const result = schema?.safeParse(value);
  if (result?.success === false) throw invalid(result.error);
  return result?.data as z.output<S>;
}

function invalid(error: z.ZodError): Problem {
  const errors = error.issues.slice(0, MAX_ERRORS).flatMap(fieldErrors);
  const [first] = errors;
  return new Problem(
    'invalid-request',
    `${first?.field ?? 'body'}: ${first?.message ?? 'invalid'}`,
    { errors },
  );
}

function fieldErrors(issue: z.core.$ZodIssue): FieldError[] {
  const at = issue.path.map(String);
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.slice(0, MAX_ERRORS).map((key) => ({
      field: printable([...at, key].join('.')),
      code: 'unknown_field',
      message: 'is not a field of this operation',
    }));
  }
  return [{ field: at.join('.') || 'body', code: codeOfIssue(issue), message: issue.message }];
}

const codeOfIssue = (issue: z.core.$ZodIssue): string => {
  if (issue.code === 'custom') return String(issue.params?.['code'] ?? 'invalid_value');
  if (issue.code === 'invalid_type' && issue.input === undefined) return 'required';
  return issue.code;
};

/** A name that a caller made up is shown back to him, so it is cut and cleaned. */
// eslint-disable-next-line no-control-regex -- removing control characters is the point
const printable = (name: string): string =>
  name.slice(0, 100).replaceAll(/[\u0000-\u001f\u007f]/g, '?');
