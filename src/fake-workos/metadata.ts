/** The limits WorkOS puts on metadata; a breach is a 400 with a code, not a 422. */
import { z } from 'zod';
import { ApiError } from './http.ts';

const Metadata = z
  .record(z.string().max(40), z.string().max(600))
  .refine((entries) => Object.keys(entries).length <= 50);

/** @throws ApiError 400 `invalid_metadata` */
export function parseMetadata(value: unknown): Record<string, string> {
  const parsed = Metadata.safeParse(value ?? {});
  if (parsed.success) return parsed.data;
  throw new ApiError(400, {
    code: 'invalid_metadata',
    message: 'Metadata holds at most 50 keys of 40 characters with string values of 600.',
  });
}
