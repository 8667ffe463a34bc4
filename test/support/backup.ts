import type { TestDatabase } from './test-database.ts';

type Rows = ReadonlyMap<string, string>;

/** Returns a logical backup: every row of every table. */
export async function backUp(database: TestDatabase): Promise<Rows> {
  const tables = await database.superuser<{ name: string }>(
    `select quote_ident(tablename) as name from pg_tables where schemaname = 'public'`,
  );
  const rows = new Map<string, string>();
  for (const { name } of tables) {
    const [all] = await database.superuser<{ rows: string }>(
      `select coalesce(json_agg(t), '[]')::text as rows from ${name} t`,
    );
    rows.set(name, all?.rows ?? '[]');
  }
  return rows;
}

/** Restores a backup. Rows written since are lost, except what running processes write during the restore. */
export async function restore(database: TestDatabase, rows: Rows): Promise<void> {
  await database.superuser(`truncate ${[...rows.keys()].join(', ')} cascade`);
  const ordered = [...rows].sort(([one]) => (one === 'clients' ? -1 : 1));
  for (const [name, all] of ordered) {
    await database.superuser(
      `insert into ${name} overriding system value select * from json_populate_recordset(null::${name}, $1)
       on conflict do nothing`,
      [all],
    );
  }
}
