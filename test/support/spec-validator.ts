/** Judges answers by WorkOS's own OpenAPI document, so that the fake cannot drift from it. */
import addFormats from 'ajv-formats';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import { isObject } from '../../src/core/json.ts';
import { newerFields, newerFieldsOf } from './fake-workos-differences.ts';
import { readOpenApi, WORKOS_SPECIFICATION } from './open-api-documents.ts';

interface Response {
  content?: { 'application/json'?: { schema: unknown } };
}
interface Spec {
  paths: Record<string, Record<string, { responses: Record<string, Response> } | undefined>>;
}

interface Answer {
  /** As the specification writes it: `GET /organizations/{id}`. */
  operation: string;
  status: number;
  /** Undefined: no body. */
  body: unknown;
}

interface SpecValidator {
  /** The statuses the specification lists for an operation; empty where it does not know it. */
  documentedStatuses: (operation: string) => number[];
  /** What is wrong with an answer of a documented status; empty where nothing is. */
  faultsOf: (answer: Answer) => string[];
}

let shared: SpecValidator | undefined;

/** The one validator of a process, because it takes seconds to build. */
export const specValidator = (): SpecValidator => (shared ??= createSpecValidator());

/**
 * Bodies of success may hold no member the specification lacks, or Gatehouse could come to lean on
 * something only the fake sends. Errors are open, since WorkOS adds `errors` and more to them.
 */
function createSpecValidator(): SpecValidator {
  const spec = readOpenApi(WORKOS_SPECIFICATION) as Spec;
  // Optimizing the generated code takes as long as compiling it, and each schema is used a few times.
  const ajv = new Ajv2020({ strict: false, allErrors: true, code: { optimize: false } });
  addFormats.default(ajv);
  ajv.addSchema(spec, 'open');
  ajv.addSchema(closed(structuredClone(spec)) as Spec, 'closed');
  const responsesOf = (operation: string) => {
    const [method = '', path = ''] = operation.split(' ');
    return spec.paths[path]?.[method.toLowerCase()]?.responses ?? {};
  };
  const compiled = new Map<string, ValidateFunction>();
  // Ajv itself would compile the schema anew for each answer.
  const validatorOf = (reference: string): ValidateFunction => {
    const known = compiled.get(reference) ?? ajv.compile({ $ref: reference });
    compiled.set(reference, known);
    return known;
  };
  return {
    documentedStatuses: (operation) => Object.keys(responsesOf(operation)).map(Number),
    faultsOf: ({ operation, status, body }) => {
      const response = responsesOf(operation)[String(status)];
      if (!response) return [`${operation} does not document ${status}`];
      if (!response.content?.['application/json'])
        return body === undefined ? [] : ['has a body where the specification has none'];
      const validate = validatorOf(referenceTo(operation, status));
      return validate(known(operation, body))
        ? []
        : (validate.errors ?? []).map((e) => `${e.instancePath} ${e.message ?? ''}`);
    },
  };
}

/** The body without the fields that are newer than the specification. */
function known(operation: string, body: unknown): unknown {
  if (Array.isArray(body)) return body.map((item) => known(operation, item));
  if (!isObject(body)) return body;
  const newer = [
    ...(newerFields[String(body.object)] ?? []),
    ...(body.object === 'list' ? [] : (newerFieldsOf[operation] ?? [])),
  ];
  return Object.fromEntries(
    Object.entries(body)
      .filter(([name]) => !newer.includes(name))
      .map(([name, inner]) => [name, known(operation, inner)]),
  );
}

function referenceTo(operation: string, status: number): string {
  const [method = '', path = ''] = operation.split(' ');
  const steps = ['paths', path, method.toLowerCase(), 'responses', String(status), 'content'];
  const pointer = [...steps, 'application/json', 'schema']
    .map((step) => encodeURIComponent(step.replaceAll('~', '~0').replaceAll('/', '~1')))
    .join('/');
  return `${status < 300 ? 'closed' : 'open'}#/${pointer}`;
}

/** Every object schema that lists its properties forbids others, several that are one object together. */
function closed(node: unknown): unknown {
  if (typeof node !== 'object' || node === null) return node;
  const { allOf, ...schema } = node as Record<string, unknown>;
  if (Array.isArray(allOf)) {
    Object.assign(node, { unevaluatedProperties: false });
    for (const part of allOf) Object.values(part as object).forEach(closed);
  } else if (schema.type === 'object' && schema.properties)
    Object.assign(node, { additionalProperties: schema.additionalProperties ?? false });
  Object.values(schema).forEach(closed);
  return node;
}
