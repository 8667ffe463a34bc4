import { z } from 'zod';
import { invalidField } from '../core/problem.ts';
import { isDotSegment } from '../core/text.ts';

const NOT_GIVEN = 'must be an id that a list gave';
const Cursor = z
  .string()
  .min(1)
  .max(128)
  .regex(/^[\x21-\x7e]+$/, NOT_GIVEN)
  // The object of a cursor may be asked for by its path.
  .refine((id) => !isDotSegment(id), NOT_GIVEN);

/** A cursor of a list whose ids are numbers. */
export const NumberCursor = z.string().regex(/^\d{1,18}$/, NOT_GIVEN);

/** WorkOS's list parameters. Spread them into a query schema. */
export const PageParameters = {
  limit: z
    .string()
    .regex(/^\d{1,3}$/, 'must be a number from 1 to 100')
    .transform(Number)
    .pipe(z.number().min(1).max(100))
    .default(10)
    .meta({
      description: 'Maximum number of objects: 1–100.',
      type: 'integer',
      minimum: 1,
      maximum: 100,
      default: 10,
    }),
  after: Cursor.optional().meta({ description: 'Start after the object with this id.' }),
  before: Cursor.optional().meta({ description: 'Stop before the object with this id.' }),
  order: z
    .enum(['asc', 'desc'])
    .default('desc')
    .meta({ description: 'Order by creation; `desc` is newest first.' }),
};

const Cursors = z
  .object({
    before: z.string().nullable().meta({ description: 'Cursor of the previous page, or null.' }),
    after: z.string().nullable().meta({ description: 'Cursor of the next page, or null.' }),
  })
  .meta({ id: 'ListMetadata', description: 'Cursors of the previous and the next page.' });

/** Schema of a page of a list, in WorkOS's format. */
export const listOf = <S extends z.core.$ZodType>(id: string, item: S) =>
  z
    .object({
      object: z.literal('list').meta({ description: 'Always `list`.' }),
      data: z.array(item).meta({ description: 'The objects of this page.' }),
      list_metadata: Cursors,
    })
    .meta({ id, description: 'A page of a list.' });

/** @param query as parsed @throws Problem `invalid-request` */
export function refuseTwoCursors(query: unknown): void {
  const { after, before } = (query ?? {}) as Readonly<Record<string, unknown>>;
  if (after !== undefined && before !== undefined)
    throw invalidField('before', 'invalid_value', 'cannot be given together with after');
}
