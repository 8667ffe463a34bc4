import type { z } from 'zod';

/**
 * Says what a refused value must be, where its schema has no text of its own. Covers every kind of
 * issue, so that nobody reads the words of the library: callers, operators, users of the command line.
 */
export function issueText(issue: z.core.$ZodRawIssue): string {
  switch (issue.code) {
    case 'invalid_type':
      return TYPES[issue.expected] ?? INVALID;
    case 'invalid_format':
      return formatText(issue);
    case 'invalid_value':
      return `must be ${issue.values.length > 1 ? 'one of ' : ''}${issue.values.join(', ')}`;
    case 'too_big':
      return bound(
        issue.origin,
        issue.inclusive === false ? 'less than' : 'at most',
        issue.maximum,
      );
    case 'too_small':
      return bound(
        issue.origin,
        issue.inclusive === false ? 'more than' : 'at least',
        issue.minimum,
      );
    case 'not_multiple_of':
      return `must be a multiple of ${issue.divisor}`;
    case 'unrecognized_keys':
      return `has unknown fields: ${issue.keys.join(', ')}`;
    case 'invalid_union':
      return [...new Set(issue.errors.flat().map(({ message }) => message))].join(', or ');
    case 'invalid_key':
      return 'has a name that is not allowed';
    default:
      return INVALID;
  }
}

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
