/** Finds the fields that only one of two documents accepts, requires or returns. */
import { fieldsOf, lacking, type Schema } from './schema-fields.ts';
import {
  bodyOf,
  queryOf,
  replyOf,
  specified,
  type Document,
  type Specified,
} from './specification.ts';

export interface FieldDifference {
  /** As our document writes it: `POST /auth/factors/enroll`. */
  readonly operation: string;
  /** In words: ``takes no `user_id` ``. */
  readonly difference: string;
}

/** Compares the operations that both documents have. */
export function fieldDifferences(ours: Document, theirs: Document): FieldDifference[] {
  return operationsOf(ours).flatMap(([method, path, mine]) => {
    const other = specified(theirs, method, path);
    if (!other) return [];
    const operation = `${method.toUpperCase()} ${path}`;
    const sides = [
      { document: ours, ...partsOf(ours, mine) },
      { document: theirs, ...partsOf(theirs, other) },
    ] as const;
    return differences(...sides).map((difference) => ({ operation, difference }));
  });
}

const operationsOf = ({ paths }: Document): [string, string, Specified][] =>
  Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]): [string, string, Specified] => [
      method,
      path,
      operation,
    ]),
  );

interface Parts {
  readonly taken: readonly string[];
  readonly required: readonly string[];
  readonly query: readonly string[];
  readonly answered: readonly string[];
}

function partsOf({ components: { schemas } }: Document, operation: Specified): Parts {
  const body = bodyOf(operation);
  const reply = replyOf(operation).media?.schema;
  const named = (schema: Schema | undefined) =>
    schema ? fieldsOf(schemas, schema).filter((field) => !field.endsWith('.*')) : [];
  return {
    taken: named(body),
    required: body ? requiredOf(schemas, body) : [],
    query: queryOf(operation).map(({ name }) => name),
    answered: named(reply),
  };
}

function requiredOf(schemas: Readonly<Record<string, Schema>>, schema: Schema): readonly string[] {
  const name = schema.$ref?.split('/').at(-1);
  const known = name === undefined ? schema : (schemas[name] ?? {});
  return [
    ...(known.required ?? []),
    ...(known.allOf ?? []).flatMap((part) => requiredOf(schemas, part)),
  ];
}

const differences = (mine: Parts, theirs: Parts): string[] => [
  ...each('takes no', lacking(theirs.taken, mine.taken)),
  ...each('also takes', lacking(mine.taken, theirs.taken)),
  ...each('requires', lacking(mine.required, theirs.required)),
  ...each('does not require', lacking(theirs.required, mine.required)),
  ...each('has no parameter', lacking(theirs.query, mine.query)),
  ...each('has the parameter', lacking(mine.query, theirs.query)),
  ...each('does not answer', lacking(theirs.answered, mine.answered)),
  ...each('also answers', lacking(mine.answered, theirs.answered)),
];

const each = (words: string, fields: readonly string[]): string[] =>
  fields.map((field) => `${words} \`${field}\``);
