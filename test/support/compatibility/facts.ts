/** Facts about WorkOS's API, taken from an OpenAPI document: operations, and what requests and replies may hold. */
import { replyOf, type Document, type Specified } from './specification.ts';
import type { Components, Schema } from './schema-fields.ts';

/** Field → its types, ` | null`, `?` at the end if it may be missing, and its enum in brackets. */
export type Fields = Readonly<Record<string, string>>;

export interface OperationFacts {
  readonly query?: Fields;
  /** Nested fields by path: `event.targets[].id`. */
  readonly body?: Fields;
  /** Of a list, the fields of its objects. */
  readonly reply?: Fields;
}

/** `GET /organizations/{}` → facts. Names of path parameters say nothing. */
export type Facts = Readonly<Record<string, OperationFacts>>;

const METHODS = ['get', 'post', 'put', 'patch', 'delete'];

export function factsOf({ paths, components: { schemas } }: Document): Facts {
  const entries = Object.entries(paths).flatMap(([path, item]) =>
    METHODS.flatMap((method) => {
      const operation = item[method];
      const name = operationName(method, path);
      return operation ? [[name, factsOfOne(schemas, operation, name)]] : [];
    }),
  );
  return Object.fromEntries(entries.sort(([one], [other]) => compare(one, other))) as Facts;
}

export const operationName = (method: string, path: string): string =>
  `${method.toUpperCase()} ${path.replaceAll(/\{[^}]*\}/g, '{}')}`;

const compare = (one: unknown, other: unknown): number => (String(one) < String(other) ? -1 : 1);

/** What an event holds depends on its type, and is passed on as it is. */
const FREE: Readonly<Record<string, RegExp>> = { 'GET /events': /^(data|context)\./ };

function factsOfOne(components: Components, operation: Specified, name: string): OperationFacts {
  const query = (operation.parameters ?? []).filter(({ in: place }) => place === 'query');
  const body = operation.requestBody?.content['application/json']?.schema;
  const reply = replyOf(operation).media?.schema;
  return {
    ...(query.length > 0 && {
      query: Object.fromEntries(
        query.map(({ name, schema, required }) => [name, wordOf(components, schema, required)]),
      ),
    }),
    ...(body && { body: fieldsOf(components, body, '') }),
    ...(reply && { reply: without(FREE[name], ofItems(fieldsOf(components, reply, ''))) }),
  };
}

const ITEM = 'data[].';

function ofItems(fields: Fields): Fields {
  const items = Object.entries(fields).filter(([field]) => field.startsWith(ITEM));
  if (items.length === 0) return fields;
  return Object.fromEntries(items.map(([field, word]) => [field.slice(ITEM.length), word]));
}

const without = (free: RegExp | undefined, fields: Fields): Fields =>
  Object.fromEntries(Object.entries(fields).filter(([field]) => !free?.test(field)));

function fieldsOf(components: Components, schema: Schema, at: string): Record<string, string> {
  const known = resolved(components, schema);
  const { properties = {}, required = [], items } = known;
  const fields: Record<string, string> = {};
  for (const [name, inner] of Object.entries(properties)) {
    const path = at === '' ? name : `${at}.${name}`;
    fields[path] = wordOf(components, inner, required.includes(name) && known.oneOf === undefined);
    Object.assign(fields, fieldsOf(components, inner, path));
  }
  if (items) Object.assign(fields, fieldsOf(components, items, `${at}[]`));
  for (const part of known.allOf ?? []) Object.assign(fields, fieldsOf(components, part, at));
  for (const part of [...(known.oneOf ?? []), ...(known.anyOf ?? [])])
    for (const [path, word] of Object.entries(fieldsOf(components, part, at)))
      // What only one of several shapes requires may be missing.
      fields[path] ??= word.endsWith('?') ? word : `${word}?`;
  return fields;
}

/** `string`, `string | null?`, `string [asc desc]?`, `string[]`. */
function wordOf(components: Components, schema: Schema, required = false): string {
  return `${typeOf(components, schema)}${required ? '' : '?'}`;
}

function typeOf(components: Components, schema: Schema): string {
  const known = resolved(components, schema);
  const types = [known.type ?? []].flat();
  const isNullable = types.includes('null') || partsOf(known).some((part) => part.type === 'null');
  const [type = composedType(components, known)] = types.filter((name) => name !== 'null');
  const values = known.const === undefined ? known.enum : [known.const];
  const inner = known.items ? `${typeOf(components, known.items)}[]` : type;
  const list = values
    ? ` [${values
        .filter((one) => one !== null)
        .map(String)
        .sort()
        .join(' ')}]`
    : '';
  return `${inner === 'integer' ? 'number' : inner}${list}${isNullable ? ' | null' : ''}`;
}

const partsOf = ({ anyOf = [], oneOf = [] }: Schema): readonly Schema[] => [...anyOf, ...oneOf];

function composedType(components: Components, schema: Schema): string {
  const part = [...partsOf(schema), ...(schema.allOf ?? [])].find(({ type }) => type !== 'null');
  if (part) return typeOf(components, part);
  return schema.properties ? 'object' : 'any';
}

function resolved(components: Components, schema: Schema): Schema {
  const name = schema.$ref?.split('/').at(-1);
  return name === undefined ? schema : resolved(components, components[name] ?? {});
}
