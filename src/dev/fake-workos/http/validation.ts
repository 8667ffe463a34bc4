/** WorkOS's 422: a sentence, and which field is wrong. */
import type { z } from 'zod';
import { ApiError } from './operation.ts';

/**
 * @param code of the whole answer, which some families of operations have
 * @throws ApiError 422 `{ code?, message, errors: [{ field, code }] }`
 */
export function parse<T>(schema: z.ZodType<T>, value: unknown, code?: string): T {
  const parsed = schema.safeParse(value, { reportInput: true });
  if (parsed.success) return parsed.data;
  const errors = parsed.error.issues.map(({ path, input }) => {
    const field = path.join('.');
    return { field, code: `${field}_${input === undefined ? 'required' : 'invalid'}` };
  });
  throw new ApiError(422, { ...(code && { code }), message: 'Validation failed', errors });
}
