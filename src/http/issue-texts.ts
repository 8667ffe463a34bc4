/** Tells the caller what is wrong with a field whose schema has no text of its own. */
import type { z } from 'zod';

const TYPES: Readonly<Record<string, string>> = {
  string: 'must be a string',
  number: 'must be a number',
  int: 'must be a whole number',
  boolean: 'must be true or false',
  array: 'must be an array',
  object: 'must be an object',
  record: 'must be an object',
};

const FORMATS: Readonly<Record<string, string>> = {
  email: 'must be an e-mail address',
  datetime: 'must be a date and time of ISO 8601, e.g. 2026-01-15T12:00:00Z',
};

/** Undefined leaves the text to zod. */
export function issueText(issue: z.core.$ZodRawIssue): string | undefined {
  if (issue.code === 'invalid_type') return TYPES[issue.expected];
  if (issue.code === 'invalid_format') return FORMATS[issue.format];
  if (issue.code === 'invalid_value')
    return `must be ${issue.values.length > 1 ? 'one of ' : ''}${issue.values.join(', ')}`;
  if (issue.code === 'too_big') return bound(issue.origin, 'at most', issue.maximum);
  if (issue.code === 'too_small') return bound(issue.origin, 'at least', issue.minimum);
  return undefined;
}

const UNITS: Readonly<Record<string, string>> = { string: 'character', array: 'item' };

/** `must have at most 255 characters`, `must be at most 7`. */
function bound(origin: string, words: string, count: number | bigint): string {
  const unit = UNITS[origin];
  if (unit === undefined) return `must be ${words} ${count}`;
  return `must have ${words} ${count} ${unit}${Number(count) === 1 ? '' : 's'}`;
}
