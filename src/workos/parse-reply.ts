import { z } from 'zod';
import { UpstreamFailure } from './failure.ts';

/** An id of WorkOS that is stored. Postgres cannot store every text, nor one of any length in an index. */
export const StoredId = z.string().regex(/^[\x21-\x7e]{1,255}$/, 'must be an id');

/** A text of WorkOS that is stored. Postgres cannot store NUL or lone surrogates. */
export const StoredText = z
  .string()
  .transform((text) => text.toWellFormed().replaceAll('\0', '\uFFFD'));

/**
 * Parses a reply of WorkOS. Fields that the schema does not name are dropped by the schema.
 *
 * @param what the expected reply, for the failure's reason: `an organization`
 * @throws UpstreamFailure `invalid-response`
 */
export function parseReply<S extends z.core.$ZodType>(
  schema: S,
  data: unknown,
  what: string,
): z.output<S> {
  const reply = z.safeParse(schema, data);
  if (!reply.success) throw new UpstreamFailure('invalid-response', { reason: `not ${what}` });
  return reply.data;
}

/**
 * Returns the object if it is the one that was asked for. An answer that was mixed up on its way
 * would otherwise show or record one tenant's data as another's.
 *
 * @throws UpstreamFailure `invalid-response`
 */
export function requireSameId<T extends { readonly id?: unknown }>(asked: string, object: T): T {
  if (object.id === asked) return object;
  throw new UpstreamFailure('invalid-response', { reason: 'another object than was asked for' });
}
