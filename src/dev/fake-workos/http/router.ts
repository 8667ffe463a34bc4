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
  const [expected, actual] = [segmentsOf(pattern), path.split('/')];
  if (expected.length !== actual.length) return undefined;
  const params: Record<string, string> = {};
  for (const [index, { fixed, name }] of expected.entries()) {
    const value = actual[index] ?? '';
    if (fixed === undefined ? value === '' : fixed !== value.toLowerCase()) return undefined;
    if (fixed === undefined) params[name] = decode(value);
  }
  return params;
}

/** A segment of a pattern: fixed text in lower case, or the name of a value. */
interface Segment {
  readonly fixed: string | undefined;
  readonly name: string;
}

/** Every request is compared with every pattern. */
const known = new Map<string, readonly Segment[]>();

function segmentsOf(pattern: string): readonly Segment[] {
  const found = known.get(pattern) ?? pattern.split('/').map(segmentOf);
  known.set(pattern, found);
  return found;
}

function segmentOf(text: string): Segment {
  const name = /^\{(.+)\}$/.exec(text)?.[1] ?? (text === '*' ? '*' : undefined);
  return { fixed: name === undefined ? text.toLowerCase() : undefined, name: name ?? '' };
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
