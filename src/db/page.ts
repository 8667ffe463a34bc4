import type { Queryable } from '../core/ports.ts';

/** WorkOS's pagination: `after` and `before` are object ids, and objects are ordered by creation. */
export interface PageQuery {
  readonly limit: number;
  readonly after?: string | undefined;
  readonly before?: string | undefined;
  readonly order: 'asc' | 'desc';
}

export interface ResultPage<R> {
  readonly data: R[];
  /** A cursor is null when there are no more objects in that direction. */
  readonly list_metadata: { readonly before: string | null; readonly after: string | null };
}

export interface PageSource {
  /** The table; or, where only part of it is to be read, a subquery that takes the page's range and order. */
  readonly table: string;
  readonly within?: (range: string, order: string, limit: string) => string;
  readonly columns: string;
  /** Condition for the rows that the reader may see. A cursor to another row is treated as unknown. */
  readonly visible: string;
  /** Further conditions with `$1`… for `values`. */
  readonly where: readonly string[];
  readonly values: readonly unknown[];
  /** Columns to order by, ending with `id`. Default: time of creation. */
  readonly key?: string;
  readonly idType?: 'text' | 'bigint';
}

/** Reads one page by key, not by offset, so that rows added or removed meanwhile neither repeat nor hide others. */
export async function readPage<R extends { readonly id: string }>(
  db: Queryable,
  {
    table,
    within = () => table,
    columns,
    visible,
    where,
    values,
    key = 'created_at, id',
    idType = 'text',
  }: PageSource,
  { limit, after, before, order }: PageQuery,
): Promise<ResultPage<R>> {
  const backwards = before !== undefined;
  const descending = (order === 'desc') !== backwards;
  const cursor = before ?? after;
  const all = [...values];
  const parameter = (value: unknown) => `$${all.push(value)}`;
  const range =
    cursor === undefined
      ? 'true'
      : `(${key}) ${descending ? '<' : '>'} (select ${key} from ${table}
          where id = ${parameter(cursor)}::${idType} and ${visible})`;
  const direction = descending ? 'desc' : 'asc';
  const sort = key
    .split(', ')
    .map((column) => `${column} ${direction}`)
    .join(', ');
  const most = parameter(limit + 1);
  const rows = await db.query<R>(
    `select ${columns} from ${within(range, sort, most)}
     where ${[visible, ...where, range].join(' and ')} order by ${sort} limit ${most}`,
    all,
  );
  return page(rows, limit, backwards, cursor !== undefined);
}

function page<R extends { readonly id: string }>(
  rows: R[],
  limit: number,
  backwards: boolean,
  hasCursor: boolean,
): ResultPage<R> {
  const more = rows.length > limit;
  const data = rows.slice(0, limit);
  if (backwards) data.reverse();
  const earlier = backwards ? more : hasCursor;
  const later = backwards ? true : more;
  return {
    data,
    list_metadata: {
      before: earlier ? (data[0]?.id ?? null) : null,
      after: later ? (data.at(-1)?.id ?? null) : null,
    },
  };
}
