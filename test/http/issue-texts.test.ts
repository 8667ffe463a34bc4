import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { parse } from '../../src/http/parse.ts';

const errorOf = (schema: z.ZodType, value: unknown): unknown => {
  try {
    parse(z.object({ field: schema }), { field: value });
    return undefined;
  } catch (error) {
    const [first] = (error as { errors: { code: string; message: string }[] }).errors;
    return [first?.code, first?.message];
  }
};

describe('the text about a field', () => {
  it.each<[z.ZodType, unknown, string, string]>([
    [z.string(), 7, 'invalid_type', 'must be a string'],
    [z.string(), undefined, 'required', 'is required'],
    [z.string(), null, 'required', 'is required'],
    [z.boolean(), 'yes', 'invalid_type', 'must be true or false'],
    [z.record(z.string(), z.string()), [], 'invalid_type', 'must be an object'],
    [z.string().min(1), '', 'too_short', 'must have at least 1 character'],
    [z.string().max(3), 'four', 'too_long', 'must have at most 3 characters'],
    [z.array(z.string()).max(1), ['a', 'b'], 'too_big', 'must have at most 1 item'],
    [z.number().max(7), 8, 'too_big', 'must be at most 7'],
    [z.enum(['asc', 'desc']), 'up', 'invalid_value', 'must be one of asc, desc'],
    [z.literal('S256'), 'plain', 'invalid_value', 'must be S256'],
    [z.email(), 'ada', 'invalid_format', 'must be an e-mail address'],
    [z.string().max(3, 'is long'), 'four', 'too_long', 'is long'],
  ])('says what is expected, case %#', (schema, value, code, message) => {
    expect(errorOf(schema, value)).toEqual([code, message]);
  });
});
