import type { Database } from './database.ts';

/** What grows with every day, and when a row of it has had its day. `$1`: days. */
const OLD: Readonly<Record<string, string>> = {
  // An event that was not applied yet is still owed to somebody.
  events: `position is not null and received_at < now() - make_interval(days => $1)`,
  webhook_messages: `state <> 'pending' and updated_at < now() - make_interval(days => $1)`,
  webhook_attempts: `at < now() - make_interval(days => $1)`,
  portal_launches: `expires_at < now() - make_interval(days => $1)`,
  audit_trail: `at < now() - make_interval(days => $1)`,
  sign_ins: `at < now() - make_interval(days => $1)`,
  // WorkOS tells an event for 90 days, and for so long an old one could revive what is gone.
  mirror: `deleted_at < now() - make_interval(days => greatest($1, 90))`,
};

/** So many rows at a time that no statement holds up anybody. */
const BATCH = 5_000;

export interface Pruned {
  readonly table: string;
  readonly rows: number;
}

/**
 * Deletes what is older than the retention, as the owner of the tables: the runtime role may not,
 * so that whoever takes over the service cannot take back what was recorded.
 */
export async function prune(
  db: Database,
  days: number,
  onProgress: (pruned: Pruned) => void,
): Promise<Pruned[]> {
  const all: Pruned[] = [];
  for (const [table, condition] of Object.entries(OLD)) {
    const rows = await pruneTable(db, table, condition, days, onProgress);
    all.push({ table, rows });
  }
  return all;
}

async function pruneTable(
  db: Database,
  table: string,
  condition: string,
  days: number,
  onProgress: (pruned: Pruned) => void,
): Promise<number> {
  const text = `with gone as (delete from ${table} where ctid = any(array(
      select ctid from ${table} where ${condition} limit ${BATCH})) returning 1)
    select count(*)::int as rows from gone`;
  for (let total = 0; ;) {
    const [{ rows } = { rows: 0 }] = await db.query<{ rows: number }>(text, [days]);
    total += rows;
    onProgress({ table, rows: total });
    if (rows < BATCH) return total;
  }
}
