/** Judges answers by openapi.yaml as it is committed. */
import { fileURLToPath } from 'node:url';
import addFormats from 'ajv-formats';
import { Ajv2020 } from 'ajv/dist/2020.js';
import type { Endpoint } from '../../src/http/endpoint.ts';
import { readOpenApi } from './open-api-documents.ts';

export type Schema = Readonly<Record<string, unknown>>;

interface Media {
  readonly schema: Schema;
  readonly example?: unknown;
}

export interface Parameter {
  readonly in: 'path' | 'query' | 'header';
  readonly name: string;
  readonly required?: boolean;
  readonly description?: string;
  readonly schema: Schema;
}

export interface DocumentedOperation {
  readonly operationId: string;
  readonly summary?: string;
  readonly description?: string;
  readonly tags?: readonly string[];
  readonly security?: readonly unknown[];
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: { readonly content: Readonly<Record<string, Media>> };
  readonly responses: Readonly<
    Record<
      string,
      {
        readonly description: string;
        readonly headers?: Readonly<Record<string, unknown>>;
        readonly content?: Readonly<Record<string, Media>>;
      }
    >
  >;
}

export interface OpenApi {
  readonly security?: readonly unknown[];
  readonly paths: Readonly<Record<string, PathItem>>;
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> };
}

type PathItem = Partial<Record<Endpoint['method'], DocumentedOperation>> & {
  readonly parameters?: readonly Parameter[];
};

interface Expanded extends OpenApi {
  readonly paths: Readonly<Record<string, Readonly<Record<string, DocumentedOperation>>>>;
}

export interface Documented {
  readonly method: string;
  readonly path: string;
  readonly operation: DocumentedOperation;
}

export const readContract = (): OpenApi =>
  readOpenApi(fileURLToPath(new URL('../../openapi.yaml', import.meta.url))) as OpenApi;

/** The contract with what operations share – with each other, or with their path – written out at each. */
export function expanded(contract: OpenApi): Expanded {
  const target = ({ $ref: ref }: { readonly $ref?: string }) =>
    ref
      ?.split('/')
      .slice(1)
      .reduce<unknown>((at, step) => (at as Record<string, unknown>)[step], contract);
  const resolve = <T extends object>(value: T): T => (target(value) as T | undefined) ?? value;
  const complete = (operation: DocumentedOperation, common: readonly Parameter[]) => ({
    ...operation,
    security: operation.security ?? contract.security,
    parameters: [...common, ...(operation.parameters ?? [])].map(resolve),
    responses: Object.fromEntries(
      Object.entries(operation.responses).map(([status, response]) => [status, resolve(response)]),
    ),
  });
  const paths = Object.entries(contract.paths).map(([path, { parameters = [], ...methods }]) => [
    path,
    Object.fromEntries(
      Object.entries(methods).map(([method, operation]) => [
        method,
        complete(operation, parameters),
      ]),
    ),
  ]);
  return { ...contract, paths: Object.fromEntries(paths) as Expanded['paths'] };
}

export const operationsOf = (contract: OpenApi): Documented[] =>
  Object.entries(expanded(contract).paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ method, path, operation })),
  );

export interface Given {
  readonly status: number;
  readonly contentType: string | undefined;
  readonly text: string;
}

export function createContractValidator(contract: OpenApi) {
  // Optimizing the generated code takes as long as compiling it, and each schema is used a few times.
  const ajv = new Ajv2020({ strict: false, allErrors: true, code: { optimize: false } });
  addFormats.default(ajv);
  ajv.addSchema({ ...expanded(contract), $id: 'contract' });
  const faults = (steps: readonly string[], value: unknown): string[] => {
    const pointer = steps
      .map((step) => encodeURIComponent(step.replaceAll('~', '~0').replaceAll('/', '~1')))
      .join('/');
    const validate =
      ajv.getSchema(`contract#/${pointer}`) ?? ajv.compile({ $ref: `contract#/${pointer}` });
    return validate(value)
      ? []
      : (validate.errors ?? []).map((e) => `${e.instancePath || 'it'} ${e.message ?? ''}`);
  };
  return {
    /** What is wrong with a request's body. */
    ofBody: ({ path, method }: Documented, type: string, body: unknown): string[] =>
      faults(['paths', path, method, 'requestBody', 'content', type, 'schema'], body),

    /** What is wrong with an answer; empty where it is as documented. */
    ofAnswer(
      { path, method, operation }: Documented,
      { status, contentType = '', text }: Given,
    ): string[] {
      const documented = operation.responses[String(status)];
      if (!documented) return [`${operation.operationId} does not document ${status}`];
      const types = Object.keys(documented.content ?? {});
      const type = contentType.split(';')[0] ?? '';
      if (types.length === 0)
        return text === '' ? [] : [`${operation.operationId} ${status} has a body`];
      if (!types.includes(type))
        return [`${operation.operationId} ${status} is ${type}, not ${types.join(' or ')}`];
      if (!type.endsWith('json')) return [];
      const steps = ['paths', path, method, 'responses', String(status), 'content', type, 'schema'];
      return faults(steps, JSON.parse(text)).map(
        (fault) => `${operation.operationId} ${status}: ${fault}`,
      );
    },
  };
}
