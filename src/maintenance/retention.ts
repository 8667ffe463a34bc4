import { setTimeout as sleep } from 'node:timers/promises';
import type { Queryable } from '../core/ports.ts';
import { PRUNED_AT_ONCE } from '../db/maintenance-functions.ts';
import { asPostgresError } from '../db/problems.ts';
import { PRUNED_TABLES } from '../db/retention-rules.ts';

export interface Pruned {
  readonly table: string;
  readonly rows: number;
  /** Set if not all rows could be deleted. */
  readonly error?: unknown;
}

export interface PruneOptions {
  /** The retention. The functions keep rows for longer if the owner's retention is longer. */
  readonly days: number;
  readonly onProgress?: (pruned: Pruned) => void;
  readonly signal?: AbortSignal;
}

/**
 * Deletes rows older than the retention, by the functions that `gatehouse migrate` makes. Each batch is committed at
 * once and followed by a pause as long as the batch took. A failure in one table does not stop the others.
 */
export async function prune(db: Queryable, options: PruneOptions): Promise<Pruned[]> {
  const all: Pruned[] = [];
  for (const table of PRUNED_TABLES)
    if (!options.signal?.aborted) all.push(await pruneTable(db, table, options));
  return all;
}

async function pruneTable(
  db: Queryable,
  table: string,
  { days, onProgress, signal }: PruneOptions,
): Promise<Pruned> {
  let total = 0;
  try {
    for (let rows = PRUNED_AT_ONCE; rows >= PRUNED_AT_ONCE && !signal?.aborted;) {
      const began = performance.now();
      rows = await pruneBatch(db, table, days);
      total += rows;
      onProgress?.({ table, rows: total });
      if (rows >= PRUNED_AT_ONCE) await sleep(performance.now() - began);
    }
    return { table, rows: total };
  } catch (error) {
    if (asPostgresError(error).code === NOT_ALLOWED) throw error;
    return { table, rows: total, error };
  }
}

/** SQLSTATE `insufficient_privilege`: the role is wrong, for every table. */
const NOT_ALLOWED = '42501';

async function pruneBatch(db: Queryable, table: string, days: number): Promise<number> {
  const [row] = await db.query<{ rows: number }>('select prune_batch($1, $2) as rows', [
    table,
    days,
  ]);
  return row?.rows ?? 0;
}

/** Drops old partitions and makes coming ones. @returns what was done */
export async function keepPartitions(db: Queryable, days: number): Promise<string[]> {
  const done: string[] = [];
  for (;;) {
    const [row] = await db.query<{ step: string | null }>('select keep_partitions($1) as step', [
      days,
    ]);
    if (!row?.step) return done;
    done.push(row.step);
  }
}

export interface PartitionState {
  readonly name: string;
  /** The end of the last partition. Null if there is none. */
  readonly ends: Date | null;
  /** True if rows had no partition of their own. Then no partition can be made until `gatehouse maintain` ran. */
  readonly isDefaultUsed: boolean;
}

export const partitionState = (db: Queryable): Promise<PartitionState[]> =>
  db.query<PartitionState>(
    'select name, ends, is_default_used as "isDefaultUsed" from partition_state()',
  );
