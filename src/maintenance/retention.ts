import { setTimeout as sleep } from 'node:timers/promises';
import type pg from 'pg';
import { asPostgresError } from '../db/problems.ts';

interface Age {
  /** The indexed column with the age of a row. */
  readonly at: string;
  /** The minimum age in days. Default: the retention. */
  readonly days?: (retention: number) => number;
  readonly where?: string;
}

/** The tables that grow every day, and which of their rows may be deleted. */
const RULES: Readonly<Record<string, Age>> = {
  // Unapplied and parked events still have to be delivered.
  events: { at: 'received_at', where: 'position is not null and parked_at is null' },
  unreadable_events: { at: 'received_at' },
  webhook_messages: { at: 'updated_at', where: `state <> 'pending'` },
  webhook_attempts: { at: 'at' },
  portal_launches: { at: 'expires_at' },
  audit_trail: { at: 'at' },
  sign_ins: { at: 'at' },
  // WorkOS lists events for 90 days. Until then an old event could bring a deleted object back.
  mirror: { at: 'deleted_at', days: (retention) => Math.max(retention, 90) },
  // The service deletes these itself every hour, unless there are too many for one statement.
  spent_codes: { at: 'expires_at', days: () => 0 },
  idempotency_keys: { at: 'created_at', days: () => 1 },
};

/** Rows per statement, few enough that no statement blocks others for long. */
const BATCH = 5_000;

export interface Pruned {
  readonly table: string;
  readonly rows: number;
  /** Set if not all rows could be deleted. */
  readonly error?: unknown;
}

export interface PruneOptions {
  readonly days: number;
  readonly onProgress: (pruned: Pruned) => void;
}

/**
 * Deletes rows older than the retention, as the owner of the tables. The runtime role may not, so that an
 * attacker who controls the service cannot erase records. Each batch is committed at once and followed
 * by a pause as long as the batch took. A failure in one table does not stop the others.
 */
export async function prune(client: pg.Client, options: PruneOptions): Promise<Pruned[]> {
  const all: Pruned[] = [];
  for (const table of Object.keys(RULES)) all.push(await pruneTable(client, table, options));
  return all;
}

async function pruneTable(
  client: pg.Client,
  table: string,
  { days, onProgress }: PruneOptions,
): Promise<Pruned> {
  const age = RULES[table] ?? { at: 'at' };
  const text = batchOf(table, age);
  const values = [age.days?.(days) ?? days];
  let total = 0;
  try {
    for (let rows = BATCH; rows === BATCH;) {
      const began = performance.now();
      rows = (await client.query(text, values)).rowCount ?? 0;
      total += rows;
      onProgress({ table, rows: total });
      if (rows === BATCH) await sleep(performance.now() - began);
    }
    return { table, rows: total };
  } catch (error) {
    if (asPostgresError(error).code === NOT_ALLOWED) throw error;
    return { table, rows: total, error };
  }
}

/** SQLSTATE `insufficient_privilege`: the role is wrong, for every table. */
const NOT_ALLOWED = '42501';

/** Deletes the oldest rows, by the index. Locked rows are left to the next run. */
const batchOf = (table: string, { at, where = 'true' }: Age): string =>
  `delete from ${table} where ctid = any(array(
    select ctid from ${table} where ${at} < now() - make_interval(days => $1) and ${where}
    order by ${at} limit ${BATCH} for update skip locked))`;
