import type { Database } from '../../db/database.ts';

/**
 * Reads along an index. Postgres expects as many rows of each tenant as of an average one, and would rather
 * sort them; a large tenant has a million.
 */
export const inIndexOrder = <R extends object>(
  db: Database,
  text: string,
  values: readonly unknown[],
): Promise<R[]> =>
  db.transaction(async (tx) => {
    await tx.query('set local enable_sort = off; set local jit = off');
    return tx.query<R>(text, values);
  });
