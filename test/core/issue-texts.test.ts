import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { newClient } from '../../src/clients/registration.ts';
import { SETTINGS } from '../../src/config/settings.ts';
import { issueText } from '../../src/core/issue-texts.ts';
import { parse } from '../../src/http/parse.ts';
import { operations } from '../support/operations.ts';

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
    [z.number().lt(7), 7, 'too_big', 'must be less than 7'],
    [z.number().multipleOf(5), 7, 'not_multiple_of', 'must be a multiple of 5'],
    [z.enum(['asc', 'desc']), 'up', 'invalid_value', 'must be one of asc, desc'],
    [z.literal('S256'), 'plain', 'invalid_value', 'must be S256'],
    [
      z.union([z.string(), z.number()]),
      [],
      'invalid_union',
      'must be a string, or must be a number',
    ],
    [z.email(), 'ada', 'invalid_format', 'must be an e-mail address'],
    [z.string().startsWith('a'), 'b', 'invalid_format', 'must begin with a'],
    [z.string().max(3, 'is long'), 'four', 'too_long', 'is long'],
  ])('says what is expected, case %#', (schema, value, code, message) => {
    expect(errorOf(schema, value)).toEqual([code, message]);
  });
});

/** Values of which each breaks the rules of most schemas. */
const WRONG: readonly unknown[] = [
  undefined,
  null,
  '',
  ' ',
  'a b\u0000',
  'x'.repeat(70_000),
  'https://user@x.example/#y',
  '-1',
  '99999999999999999999',
  NaN,
  -1.5,
  1e300,
  true,
  [],
  Array.from({ length: 2_000 }, (_, index) => `x${index}`),
  ['same', 'same'],
  {},
  { 'no such field!': 1 },
  { ['k'.repeat(300)]: 'v'.repeat(5_000) },
];

interface Part {
  readonly name: string;
  readonly schema: z.ZodType;
}

/** The schema and everything inside it. */
function partsOf(name: string, schema: unknown): Part[] {
  if (!(schema instanceof z.ZodType) || schema instanceof z.ZodTransform) return [];
  return [
    { name, schema },
    ...insideOf(schema).flatMap(([key, one]) => partsOf(`${name}.${key}`, one)),
  ];
}

function insideOf(schema: z.ZodType): [string, unknown][] {
  if (schema instanceof z.ZodObject) return Object.entries(schema.shape);
  if (schema instanceof z.ZodArray) return [['0', schema.element]];
  if (schema instanceof z.ZodRecord)
    return [
      ['key', schema.keyType],
      ['value', schema.valueType],
    ];
  if (schema instanceof z.ZodUnion) return schema.options.map((one, index) => [String(index), one]);
  if (schema instanceof z.ZodPipe)
    return [
      ['in', schema.in],
      ['out', schema.out],
    ];
  return schema instanceof z.ZodOptional ||
    schema instanceof z.ZodNullable ||
    schema instanceof z.ZodDefault
    ? insideOf(schema.unwrap() as z.ZodType)
    : [];
}

const messagesOf = (issues: readonly z.core.$ZodIssue[]): string[] =>
  issues.flatMap((issue) =>
    issue.code === 'invalid_key' || issue.code === 'invalid_element'
      ? [issue.message, ...messagesOf(issue.issues)]
      : [issue.message],
  );

const PARTS: readonly Part[] = [
  ...operations.flatMap(({ id, endpoint: { params, query, body } }) => [
    ...partsOf(`${id}.params`, params),
    ...partsOf(`${id}.query`, query),
    ...partsOf(`${id}.body`, body),
  ]),
  ...Object.entries(SETTINGS).flatMap(([name, { schema }]) => partsOf(name, schema)),
  ...partsOf('clients', newClient(false)),
];

describe('every field of a request, every setting and every flag', () => {
  const texts = PARTS.flatMap(({ name, schema }) =>
    WRONG.flatMap((value) =>
      messagesOf(schema.safeParse(value, { error: issueText }).error?.issues ?? []).map(
        (text) => `${name}: ${text}`,
      ),
    ),
  );
  const unlike = (wanted: RegExp) => [...new Set(texts.filter((text) => !wanted.test(text)))];

  it('is refused in words of ours', () => {
    expect(texts.length).toBeGreaterThan(10_000);
    expect(
      texts.filter((text) => /: (Invalid|Too |Unrecognized|is not valid$)/.test(text)),
    ).toEqual([]);
  });

  it('is refused with what it must be', () => {
    expect(
      unlike(/: ("|-?must |is |has |have |needs |may |cannot |holds |names |.* is not a scope)/),
    ).toEqual([]);
  });
});
