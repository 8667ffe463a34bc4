import type { Queryable } from '../../core/ports.ts';

/** Stores the prefix at first use: with another prefix, existing tenants would get second organizations. */
export async function keepExternalIdPrefix(db: Queryable, prefix: string): Promise<string> {
  await db.query(
    `insert into settings (name, value) values ('workos_external_id_prefix', $1) on conflict (name) do nothing`,
    [prefix],
  );
  const [row] = await db.query<{ value: string }>(
    `select value from settings where name = 'workos_external_id_prefix'`,
  );
  return row?.value ?? prefix;
}
