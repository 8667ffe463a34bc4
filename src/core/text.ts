import { z } from 'zod';

/** False for NUL, which Postgres cannot store, and for lone surrogates, which would all encode to the same bytes. */
export const isCleanText = (text: string): boolean => text.isWellFormed() && !text.includes('\0');

/** True if the text can be stored and has no control characters, so it is one line. */
export const isLine = (text: string): boolean => isCleanText(text) && !/\p{Cc}/u.test(text);

/** True for a segment that no path keeps: parsers of URLs resolve it, percent-encoded too (WHATWG URL §4.4). */
export const isDotSegment = (text: string): boolean => text === '.' || text === '..';

/** Makes a name of the caller fit to be shown in a message: short, without control characters. */
export const echoed = (name: string): string => name.slice(0, 100).replaceAll(/\p{Cc}/gu, '?');

/** One line of display text: `min` (default: 1) to `max` characters, no control characters. */
export const Line = (max: number, min = 1) =>
  z
    .string()
    .min(min)
    .max(max)
    .refine((text) => isLine(text), {
      error: 'must be well-formed text without control characters',
    });
