/** Takes requests in the forms in which official SDKs of all languages and ages write them. */
import { z } from 'zod';

/**
 * Reads a query: `a=1&a=2`, `a[]=1&a[]=2` and `a[0]=1&a[1]=2` are the list `1,2`. A parameter
 * without a value counts as not given.
 */
export function readQuery(params: URLSearchParams): Record<string, string> {
  const lists: Record<string, string[]> = {};
  for (const [name, value] of params)
    if (value !== '') (lists[name.replace(/\[\d*\]$/, '')] ??= []).push(value);
  return Object.fromEntries(
    Object.entries(lists).map(([name, values]) => [name, values.join(',')]),
  );
}

/**
 * Removes what SDKs write for options that were not set: `null`, `""` and `0` where the schema of an
 * optional field refuses them. An empty list counts as an empty map, because PHP writes it so.
 */
export function withoutUnset(schema: z.core.$ZodType, value: unknown): unknown {
  const inner = unwrapped(schema);
  if (inner instanceof z.ZodRecord && Array.isArray(value) && value.length === 0) return {};
  if (inner instanceof z.ZodArray && Array.isArray(value))
    return value.map((one) => withoutUnset(inner.element, one));
  if (!(inner instanceof z.ZodObject)) return value;
  const given: unknown = Array.isArray(value) && value.length === 0 ? {} : value;
  if (typeof given !== 'object' || given === null || Array.isArray(given)) return value;
  const entries = Object.entries(given).flatMap(([name, one]: [string, unknown]) => {
    const field = inner.shape[name] as z.core.$ZodType | undefined;
    if (!field) return [[name, one]];
    return isUnset(field, one) ? [] : [[name, withoutUnset(field, one)]];
  });
  return Object.fromEntries(entries) as unknown;
}

const isUnset = (field: z.core.$ZodType, value: unknown): boolean =>
  (value === null || value === '' || value === 0) &&
  field._zod.optin !== undefined &&
  !z.safeParse(field, value).success;

function unwrapped(schema: z.core.$ZodType): z.core.$ZodType {
  const isWrapper =
    schema instanceof z.ZodOptional ||
    schema instanceof z.ZodNullable ||
    schema instanceof z.ZodDefault;
  return isWrapper ? unwrapped(schema.unwrap()) : schema;
}
