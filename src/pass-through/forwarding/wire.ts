import { z } from 'zod';
import { PageParameters } from '../../http/pagination.ts';
import { Line } from '../../core/text.ts';

/**
 * Fields of WorkOS's replies. Named fields are passed on whatever their value, because WorkOS's enums
 * grow. Missing fields stay missing.
 */
export const text = (description: string) => z.string().nullish().meta({ description });
export const whole = (description: string) => z.number().nullish().meta({ description });
export const flag = (description: string) => z.boolean().nullish().meta({ description });
export const list = <S extends z.core.$ZodType>(item: S, description: string) =>
  z.array(item).nullish().meta({ description });
export const part = <S extends z.ZodRawShape>(shape: S, description: string) =>
  z.object(shape).nullish().meta({ description });
/** A field that the identity provider or the caller fills, passed on unchanged. */
export const free = (description: string) =>
  z.record(z.string(), z.unknown()).nullish().meta({ description });

export const object = <S extends z.ZodRawShape>(id: string, kind: string, shape: S) =>
  z
    .object({
      object: z
        .string()
        .default(kind)
        .meta({ description: `Always \`${kind}\`.` }),
      ...shape,
    })
    .meta({
      id,
      description: `${/^(?!us)[aeiou]/.test(kind) ? 'An' : 'A'} ${kind.replaceAll('_', ' ')} of WorkOS.`,
    });

export const id = (what: string) => z.string().meta({ description: `The id of the ${what}.` });
/** WorkOS's replies have an organization id here, Gatehouse's the tenant id. */
export const tenantId = text('Your tenant id.');
export const stamps = {
  created_at: text('When it was created: ISO 8601.'),
  updated_at: text('When it last changed: ISO 8601.'),
};

/** A WorkOS id in a path or a filter. */
export const ObjectId = z
  .string()
  .regex(/^[A-Za-z0-9_-]{1,128}$/, 'must be the id of an object at WorkOS');
export const objectParams = z.object({
  id: ObjectId.meta({ description: 'The id of the object at WorkOS.' }),
});
export const filter = (description: string) => Line(255).optional().meta({ description });

export const time = (description: string) => z.iso.datetime({ offset: true }).meta({ description });

/** Any text of WorkOS's length: of several lines, or none, which clears it. */
export const Description = z
  .string()
  .max(150)
  .nullable()
  .optional()
  .meta({ description: 'The description.' });

/** A header of the user's browser, who could otherwise have a request refused by sending an odd one. */
export const UserAgent = z.string().min(1);

/** WorkOS's list parameters. */
export const page = {
  ...PageParameters,
  order: z
    .enum(['asc', 'desc', 'normal'])
    .optional()
    .meta({ description: 'Order by creation. Default: `desc`, newest first.' }),
};

const TOO_LARGE = `must not be an integer beyond ±${Number.MAX_SAFE_INTEGER}, which would be rounded; send it as text`;
const isExact = (number: number): boolean =>
  !Number.isInteger(number) || Number.isSafeInteger(number);

/** A number that reaches WorkOS as it was written. `JSON.parse` rounds larger integers, e.g. ids of 64 bits. */
export const ExactNumber = z.number().refine(isExact, TOO_LARGE);

/** Changes to a map of metadata: null removes a key. The limits are WorkOS's. */
export const metadataEntries = z
  .record(
    z.string().regex(/^[\x20-\x7e]{1,40}$/, 'must be a key of 1 to 40 printable ASCII characters'),
    z.string().max(600).nullable(),
  )
  .refine((entries) => Object.keys(entries).length <= 50, 'must have at most 50 keys')
  .nullable();
