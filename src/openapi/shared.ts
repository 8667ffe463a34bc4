/** Writes what operations have in common once: at their path, or in `components`. */
import type { Endpoint } from '../http/endpoint.ts';
import {
  assignNames,
  parameterNames,
  responseNames,
  usualCodes,
  type Names,
  type Parameter,
  type Response,
} from './component-names.ts';

interface Operation {
  parameters?: Parameter[];
  responses?: Record<string, Response>;
}
interface PathItem extends Partial<Record<Endpoint['method'], Operation>> {
  /** The parameters that all operations of the path take. */
  parameters?: Parameter[];
}
interface Document {
  paths?: Record<string, PathItem>;
  components?: Record<string, unknown>;
}

/** Moves repeated parameters and responses. Nothing else changes. */
export function shareRepeated<D extends object>(document: D): D {
  // Safe: zod-openapi's documents have these members; others pass through.
  const shared = structuredClone(document) as Document;
  shared.paths = Object.fromEntries(
    Object.entries(shared.paths ?? {}).map(([path, item]) => [path, withCommonParameters(item)]),
  );
  const items = Object.values(shared.paths);
  shared.components = {
    ...shared.components,
    parameters: shareParameters([...items, ...items.flatMap(operationsOf)]),
    responses: shareResponses(items.flatMap(operationsOf)),
  };
  return shared as D;
}

const METHODS = ['get', 'post', 'put', 'patch', 'delete'] as const satisfies Endpoint['method'][];

const operationsOf = (item: PathItem): Operation[] => METHODS.flatMap((one) => item[one] ?? []);

/** Moves parameters that all operations of a path take to the path. */
function withCommonParameters(item: PathItem): PathItem {
  const operations = operationsOf(item);
  for (const operation of operations) operation.parameters = operation.parameters?.map(described);
  const [{ parameters = [] } = {}, ...others] = operations;
  const texts = others.map((other) => new Set(other.parameters?.map(textOf)));
  const common = parameters.filter((one) => texts.every((all) => all.has(textOf(one))));
  if (others.length === 0 || common.length === 0) return item;
  for (const operation of operations) removeParameters(operation, new Set(common.map(textOf)));
  return { parameters: common, ...item };
}

function removeParameters(operation: Operation, texts: ReadonlySet<string>): void {
  const left = operation.parameters?.filter((one) => !texts.has(textOf(one))) ?? [];
  if (left.length > 0) operation.parameters = left;
  else delete operation.parameters;
}

/** Removes a description from the schema that repeats the parameter's own. */
function described(parameter: Parameter): Parameter {
  const { schema } = parameter;
  if (schema?.description === undefined || schema.description !== parameter.description)
    return parameter;
  return { ...parameter, schema: { ...schema, description: undefined } };
}

function shareParameters(holders: readonly { parameters?: Parameter[] }[]) {
  const all = holders.flatMap(({ parameters = [] }) => parameters);
  const { components, refer } = createPool(
    'parameters',
    all.map((one) => [one, parameterNames(one)]),
  );
  for (const holder of holders)
    if (holder.parameters) holder.parameters = holder.parameters.map(refer);
  return components;
}

function shareResponses(operations: readonly Operation[]) {
  const all = operations.flatMap(({ responses = {} }) => Object.entries(responses));
  const usual = usualCodes(all);
  const { components, refer } = createPool(
    'responses',
    all.map(([status, one]) => [one, responseNames(status, one, usual)]),
  );
  for (const operation of operations)
    operation.responses = Object.fromEntries(
      Object.entries(operation.responses ?? {}).map(([status, one]) => [status, refer(one)]),
    );
  return components;
}

/** @param all every use of a value, and what a component that replaces it may be called */
function createPool(section: string, all: readonly (readonly [value: object, Names])[]) {
  const uses = [...Map.groupBy(all, ([value]) => textOf(value))];
  const repeated = uses.flatMap(([text, [first, ...others]]) =>
    first && others.length > 0 ? [[text, ...first] as const] : [],
  );
  const names = assignNames(new Map(repeated.map(([text, , wanted]) => [text, wanted])));
  const components = repeated.map(([text, value]) => [names.get(text) ?? '', value] as const);
  return {
    components: Object.fromEntries(components.sort(([one], [other]) => (one < other ? -1 : 1))),
    /** Returns a reference for a repeated value, and any other value unchanged. */
    refer<T extends object>(value: T): T {
      const name = names.get(textOf(value));
      // Safe: OpenAPI allows a reference wherever it allows the object.
      return name ? ({ $ref: `#/components/${section}/${name}` } as unknown as T) : value;
    },
  };
}

const textOf = (value: object): string => JSON.stringify(value);
