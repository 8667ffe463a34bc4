/** The limits WorkOS puts on metadata; a breach is a 400 with a code, not a 422. */
import { z } from 'zod';
import { ApiError } from './operation.ts';

const Metadata = z
  .record(z.string().max(40), z.string().max(600))
  .refine((entries) => Object.keys(entries).length <= 50);

const Entries = z.record(z.string(), z.string().nullable());

/** Keys not named stay, null removes one; null for the whole clears all. @throws ApiError 400 `invalid_metadata` */
export function mergedMetadata(
  metadata: Record<string, string>,
  change: unknown,
): Record<string, string> {
  if (change === null) return {};
  const entries = Entries.safeParse(change ?? {});
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
    message: 'Metadata holds at most 50 keys of 40 characters with string values of 600.',
  });
}
