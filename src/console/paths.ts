/** Adds the fields that have a value to a path. */
export function withQuery(
  path: string,
  fields: Readonly<Record<string, string | undefined>>,
): string {
  const given = Object.entries(fields).flatMap(([name, value]): [string, string][] =>
    value === undefined || value === '' ? [] : [[name, value]],
  );
  return given.length > 0 ? `${path}?${new URLSearchParams(given).toString()}` : path;
}
