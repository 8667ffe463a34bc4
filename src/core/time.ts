import { z } from 'zod';

/** RFC 3339 as Postgres, JSON and `Date` all hold it: UTC, milliseconds, the years 1 to 9999. */
const HELD = /^(?!0000)\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

/**
 * A time of RFC 3339, in UTC from then on: what was validated is what is stored and compared. One
 * without an offset, with a leap second, at 24:00 or outside the years 1 to 9999 is refused.
 */
export const Time = z.iso
  .datetime({ offset: true })
  .transform(inUtc)
  .refine((time) => HELD.test(time), 'must be of the years 1 to 9999');

function inUtc(text: string): string {
  const time = new Date(text);
  return Number.isNaN(time.getTime()) ? '' : time.toISOString();
}

/** @returns undefined when the text is not a time that `Time` takes */
export const timeOf = (text: unknown): Date | undefined => {
  const time = Time.safeParse(text);
  return time.success ? new Date(time.data) : undefined;
};
