import type { z } from 'zod';
import { invalidFields, type FieldError, type Problem } from '../core/problem.ts';
import { issueText } from '../core/issue-texts.ts';

const MAX_ERRORS = 20;

/** Parses one part of a request. The problem names every invalid field, so that a caller can fix all at once. @throws Problem `invalid-request` */
export function parse<S extends z.ZodType>(schema: S | undefined, value: unknown): z.output<S> {
  const result = schema?.safeParse(value, { reportInput: true, error: issueText });
  if (result?.success === false) throw invalid(result.error);
  return result?.data as z.output<S>;
}

function invalid(error: z.ZodError): Problem {
  return invalidFields(error.issues.slice(0, MAX_ERRORS).flatMap(fieldErrors));
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
  return [
    {
      field: printable(at.join('.')) || 'body',
      code: codeOfIssue(issue),
      message: messageOfIssue(issue),
    },
  ];
}

const codeOfIssue = (issue: z.core.$ZodIssue): string => {
  if (issue.code === 'custom') return String(issue.params?.code ?? 'invalid_value');
  if (issue.code === 'too_big' && issue.origin === 'string') return 'too_long';
  if (issue.code === 'too_small' && issue.origin === 'string') return 'too_short';
  return isAbsent(issue) ? 'required' : issue.code;
};

const messageOfIssue = (issue: z.core.$ZodIssue): string => {
  if (issue.code === 'invalid_type' && isAbsent(issue)) return 'is required';
  // For an invalid record key, report the key schema's message.
  const [keyIssue] = issue.code === 'invalid_key' ? issue.issues : [];
  return keyIssue?.message ?? issue.message;
};

/** Null too: SDKs write a required field that was not set so. */
const isAbsent = ({ code, input }: z.core.$ZodIssue): boolean =>
  (code === 'invalid_type' || code === 'invalid_value') && (input === undefined || input === null);

/** Field names come from the caller and are echoed, so they are shortened and control characters replaced. */
export const printable = (name: string): string => name.slice(0, 100).replaceAll(/\p{Cc}/gu, '?');
