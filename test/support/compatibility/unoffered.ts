/** Operations of WorkOS that the gateway does not offer, though it offers others of the same resources. */
import { OPERATIONS } from '../../../src/openapi/operations.ts';
import { facade } from './facade.ts';
import { statusesOf } from '../contract-differences.ts';
import { WORKOS_SPECIFICATION } from '../open-api-documents.ts';
import { nameless } from './specification.ts';

/** As the specification writes them, by path: `GET /organizations/{organizationId}/groups`. */
export function unoffered(): string[] {
  const known = new Set(
    Object.values(OPERATIONS)
      .flatMap(({ contract }) => Object.values(contract))
      .map(({ method, path }) => nameless(`${method.toUpperCase()} ${path}`)),
  );
  const roots = new Set(Object.values(facade).map(({ path }) => path.split('/')[1]));
  return [...statusesOf(WORKOS_SPECIFICATION).keys()]
    .filter((operation) => roots.has(operation.split('/')[1]) && !known.has(nameless(operation)))
    .sort((one, other) => pathOf(one).localeCompare(pathOf(other)));
}

const pathOf = (operation: string): string => operation.split(' ')[1] ?? '';
