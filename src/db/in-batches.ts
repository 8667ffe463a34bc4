import type { Queryable } from '../core/ports.ts';

/** Rows at a time: no statement comes near the time limit, however many rows there are. */
const BATCH = 5_000;

export interface Batched {
  readonly table: string;
  /** With `$1`… for the values. An update must make it false. */
  readonly where: string;
  /** Default: the rows are deleted. */
  readonly set?: string;
}

/** Deletes or updates all rows that meet a condition, so many at a time. */
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
