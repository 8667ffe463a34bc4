import type { Queryable } from '../core/ports.ts';

/** Rows per statement, so that no statement comes near the timeout. */
const BATCH = 5_000;

export interface Batched {
  readonly table: string;
  /** Condition with `$1`… for the values. An update must make it false, or it never ends. */
  readonly where: string;
  /** Assignments of an update. Without it the rows are deleted. */
  readonly set?: string;
}

/** Deletes or updates all rows that meet a condition, in batches. */
export async function inBatches(
  tx: Queryable,
  { table, where, set }: Batched,
  values: readonly unknown[],
): Promise<void> {
  const act = set === undefined ? `delete from ${table}` : `update ${table} set ${set}`;
  const batch = `select ctid from ${table} where ${where} limit ${BATCH}`;
  const text = `${act} where ctid = any(array(${batch})) returning 1`;
  for (let done = BATCH; done === BATCH;) done = (await tx.query(text, values)).length;
}
