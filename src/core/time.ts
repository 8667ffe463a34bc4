import { z } from 'zod';

/** The RFC 3339 subset that Postgres, JSON and `Date` all represent: UTC, milliseconds, years 1 to 9999. */
const HELD = /^(?!0000)\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

/**
 * An RFC 3339 time, normalised to UTC, so that the validated value is the one stored and compared.
 * Rejects a time without an offset, with a leap second, at 24:00 or outside the years 1 to 9999.
 */
export const Time = z.iso
  .datetime({ offset: true })
  .transform(inUtc)
  .refine((time) => HELD.test(time), 'must be of the years 1 to 9999');

function inUtc(text: string): string {
  const time = new Date(text);
  return Number.isNaN(time.getTime()) ? '' : time.toISOString();
}

/** Returns undefined when `Time` rejects the text. */
export const timeOf = (text: unknown): Date | undefined => {
  const time = Time.safeParse(text);
  return time.success ? new Date(time.data) : undefined;
};
