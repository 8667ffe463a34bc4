/** Requests of all sorts, from good to absurd, made from the contract. */
import fc from 'fast-check';
import type { Call } from './http-caller.ts';
import type { Documented, OpenApi, Schema } from './contract-validator.ts';

/** What text may become a trap somewhere behind. */
const NASTY = [
  '',
  ' ',
  '\0',
  'a\0b',
  '\ud800',
  '\u202e',
  '\r\nX-Injected: 1',
  '\u001b[31m',
  "' or 1=1 --",
  '"; drop table tenants; --',
  '../../etc/passwd',
  '%00',
  '${7*7}',
  '{{7*7}}',
  '<script>alert(1)</script>',
  '__proto__',
  'constructor',
  'org_01EHZNVPK3SFK441A1RGBFSHRT',
  'null',
  'NaN',
  '1e308',
  '-1',
  'launch_00000000000000000000000000000000',
  'https://evil.example/',
  'javascript:alert(1)',
  'x'.repeat(300),
  '𝒶'.repeat(64),
];

/** Not fast-check's units `binary` and `grapheme`: each lists a million of them first, which takes seconds. */
const codePoint = fc
  .integer({ min: 0, max: 0x10_ffff })
  .filter((code) => code < 0xd800 || code > 0xdfff)
  .map((code) => String.fromCodePoint(code));
const composed = fc
  .tuple(codePoint, fc.constantFrom('\u0301', '\u200d', '\ufe0f', '\u{1f3fd}'))
  .map((parts) => parts.join(''));

const nasty = fc.oneof(
  fc.constantFrom(...NASTY),
  fc.string({ maxLength: 80 }),
  fc.string({ unit: fc.oneof(codePoint, composed), maxLength: 80 }),
);
const wild: fc.Arbitrary<unknown> = fc.oneof(
  nasty,
  fc.constantFrom<unknown>(null, true, 0, -1, 1.5, 1e308, 2 ** 53, [], {}, [[[]]]),
  fc.jsonValue({ maxDepth: 3 }),
);

/** Mostly as the schema has it, now and then not at all. */
export function valueOf(schema: Schema, contract: OpenApi, depth = 0): fc.Arbitrary<unknown> {
  const good = goodValueOf(schema, contract, depth);
  return fc.oneof({ weight: 20, arbitrary: good }, { weight: 1, arbitrary: wild });
}

function goodValueOf(schema: Schema, contract: OpenApi, depth: number): fc.Arbitrary<unknown> {
  const { $ref: ref } = schema;
  if (typeof ref === 'string') {
    const named = contract.components.schemas[ref.slice(ref.lastIndexOf('/') + 1)];
    return goodValueOf(named ?? {}, contract, depth);
  }
  const choices = (schema.enum ??
    schema.examples ??
    (schema.const !== undefined && [schema.const])) as unknown[] | false;
  if (choices) return fc.constantFrom(...choices);
  const anyOf = schema.anyOf as Schema[] | undefined;
  if (anyOf) return fc.oneof(...anyOf.map((one) => valueOf(one, contract, depth + 1)));
  const types = schema.type as string | readonly string[] | undefined;
  if (Array.isArray(types))
    return fc.oneof(...types.map((type) => valueOf({ ...schema, type }, contract, depth + 1)));
  switch (types) {
    case 'null':
      return fc.constant(null);
    case 'object':
      return objectOf(schema, contract, depth);
    case 'array':
      return fc.array(valueOf(schema.items as Schema, contract, depth + 1), { maxLength: 3 });
    case 'integer':
    case 'number':
      return fc.integer({
        min: (schema.minimum as number | undefined) ?? 0,
        max: Math.min((schema.maximum as number | undefined) ?? 1_000, 10_000),
      });
    case 'boolean':
      return fc.boolean();
    case 'string':
      return textOf(schema);
    default:
      return wild;
  }
}

function textOf({ format, pattern }: Schema): fc.Arbitrary<unknown> {
  if (format === 'email') return fc.emailAddress();
  if (format === 'date-time') return fc.date({ noInvalidDate: true }).map((at) => at.toISOString());
  return typeof pattern === 'string' && !pattern.includes('(?')
    ? fc.stringMatching(new RegExp(pattern))
    : fc.string({ maxLength: 60 });
}

function objectOf(
  { properties = {}, required = [], additionalProperties }: Schema,
  contract: OpenApi,
  depth: number,
): fc.Arbitrary<unknown> {
  const fields = Object.fromEntries(
    Object.entries(properties as Record<string, Schema>).map(([name, schema]) => [
      name,
      valueOf(schema, contract, depth + 1),
    ]),
  );
  const known = fc.record(fields, { requiredKeys: required as string[] });
  const more =
    typeof additionalProperties === 'object'
      ? fc.dictionary(
          fc.string({ maxLength: 50 }),
          valueOf(additionalProperties as Schema, contract, depth + 1),
          { maxKeys: 4 },
        )
      : fc.dictionary(nasty, wild, { maxKeys: 2 });
  return fc
    .tuple(
      known,
      fc.oneof({ weight: 9, arbitrary: fc.constant({}) }, { weight: 1, arbitrary: more }),
    )
    .map(([object, extra]) => ({ ...object, ...extra }));
}

/** JSON, and what is left of it after an accident. */
const spoiled = (body: unknown): fc.Arbitrary<string | Buffer> => {
  const text = JSON.stringify(body);
  return fc.oneof(
    { weight: 40, arbitrary: fc.constant(text) },
    { weight: 1, arbitrary: fc.nat(text.length).map((at) => text.slice(0, at)) },
    { weight: 1, arbitrary: fc.constant(`\ufeff${text}`) },
    { weight: 1, arbitrary: fc.constant(`[${text}]`) },
    { weight: 1, arbitrary: fc.constant(text.replace('{', '{"intent":1,"intent":2,')) },
    { weight: 1, arbitrary: fc.uint8Array({ maxLength: 40 }).map((bytes) => Buffer.from(bytes)) },
  );
};

/** What a path or a query may hold on the wire. */
const encoded = (value: unknown): string =>
  encodeURIComponent((typeof value === 'string' ? value : JSON.stringify(value)).toWellFormed());
const rawSegment = fc.constantFrom('%', '%ff', '%00', '%2f..%2f', '..', '.', '%ED%A0%80', '+', '~');

export interface Pools {
  /** Values of parameters that lead somewhere. */
  readonly names: (operationId: string) => Readonly<Record<string, readonly string[]>>;
  /** Sent mostly with the first of their values. */
  readonly usual: Readonly<Record<string, readonly string[]>>;
  /** Left out mostly, since any of them may spoil a request. */
  readonly seldom: Readonly<Record<string, readonly string[]>>;
}

export interface FuzzedCall extends Call {
  readonly operationId: string;
}

export function callsTo(
  documented: Documented,
  contract: OpenApi,
  { names, usual, seldom }: Pools,
): fc.Arbitrary<FuzzedCall> {
  const { operation, method, path } = documented;
  const parameters = operation.parameters ?? [];
  const pathValues = fc.record(
    Object.fromEntries(
      parameters
        .filter((parameter) => parameter.in === 'path')
        .map(({ name, schema }) => [
          name,
          fc.oneof(
            {
              weight: 8,
              arbitrary: fc.constantFrom(...(names(operation.operationId)[name] ?? ['x'])),
            },
            { weight: 1, arbitrary: valueOf(schema, contract).map(encoded) },
            { weight: 1, arbitrary: rawSegment },
          ),
        ]),
    ),
  );
  const likelyOf = (schema: Schema, known: readonly string[] | undefined) =>
    fc.oneof(
      { weight: 1, arbitrary: valueOf(schema, contract) },
      ...(known ? [{ weight: 8, arbitrary: fc.constantFrom(...known) }] : []),
    );
  const queryPairs = fc.array(
    fc.oneof(
      ...parameters
        .filter((parameter) => parameter.in === 'query')
        .map(({ name, schema }) =>
          likelyOf(schema, names(operation.operationId)[name]).map(
            (value) => `${name}=${encoded(value)}`,
          ),
        ),
      fc.tuple(nasty, nasty).map(([name, value]) => `${encoded(name)}=${encoded(value)}`),
    ),
    { maxLength: 3 },
  );
  const pick = (values: readonly string[]) => fc.constantFrom(...values);
  const headerValues = fc.record(
    Object.fromEntries([
      ...Object.entries(usual).map(([name, values]) => [
        name,
        fc.oneof(
          { weight: 12, arbitrary: fc.constant(values[0]) },
          { weight: 1, arbitrary: fc.option(pick(values), { nil: undefined }) },
        ),
      ]),
      ...Object.entries(seldom).map(([name, values]) => [
        name,
        fc.oneof(
          { weight: 20, arbitrary: fc.constant(undefined) },
          { weight: 1, arbitrary: pick(values) },
        ),
      ]),
    ]) as Record<string, fc.Arbitrary<string | undefined>>,
  );
  return fc
    .tuple(
      pathValues,
      fc.option(queryPairs, { nil: [], freq: 2 }),
      headerValues,
      bodyOf(documented, contract),
    )
    .map(([segments, pairs, given, body]) => ({
      operationId: operation.operationId,
      method,
      path:
        path.replaceAll(/\{(\w+)\}/g, (_all, name: string) => segments[name] ?? '') +
        (pairs.length > 0 ? `?${pairs.join('&')}` : ''),
      headers: present({ 'content-type': body?.type, ...present(given) }),
      body: body?.bytes,
    }));
}

const present = (values: Record<string, string | undefined>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(values).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );

function bodyOf(
  { operation }: Documented,
  contract: OpenApi,
): fc.Arbitrary<{ type: string; bytes: string | Buffer } | undefined> {
  const media = Object.entries(operation.requestBody?.content ?? {});
  if (media.length === 0) return fc.constant(undefined);
  return fc.oneof(
    ...media.map(([type, { schema, example }]) =>
      likeExample(valueOf(schema, contract), example).chain((value) =>
        (type.endsWith('json') ? spoiled(value) : fc.constant(formOf(value))).map((bytes) => ({
          type,
          bytes,
        })),
      ),
    ),
  );
}

/** Also the example as it is, and with one field of another value. */
function likeExample(values: fc.Arbitrary<unknown>, example: unknown): fc.Arbitrary<unknown> {
  if (!example) return values;
  const oneField = fc.tuple(values, fc.nat(20)).map(([value, at]) => {
    const fields = Object.entries(value ?? {});
    return {
      ...example,
      ...Object.fromEntries(fields.slice(at % (fields.length + 1)).slice(0, 1)),
    };
  });
  return fc.oneof(
    { weight: 1, arbitrary: fc.constant(example) },
    { weight: 4, arbitrary: oneField },
    { weight: 3, arbitrary: values },
  );
}

const formOf = (value: unknown): string =>
  Object.entries(value ?? {})
    .map(([name, inner]) => `${encoded(name)}=${encoded(inner)}`)
    .join('&');
