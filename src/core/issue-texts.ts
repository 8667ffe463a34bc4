import type { z } from 'zod';

type RawIssue = z.core.$ZodRawIssue;

/**
 * Says what a refused value must be, where its schema has no text of its own. Covers every kind of
 * issue, so that nobody reads the words of the library: callers, operators, users of the command line.
 */
export const issueText = (issue: RawIssue): string =>
  // Sound: each text is for issues of its code.
  (TEXTS[issue.code] as (one: RawIssue) => string)(issue);

const INVALID = 'is not valid';

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
  url: 'must be an absolute URL',
  date: 'must be a date, e.g. 2026-01-15',
  datetime: 'must be a date and time of ISO 8601, e.g. 2026-01-15T12:00:00Z',
};

interface FormatIssue {
  readonly format: string;
  readonly prefix?: unknown;
  readonly suffix?: unknown;
}

function formatText({ format, prefix, suffix }: FormatIssue): string {
  if (format === 'starts_with') return `must begin with ${String(prefix)}`;
  if (format === 'ends_with') return `must end in ${String(suffix)}`;
  return FORMATS[format] ?? INVALID;
}

const UNITS: Readonly<Record<string, string>> = { string: 'character', array: 'item' };

/** `must have at most 255 characters`, `must be at most 7`. */
function bound(origin: string, words: string, count: number | bigint): string {
  const unit = UNITS[origin];
  if (unit === undefined) return `must be ${words} ${count}`;
  return `must have ${words} ${count} ${unit}${Number(count) === 1 ? '' : 's'}`;
}

const TEXTS: {
  readonly [Code in RawIssue['code']]: (issue: Extract<RawIssue, { code: Code }>) => string;
} = {
  invalid_type: ({ expected }) => TYPES[expected] ?? INVALID,
  invalid_format: formatText,
  invalid_value: ({ values }) =>
    `must be ${values.length > 1 ? 'one of ' : ''}${values.join(', ')}`,
  too_big: ({ origin, inclusive, maximum }) =>
    bound(origin, inclusive === false ? 'less than' : 'at most', maximum),
  too_small: ({ origin, inclusive, minimum }) =>
    bound(origin, inclusive === false ? 'more than' : 'at least', minimum),
  not_multiple_of: ({ divisor }) => `must be a multiple of ${divisor}`,
  unrecognized_keys: ({ keys }) => `has unknown fields: ${keys.join(', ')}`,
  invalid_union: ({ errors }) =>
    [...new Set(errors.flat().map(({ message }) => message))].join(', or '),
  invalid_key: () => 'has a name that is not allowed',
  invalid_element: () => INVALID,
  custom: () => INVALID,
};
