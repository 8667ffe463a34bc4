import { z } from 'zod';
import { issueText } from '../core/issue-texts.ts';
import { nearest } from '../core/near-miss.ts';
import { invalidFields, type FieldError, type Problem } from '../core/problem.ts';
import { echoed } from '../core/text.ts';

const MAX_ERRORS = 20;

/**
 * Parses one part of a request. The problem names every invalid field, so that a caller can fix all at once.
 *
 * @param leftOut fields that the operation does not have; one of them may be a required field, mistyped
 * @throws Problem `invalid-request`
 */
export function parse<S extends z.ZodType>(
  schema: S | undefined,
  value: unknown,
  leftOut: readonly string[] = [],
): z.output<S> {
  const result = schema?.safeParse(value, { reportInput: true, error: issueText });
  if (result?.success === false) throw invalid(result.error, schema, leftOut);
  return result?.data as z.output<S>;
}

function invalid(
  error: z.ZodError,
  schema: z.ZodType | undefined,
  leftOut: readonly string[],
): Problem {
  const issues = error.issues.slice(0, MAX_ERRORS);
  const unknown = issues.flatMap((issue) => unknownFields(issue, schema));
  const names = [...leftOut, ...unknown.map(({ field }) => field)]
    .filter((name) => name.length <= 100)
    .slice(0, MAX_ERRORS);
  const others = issues
    .filter(({ code }) => code !== 'unrecognized_keys')
    .map((issue) => fieldError(issue, names, isMissing(issue, schema)));
  // A mistyped name is the cause of the missing field, so it comes first.
  const mistyped = unknown.filter(({ message }) => message !== UNKNOWN);
  return invalidFields([...new Set([...mistyped, ...others, ...unknown])]);
}

const UNKNOWN = 'is not a field of this operation';

function unknownFields(issue: z.core.$ZodIssue, schema: z.ZodType | undefined): FieldError[] {
  if (issue.code !== 'unrecognized_keys') return [];
  const at = issue.path.map(String);
  const fields = fieldsAt(schema, issue.path);
  return issue.keys.slice(0, MAX_ERRORS).map((key) => {
    const near = nearest(key.slice(0, 100), fields);
    const message = near === undefined ? UNKNOWN : `${UNKNOWN}; did you mean ${near}?`;
    return { field: echoed([...at, key].join('.')), code: 'unknown_field', message };
  });
}

type Shape = Readonly<Record<PropertyKey, z.ZodType>>;

const fieldsAt = (schema: unknown, path: readonly PropertyKey[]): string[] =>
  Object.keys(shapeAt(schema, path) ?? {});

/** Returns the fields that the schema has at a place, with their schemas. Undefined if there is no object. */
function shapeAt(schema: unknown, [first, ...rest]: readonly PropertyKey[]): Shape | undefined {
  if (
    schema instanceof z.ZodOptional ||
    schema instanceof z.ZodNullable ||
    schema instanceof z.ZodDefault
  )
    return shapeAt(schema.unwrap(), first === undefined ? [] : [first, ...rest]);
  if (schema instanceof z.ZodPipe)
    return shapeAt(schema.in, first === undefined ? [] : [first, ...rest]);
  if (schema instanceof z.ZodArray) return shapeAt(schema.element, rest);
  if (!(schema instanceof z.ZodObject)) return undefined;
  const shape = schema.shape as Shape;
  return first === undefined ? shape : shapeAt(shape[first], rest);
}

/** @param names fields that the caller sent and the operation does not have */
function fieldError(
  issue: z.core.$ZodIssue,
  names: readonly string[],
  missing: boolean,
): FieldError {
  const path = issue.path.map(String).join('.');
  return {
    field: echoed(path) || 'body',
    code: codeOfIssue(issue, missing),
    message: `${messageOfIssue(issue, missing)}${missing ? insteadOf(path, names) : ''}`,
  };
}

function insteadOf(path: string, names: readonly string[]): string {
  const near = nearestField(path, names);
  return near === undefined ? '' : `; ${echoed(near)} is not a field of this operation`;
}

/** The tenant has another name on WorkOS's paths than on Gatehouse's own. */
const TENANT_NAMES = ['tenant_id', 'organization', 'organization_id'];

const nearestField = (name: string, fields: readonly string[]): string | undefined =>
  nearest(name, fields) ??
  (TENANT_NAMES.includes(name) ? fields.find((one) => TENANT_NAMES.includes(one)) : undefined);

const codeOfIssue = (issue: z.core.$ZodIssue, missing: boolean): string => {
  if (issue.code === 'custom') return String(issue.params?.code ?? 'invalid_value');
  if (issue.code === 'too_big' && issue.origin === 'string') return 'too_long';
  if (issue.code === 'too_small' && issue.origin === 'string') return 'too_short';
  return missing ? 'required' : issue.code;
};

const messageOfIssue = (issue: z.core.$ZodIssue, missing: boolean): string => {
  if (issue.code === 'invalid_type' && missing) return 'is required';
  // For an invalid record key, report the key schema's message.
  const [keyIssue] = issue.code === 'invalid_key' ? issue.issues : [];
  return keyIssue?.message ?? issue.message;
};

/** Null counts as missing, because SDKs write a required field that was not set so. */
function isMissing({ code, input, path }: z.core.$ZodIssue, schema: unknown): boolean {
  if (code !== 'invalid_type' && code !== 'invalid_value') return false;
  if (input !== null) return input === undefined;
  const field = shapeAt(schema, path.slice(0, -1))?.[path.at(-1) ?? ''];
  return field?.safeParse(undefined).success !== true;
}
