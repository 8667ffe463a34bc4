/** Parses request input and answers as WorkOS does when it is invalid. */
import { z } from 'zod';
import { ApiError } from './operation.ts';
import { withoutUnset } from './wire-forms.ts';

/**
 * @param code top-level error code, which some families of operations have
 * @throws ApiError 422 `{ code?, message, errors: [{ field, code }] }`
 */
export function parse<S extends z.core.$ZodType>(
  schema: S,
  value: unknown,
  code?: string,
): z.output<S> {
  const parsed = z.safeParse(schema, withoutUnset(schema, value), { reportInput: true });
  if (parsed.success) return parsed.data;
  const errors = parsed.error.issues.map(({ path, input }) => {
    const field = path.join('.');
    return { field, code: `${field}_${input === undefined ? 'required' : 'invalid'}` };
  });
  throw new ApiError(422, { ...(code && { code }), message: 'Validation failed', errors });
}

/** WorkOS's limits on metadata; exceeding them is a 400 with a code, not a 422. */
const Metadata = z
  .record(z.string().max(40), z.string().max(600))
  .refine((entries) => Object.keys(entries).length <= 50);

const MetadataChange = z.record(z.string(), z.string().nullable());

/**
 * Merges a change into existing metadata: unnamed keys stay, a null value removes its key, and null
 * for the whole clears everything.
 * @throws ApiError 400 `invalid_metadata`
 */
export function mergeMetadata(
  metadata: Record<string, string>,
  change: unknown,
): Record<string, string> {
  if (change === null) return {};
  if (Array.isArray(change) && change.length === 0) return metadata;
  const entries = MetadataChange.safeParse(change ?? {});
  if (!entries.success) return parseMetadata(change);
  const all = Object.entries({ ...metadata, ...entries.data });
  return parseMetadata(Object.fromEntries(all.filter(([, value]) => value !== null)));
}

/** @throws ApiError 400 `invalid_metadata` */
function parseMetadata(value: unknown): Record<string, string> {
  const parsed = Metadata.safeParse(value ?? {});
  if (parsed.success) return parsed.data;
  throw new ApiError(400, {
    code: 'invalid_metadata',
    message: 'Metadata allows at most 50 keys of 40 characters with string values of 600.',
  });
}
