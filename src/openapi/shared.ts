/** Moves repeated parameters and responses of an OpenAPI document to `components`. */

interface Operation {
  parameters?: Parameter[];
  responses?: Record<string, Response>;
}
interface Parameter {
  readonly name: string;
  readonly in: string;
  readonly description?: string;
  readonly schema?: { readonly description?: string };
}
interface Response {
  readonly description: string;
  readonly content?: Readonly<Record<string, unknown>>;
}
interface Document {
  readonly paths?: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  components?: {
    parameters?: Record<string, unknown>;
    responses?: Record<string, unknown>;
  };
}

/** Replaces repeated parameters and responses by references. Nothing else changes. */
export function shareRepeated<D extends object>(document: D): D {
  // Safe: zod-openapi's documents have these members; others pass through.
  const shared = structuredClone(document) as Document;
  const operations = Object.values(shared.paths ?? {}).flatMap((methods) => Object.values(methods));
  for (const operation of operations) operation.parameters = operation.parameters?.map(described);
  const parameters = createPool(
    'parameters',
    operations.flatMap(({ parameters = [] }) => parameters),
  );
  const responses = createPool(
    'responses',
    operations.flatMap(({ responses = {} }) => Object.values(responses)),
  );
  for (const operation of operations) {
    operation.parameters = operation.parameters?.map((one) =>
      parameters.refer(one, parameterName(one)),
    );
    operation.responses = Object.fromEntries(
      Object.entries(operation.responses ?? {}).map(([status, one]) => [
        status,
        responses.refer(one, responseName(status, one)),
      ]),
    );
  }
  shared.components = {
    ...shared.components,
    parameters: parameters.components,
    responses: responses.components,
  };
  return shared as D;
}

/** Removes a description from the schema that repeats the parameter's own. */
function described(parameter: Parameter): Parameter {
  const { schema } = parameter;
  if (schema?.description === undefined || schema.description !== parameter.description)
    return parameter;
  return { ...parameter, schema: { ...schema, description: undefined } };
}

function createPool(section: string, all: readonly object[]) {
  const counts = Map.groupBy(all, textOf);
  const names = new Map<string, string>();
  const components: Record<string, object> = {};
  return {
    components,
    /** Returns a reference for a repeated value, and any other value unchanged. */
    refer<T extends object>(value: T, wanted: string): T {
      const text = textOf(value);
      if ((counts.get(text)?.length ?? 0) < 2) return value;
      const name = names.get(text) ?? freeName(wanted, components);
      names.set(text, name);
      components[name] = value;
      // Safe: OpenAPI allows a reference wherever it allows the object.
      return { $ref: `#/components/${section}/${name}` } as unknown as T;
    },
  };
}

const textOf = (value: object): string => JSON.stringify(value);

function freeName(wanted: string, taken: Readonly<Record<string, unknown>>): string {
  for (let number = 1; ; number += 1) {
    const name = number === 1 ? wanted : `${wanted}${number}`;
    if (!(name in taken)) return name;
  }
}

const parameterName = ({ name, in: place }: Parameter): string => pascal(`${place}_${name}`);

/** Names an error response by its status, its first two codes and its media type. */
function responseName(status: string, { description, content = {} }: Response): string {
  const codes = [...description.matchAll(/^`(\w+)`:/gm)].map(([, code = '']) => pascal(code));
  if (codes.length === 0) return pascal(`answer_${status}`);
  const [kind] = Object.keys(content);
  return `Errors${status}${codes.slice(0, 2).join('')}${SUFFIXES[kind ?? ''] ?? ''}`;
}

const SUFFIXES: Readonly<Record<string, string>> = {
  'application/problem+json': 'Problem',
  'text/html': 'Page',
};

const pascal = (text: string): string =>
  text
    .replaceAll(
      /[^A-Za-z0-9]*([A-Za-z0-9])([A-Za-z0-9]*)/g,
      (_all, head: string, tail: string) => head.toUpperCase() + tail,
    )
    .replaceAll(/[^A-Za-z0-9]/g, '');
