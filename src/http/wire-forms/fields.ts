import { type z } from 'zod';
import { isObject } from '../../core/json.ts';

/** A field of a request that its operation does not have. */
export interface UnknownField {
  /** Path as the caller wrote it: `event.actor.role`. */
  readonly path: string;
  readonly value: unknown;
}

/**
 * Reads fields as WorkOS's API takes them from SDKs of all languages and ages. The schema says what a
 * field means; these forms mean nothing:
 *
 * | form                                                   | sent by                               | read as            |
 * | ------------------------------------------------------ | ------------------------------------- | ------------------ |
 * | `null` where the schema allows none                    | Ruby ≤ 6, PHP, Go ≤ 6: unset options  | not given          |
 * | `""` where the schema wants text                       | Go ≤ 6: unset options                 | not given          |
 * | `0` where the schema wants a positive number           | Go ≤ 6: unset options                 | not given          |
 * | `[]` where the schema wants an object or a map         | PHP: an empty map                     | `{}`               |
 * | a field that the schema does not have                  | Go ≤ 6: untagged fields; newer SDKs   | left out, reported |
 *
 * A required field is never left out, and neither is a value that the schema accepts: `null` clears a
 * field where WorkOS documents it.
 *
 * @returns the value for the schema, and the fields that were left out because nobody knows them
 */
export function readFields(
  schema: z.ZodType,
  value: unknown,
): { readonly value: unknown; readonly unknown: readonly UnknownField[] } {
  const unknown: UnknownField[] = [];
  return { value: read(schema, value, '', unknown), unknown };
}

function read(schema: z.ZodType, value: unknown, at: string, unknown: UnknownField[]): unknown {
  const inner = unwrapped(schema);
  if (isOf('array', inner) && Array.isArray(value))
    return value.map((one, index) => read(typed(inner.element), one, join(at, index), unknown));
  if (!isOf('object', inner) && !isOf('record', inner)) return value;
  const map = isEmptyList(value) ? {} : value;
  return isOf('object', inner) && isObject(map) ? readObject(inner, map, at, unknown) : map;
}

function readObject(
  { shape }: z.ZodObject,
  value: Readonly<Record<string, unknown>>,
  at: string,
  unknown: UnknownField[],
): Record<string, unknown> {
  const fields = Object.create(null) as Record<string, unknown>;
  for (const [name, inner] of Object.entries(value)) {
    const path = join(at, name);
    const field = Object.hasOwn(shape, name) ? typed(shape[name]) : undefined;
    if (!field) unknown.push({ path, value: inner });
    else if (!isNotGiven(field, inner)) fields[name] = read(field, inner, path, unknown);
  }
  return fields;
}

/** True for an optional field whose value says that it was not set. */
const isNotGiven = (field: z.ZodType, value: unknown): boolean =>
  (value === null || value === '' || value === 0) &&
  field._zod.optin !== undefined &&
  !field.safeParse(value).success;

/** Returns the schema without `optional`, `nullable`, a default or a transformation around it. */
function unwrapped(schema: z.ZodType): z.ZodType {
  if (isOf('optional', schema) || isOf('nullable', schema) || isOf('default', schema))
    return unwrapped(typed(schema.unwrap()));
  return isOf('pipe', schema) ? unwrapped(typed(schema.in)) : schema;
}

interface Kinds {
  readonly array: z.ZodArray;
  readonly default: z.ZodDefault;
  readonly nullable: z.ZodNullable;
  readonly object: z.ZodObject;
  readonly optional: z.ZodOptional;
  readonly pipe: z.ZodPipe;
  readonly record: z.ZodRecord;
}

/** Asks for the kind by its name; zod's `instanceof` looks into a set, and is asked six times for each field. */
const isOf = <K extends keyof Kinds>(kind: K, schema: z.ZodType): schema is Kinds[K] =>
  schema.def.type === kind;

/** zod types the parts of a schema by their core interface; all of ours are of this class. */
const typed = (schema: unknown): z.ZodType => schema as z.ZodType;

const isEmptyList = (value: unknown): boolean => Array.isArray(value) && value.length === 0;

const join = (at: string, name: string | number): string =>
  at === '' ? String(name) : `${at}.${name}`;
