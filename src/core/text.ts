import { z } from 'zod';

/** Postgres cannot hold NUL, and two lone surrogates would become the same bytes. */
export const isCleanText = (text: string): boolean => text.isWellFormed() && !text.includes('\0');

/** A line of text for people: no control characters, 1 to `max` characters. */
export const Line = (max: number) =>
  z
    .string()
    .min(1)
    .max(max)
    .refine((text) => isCleanText(text) && !/\p{Cc}/u.test(text), {
      error: 'must be well-formed text without control characters',
    });
