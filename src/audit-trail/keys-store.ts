import type { Queryable } from '../core/ports.ts';
import type { Database } from '../db/database.ts';
import type { Selection } from './selection-store.ts';

/** Identifies a row, and its place in the list. */
export interface AuditKey {
  readonly id: string;
  /** The time in Postgres’s own text form, which keeps the microseconds. */
  readonly at: string;
}

export interface PagePlace {
  /** The row to start after; undefined to start at the first. */
  readonly from: AuditKey | undefined;
  readonly limit: number;
  readonly isDescending: boolean;
}

export interface KeyPage {
  readonly keys: readonly AuditKey[];
  /** The id to continue after; undefined after the last row. */
  readonly next: string | undefined;
}

export interface Bounds {
  /** Rows that one statement looks at, if not all of them match. */
  readonly lookedAt: number;
  /** After this time the page ends, and its cursor continues. */
  readonly budgetMs: number;
}
export const BOUNDS: Bounds = { lookedAt: 5_000, budgetMs: 60 };

/** Finds the rows of a page by indexes, in a bounded time. */
export async function readKeys(
  db: Database,
  selection: Selection,
  { from, limit, isDescending }: PagePlace,
  { lookedAt, budgetMs }: Bounds,
): Promise<KeyPage> {
  const deadline = performance.now() + budgetMs;
  const most = selection.rest.length > 0 ? lookedAt : limit + 1;
  const keys: AuditKey[] = [];
  for (let place = from; ;) {
    const look = lookAt(selection, { from: place, limit: limit + 1, isDescending }, most);
    const [looked] = await (selection.own ? inIndexOrder(db, look) : run(db, look));
    keys.push(...(looked?.keys ?? []));
    if (keys.length > limit) return { keys: keys.slice(0, limit), next: keys[limit - 1]?.id };
    if (!looked?.last || looked.count < most) return { keys, next: undefined };
    if (performance.now() > deadline) return { keys, next: looked.last.id };
    place = looked.last;
  }
}

interface Looked {
  readonly count: number;
  /** The last row that was looked at; null if there was none. */
  readonly last: AuditKey | null;
  readonly keys: readonly AuditKey[] | null;
}

interface Look {
  readonly text: string;
  readonly values: readonly unknown[];
}

const run = (db: Queryable, { text, values }: Look): Promise<Looked[]> =>
  db.query<Looked>(text, values);

/**
 * Postgres expects as many rows of each tenant as of an average one, and would rather sort them than read them in
 * the order of the index. A large tenant has a million.
 */
const inIndexOrder = (db: Database, look: Look): Promise<Looked[]> =>
  db.transaction(async (tx) => {
    // The cost of the last sort, of a page, would otherwise seem worth compiling.
    await tx.query('set local enable_sort = off; set local jit = off');
    return run(tx, look);
  });

const asKey = `json_build_object('id', id::text, 'at', at::text)`;

function lookAt(
  { driving, own, rest, reads, values }: Selection,
  { from, limit, isDescending }: PagePlace,
  most: number,
): Look {
  const [than, to, back] = isDescending ? ['<', 'desc', 'asc'] : ['>', 'asc', 'desc'];
  const all = [...values];
  const parameter = (value: unknown) => `$${all.push(value)}`;
  const conditions = [
    ...driving,
    ...(from
      ? [`(at, id) ${than} (${parameter(from.at)}::timestamptz, ${parameter(from.id)}::bigint)`]
      : []),
  ];
  const most$ = parameter(most);
  const order = `order by at ${to}, id ${to}`;
  const columns = ['id', 'at', 'tenant_id', 'user_id', 'client_id', ...(reads ? [reads] : [])];
  const read = `select ${columns.join(', ')} from audit_trail
    where ${conditions.length > 0 ? conditions.join(' and ') : 'true'} ${order} limit ${most$}`;
  const looked = own
    ? `select page.* from unnest(${own}::text[]) own (id) cross join lateral (${read}) page ${order} limit ${most$}`
    : read;
  const matching = rest.length > 0 ? rest.join(' and ') : 'true';
  const text = `with looked as materialized (${looked})
    select (select count(*)::int from looked) as count,
      (select ${asKey} from looked order by at ${back}, id ${back} limit 1) as last,
      (select json_agg(${asKey} ${order}) from
        (select id, at from looked where ${matching} ${order} limit ${parameter(limit)}) page) as keys`;
  return { text, values: all };
}
