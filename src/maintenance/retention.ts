import { setTimeout as sleep } from 'node:timers/promises';
import type pg from 'pg';
import { asPostgresError } from '../db/problems.ts';

interface Age {
  /** The indexed column that says how old a row is. */
  readonly at: string;
  /** How many days old it must be. Default: as many as the retention. */
  readonly days?: (retention: number) => number;
  readonly where?: string;
}

/** The tables that grow every day, and when a row may be deleted. */
const OLD: Readonly<Record<string, Age>> = {
  // An event that was not applied yet, or was set aside, is still owed to somebody.
  events: { at: 'received_at', where: 'position is not null and parked_at is null' },
  unreadable_events: { at: 'received_at' },
  webhook_messages: { at: 'updated_at', where: `state <> 'pending'` },
  webhook_attempts: { at: 'at' },
  portal_launches: { at: 'expires_at' },
  audit_trail: { at: 'at' },
  sign_ins: { at: 'at' },
  // WorkOS tells an event for 90 days, and for so long an old one could revive what is gone.
  mirror: { at: 'deleted_at', days: (retention) => Math.max(retention, 90) },
  // The service forgets these itself every hour, unless there are too many for one statement.
  spent_codes: { at: 'expires_at', days: () => 0 },
  idempotency_keys: { at: 'created_at', days: () => 1 },
};

/** So many rows at a time that no statement holds up anybody. */
const BATCH = 5_000;

export interface Pruned {
  readonly table: string;
  readonly rows: number;
  /** Why not all of it could be deleted. */
  readonly error?: unknown;
}

export interface PruneOptions {
  readonly days: number;
  readonly onProgress: (pruned: Pruned) => void;
}

/**
 * Deletes what is older than the retention, as the owner of the tables: the runtime role may not,
 * so that whoever takes over the service cannot take back what was recorded. Each batch is kept at
 * once, and after it the database has as long to itself as it took. A table that fails keeps no
 * other from its turn.
 */
export async function prune(client: pg.Client, options: PruneOptions): Promise<Pruned[]> {
  const all: Pruned[] = [];
  for (const table of Object.keys(OLD)) all.push(await pruneTable(client, table, options));
  return all;
}

async function pruneTable(
  client: pg.Client,
  table: string,
  { days, onProgress }: PruneOptions,
): Promise<Pruned> {
  const age = OLD[table] ?? { at: 'at' };
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

/** The role is the wrong one, and would be for every table. */
const NOT_ALLOWED = '42501';

/** The oldest first, by the index; a row that somebody is changing is left to the next run. */
const batchOf = (table: string, { at, where = 'true' }: Age): string =>
  `delete from ${table} where ctid = any(array(
    select ctid from ${table} where ${at} < now() - make_interval(days => $1) and ${where}
    order by ${at} limit ${BATCH} for update skip locked))`;
