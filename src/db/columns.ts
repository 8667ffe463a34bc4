import { getTableColumns } from 'drizzle-orm';
import type { PgTable } from 'drizzle-orm/pg-core';

type ColumnKey<T extends PgTable> = keyof T['_']['columns'] & string;

export interface ColumnOptions<T extends PgTable> {
  /** Default: all columns. */
  readonly only?: readonly ColumnKey<T>[];
  /** The table's alias in the statement, e.g. `l` for `portal_launches l`. */
  readonly alias?: string;
}

/**
 * The columns of a table for `select` or `returning`, under the names of `schema/`:
 * `id, redirect_uris as "redirectUris"`.
 */
export function columnsOf<T extends PgTable>(
  table: T,
  { only, alias }: ColumnOptions<T> = {},
): string {
  const columns = getTableColumns(table);
  const prefix = alias === undefined ? '' : `${alias}.`;
  const keys: readonly string[] = only ?? Object.keys(columns);
  return keys
    .map((key) => {
      const name = columns[key]?.name ?? key;
      return name === key ? `${prefix}${name}` : `${prefix}${name} as "${key}"`;
    })
    .join(', ');
}
