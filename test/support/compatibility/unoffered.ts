/** Operations of WorkOS that the gateway does not offer, though it offers others of the same resources. */
import { facade } from './facade.ts';
import { UNOFFERED } from './offered.ts';

/** By path, ids left out: `GET /organizations/{}/data_providers`. */
export function unoffered(): string[] {
  const roots = new Set(Object.values(facade).map(({ path }) => path.split('/')[1]));
  return UNOFFERED.filter((operation) => roots.has(operation.split('/')[1])).sort((one, other) =>
    pathOf(one).localeCompare(pathOf(other)),
  );
}

const pathOf = (operation: string): string => operation.split(' ')[1] ?? '';
