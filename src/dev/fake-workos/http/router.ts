/** Finds the operation for a request. A pattern is `GET /organizations/{id}`: `{name}` or `*` match one segment. */
import type { Operation, RoutedRequest } from './operation.ts';

interface Route {
  readonly operation: Operation;
  readonly params: Record<string, string>;
}

/** Returns undefined when no operation has this method and path. */
export function route(
  operations: readonly Operation[],
  { method, path }: Pick<RoutedRequest, 'method' | 'path'>,
): Route | undefined {
  for (const operation of operations) {
    const params = operation.method === method ? matchPath(operation.path, path) : undefined;
    if (params) return { operation, params };
  }
  return undefined;
}

/** Returns the decoded values of the pattern's `{names}`, or undefined when the path does not match. Fixed segments match in any case. */
export function matchPath(pattern: string, path: string): Record<string, string> | undefined {
  const [expected, actual] = [pattern.split('/'), path.split('/')];
  if (expected.length !== actual.length) return undefined;
  const params: Record<string, string> = {};
  for (const [index, segment] of expected.entries()) {
    const value = actual[index] ?? '';
    const name = /^\{(.+)\}$/.exec(segment)?.[1] ?? (segment === '*' ? '*' : undefined);
    const isOther =
      name === undefined ? segment.toLowerCase() !== value.toLowerCase() : value === '';
    if (isOther) return undefined;
    if (name !== undefined) params[name] = decode(value);
  }
  return params;
}

/** True when the request matches the pattern, `POST /portal/generate_link`; `*` alone matches every request. */
export function matchesOperation(
  pattern: string,
  request: { method: string; path: string },
): boolean {
  if (pattern === '*') return true;
  const [method = '', path = ''] = pattern.split(' ');
  return method === request.method && matchPath(path, request.path) !== undefined;
}

/** Leaves invalid percent-encoding as it is. */
function decode(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
