import { checkCancelled } from '../core/caller.ts';
import type { Queryable } from '../core/ports.ts';
import { createGrouped } from './group-commit.ts';

interface FindOptions<Row> {
  readonly name: string;
  /** SQL: the rows whose keys are in `$1`, at most one for each key. */
  readonly text: string;
  readonly keyOf: (row: Row) => string | null;
}

/** Returns a look-up by key. Keys that are asked for together, or while a statement is running, share the next one. */
export function createGroupedFind<Row>(
  db: Queryable,
  { name, text, keyOf }: FindOptions<Row>,
): (key: string) => Promise<Row | undefined> {
  const found = createGrouped({
    name,
    async ask(keys: readonly string[]): Promise<(Row | undefined)[]> {
      const rows = await db.query<Row & object>({ name, text }, [keys]);
      const byKey = new Map(rows.map((row) => [keyOf(row), row]));
      return keys.map((key) => byKey.get(key));
    },
    overloaded: 'The database cannot keep up.',
  });
  return async (key) => {
    checkCancelled();
    return found.add(key);
  };
}
