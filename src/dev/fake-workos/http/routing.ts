/** Which operation of a table a request is for. */
import type { Operation, RoutedRequest } from './operation.ts';
import { matchPath } from './operation-pattern.ts';

interface Route {
  readonly operation: Operation;
  readonly params: Record<string, string>;
}

/** Undefined: none of the table has this method and path. */
export function route(
  table: readonly Operation[],
  { method, path }: Pick<RoutedRequest, 'method' | 'path'>,
): Route | undefined {
  for (const operation of table) {
    const params = operation.method === method ? matchPath(operation.path, path) : undefined;
    if (params) return { operation, params };
  }
  return undefined;
}
