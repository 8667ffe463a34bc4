import { describe, expect, it } from '@jest/globals';
import { openApiDocument } from '../../src/openapi/document.ts';
import { OPERATIONS } from '../../src/openapi/operations.ts';
import type { OpenApi } from '../support/contract-validator.ts';

interface Shared extends OpenApi {
  readonly components: OpenApi['components'] &
    Readonly<Record<'parameters' | 'responses', Readonly<Record<string, object>>>>;
}

/** Sound: the document is OpenAPI 3.1. */
const documentOf = (groups: typeof OPERATIONS) => openApiDocument(groups) as unknown as Shared;

const document = documentOf(OPERATIONS);

const reversed = <T extends object>(entries: T): T =>
  Object.fromEntries(Object.entries(entries).reverse()) as T;

describe('what operations share in openapi.yaml', () => {
  it('has the same names in whatever order the operations are listed', () => {
    const groups = Object.entries(OPERATIONS).map(([tag, group]) => [
      tag,
      { ...group, contract: reversed(group.contract) },
    ]);
    const other = documentOf(reversed(Object.fromEntries(groups) as typeof OPERATIONS));

    expect(other.components.responses).toEqual(document.components.responses);
    expect(other.components.parameters).toEqual(document.components.parameters);
  });

  it('stands once: no response and no parameter is written out twice', () => {
    const items = Object.values(document.paths);
    const operations = items.flatMap(({ get, post, put, patch, delete: remove }) =>
      [get, post, put, patch, remove].filter((one) => one !== undefined),
    );
    const texts = [
      ...[...items, ...operations].flatMap(({ parameters = [] }) => parameters),
      ...operations.flatMap(({ responses }) => Object.values(responses)),
    ]
      .filter((one) => !('$ref' in one))
      .map((one) => JSON.stringify(one));

    expect(texts.filter((text, at) => texts.indexOf(text) !== at)).toEqual([]);
  });

  it('stands at the path if all of its operations take it', () => {
    const { parameters, get, delete: remove } = document.paths['/v1/tenants/{tenant_id}'] ?? {};

    expect(parameters).toContainEqual({ $ref: '#/components/parameters/PathTenantId' });
    expect(get?.parameters).toBeUndefined();
    expect(remove?.parameters).toEqual([expect.objectContaining({ name: 'delete_organization' })]);
  });

  it('has names that say which errors are meant', () => {
    expect(Object.keys(document.components.responses)).toEqual(
      expect.arrayContaining(['TenantNotFoundProblem', 'Errors503', 'Errors403UserIsShared']),
    );
  });
});
