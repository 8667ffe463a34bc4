import type { z } from 'zod';
import { UpstreamFailure } from './failure.ts';

/**
 * Parses a reply of WorkOS. Fields that the schema does not name are dropped by the schema.
 *
 * @param what the expected reply, for the failure's reason: `an organization`
 * @throws UpstreamFailure `invalid-response`
 */
export function parseReply<S extends z.ZodType>(
  schema: S,
  data: unknown,
  what: string,
): z.output<S> {
  const reply = schema.safeParse(data);
  if (!reply.success) throw new UpstreamFailure('invalid-response', { reason: `not ${what}` });
  return reply.data;
}
