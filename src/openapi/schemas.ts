import type { z } from 'zod';

type JsonSchema = z.core.JSONSchema.BaseSchema;

/** Shortens what zod says of a schema at more length than the document needs. */
export function shorten(schema: JsonSchema): void {
  // `format: date-time` is enough without zod's 200 characters.
  if (schema.format === 'date-time') delete schema.pattern;
  removeDefaults(schema);
  foldNull(schema);
}

/** Bounds that all numbers (RFC 7493 §2.2), texts and names keep. */
function removeDefaults(schema: JsonSchema): void {
  if (schema.minimum === Number.MIN_SAFE_INTEGER) delete schema.minimum;
  if (schema.maximum === Number.MAX_SAFE_INTEGER) delete schema.maximum;
  if (schema.minLength === 0) delete schema.minLength;
  if (isOnly('string', schema.propertyNames)) delete schema.propertyNames;
}

/** `anyOf` of a schema and null → the schema, whose type may be null. */
function foldNull(schema: JsonSchema): void {
  const [value, nothing, ...others] = schema.anyOf ?? [];
  if (others.length > 0 || !isOnly('null', nothing) || typeof value !== 'object') return;
  if (typeof value.type !== 'string' || value.enum || 'const' in value) return;
  delete schema.anyOf;
  Object.assign(schema, { ...value, ...schema, type: [value.type, 'null'] });
}

const isOnly = (type: string, schema: unknown): boolean =>
  JSON.stringify(schema) === JSON.stringify({ type });
