/** What a JSON schema names, and an object that has all of it. */

export interface Schema {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly format?: string;
  readonly example?: unknown;
  readonly examples?: readonly unknown[];
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly pattern?: string;
  readonly minimum?: number;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: unknown;
  readonly items?: Schema;
  readonly allOf?: readonly Schema[];
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
}

export type Components = Readonly<Record<string, Schema>>;

/** Paths of fields, `domains[].id`; with `*` at their end where any name may stand. */
export function fieldsOf(components: Components, schema: Schema, at = ''): string[] {
  const known = resolve(components, schema);
  const { properties = {}, items } = known;
  const parts = [...(known.allOf ?? []), ...(known.anyOf ?? []), ...(known.oneOf ?? [])];
  const isFree = known.properties === undefined && typeof known.additionalProperties === 'object';
  return [
    ...new Set([
      ...(isFree ? [`${at}.*`] : []),
      ...Object.entries(properties).flatMap(([name, inner]) => {
        const path = at === '' ? name : `${at}.${name}`;
        return [path, ...fieldsOf(components, inner, path)];
      }),
      ...(items ? fieldsOf(components, items, `${at}[]`) : []),
      ...parts.flatMap((part) => fieldsOf(components, part, at)),
    ]),
  ];
}

/** Those that others lack; what is free-form has every field. */
export const lacking = (fields: readonly string[], others: readonly string[]): string[] => {
  const free = others.filter((field) => field.endsWith('.*')).map((field) => field.slice(0, -1));
  return fields.filter(
    (field) => !others.includes(field) && !free.some((prefix) => field.startsWith(prefix)),
  );
};

/** A value with everything in it that the schema names, by its own examples. */
export function exampleOf(components: Components, schema: Schema): unknown {
  const known = resolve(components, schema);
  if (known.properties) return exampleOfObject(components, known);
  if (known.allOf)
    return Object.assign({}, ...known.allOf.map((part) => exampleOf(components, part)));
  if (known.example !== undefined && known.example !== null) return known.example;
  if (known.const !== undefined) return known.const;
  if (known.enum) return known.enum[0];
  const [first] = known.anyOf ?? known.oneOf ?? [];
  if (first) return exampleOf(components, first);
  if (known.items) return [exampleOf(components, known.items)];
  return exampleOfType(known);
}

const exampleOfObject = (components: Components, { properties = {} }: Schema): unknown =>
  Object.fromEntries(
    Object.entries(properties).map(([name, inner]) => [name, exampleOf(components, inner)]),
  );

function exampleOfType({ type, format, minimum, additionalProperties }: Schema): unknown {
  const [only] = [type].flat().filter((name) => name !== 'null');
  if (only === 'boolean') return true;
  if (only === 'number' || only === 'integer') return minimum ?? 1;
  if (only === 'object') return additionalProperties ? { key: 'value' } : {};
  return format === 'date-time' ? '2026-01-15T12:00:00.000Z' : 'text';
}

function resolve(components: Components, schema: Schema): Schema {
  const name = schema.$ref?.split('/').at(-1);
  return name === undefined ? schema : resolve(components, components[name] ?? {});
}
