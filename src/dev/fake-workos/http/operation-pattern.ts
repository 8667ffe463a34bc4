/** Names of operations, `GET /organizations/{id}`: one segment of the path for each `{name}` or `*`. */

/** The decoded values of the pattern's `{names}`; undefined where the path does not fit. */
export function matchPath(pattern: string, path: string): Record<string, string> | undefined {
  const [wanted, given] = [pattern.split('/'), path.split('/')];
  if (wanted.length !== given.length) return undefined;
  const params: Record<string, string> = {};
  for (const [index, segment] of wanted.entries()) {
    const value = given[index] ?? '';
    const name = /^\{(.+)\}$/.exec(segment)?.[1] ?? (segment === '*' ? '*' : undefined);
    if (name === undefined ? segment !== value : value === '') return undefined;
    if (name !== undefined) params[name] = decode(value);
  }
  return params;
}

/** Whether a request is one of `operation`; `*` alone is every request. */
export function isOf(operation: string, request: { method: string; path: string }): boolean {
  if (operation === '*') return true;
  const [method = '', path = ''] = operation.split(' ');
  return method === request.method && matchPath(path, request.path) !== undefined;
}

/** Text that is not valid percent-encoding stands for itself. */
function decode(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
