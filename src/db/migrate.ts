import { setTimeout as sleep } from 'node:timers/promises';
import type pg from 'pg';
import type { Secret } from '../core/secret.ts';
import type { Queryable, Statement } from '../core/ports.ts';
import { applyGrants, grantee } from './grants.ts';
import { installJobs } from './job-schema.ts';
import { listMigrations, migrationsFolder, readMigration } from './migration-files.ts';
import { installMaintenance, MIGRATION_LOCK } from './maintenance-functions.ts';
import { inTransaction, runMigration, type Report } from './migration-run.ts';
import { withSession } from './owner-session.ts';
import { settlePartitions } from './partitions.ts';

export interface MigrateOptions {
  readonly folder?: string;
  /** The service’s own maintenance may delete only rows that are older than this. Default: 90 days. */
  readonly retentionDays?: number;
  readonly report?: Report;
}

/**
 * Applies pending migrations and grants the runtime role its privileges, while the service runs. Safe
 * to run concurrently (an advisory lock admits one at a time) and again after a crash, where it resumes.
 */
export async function migrate(
  owner: Secret,
  runtimeRole: string,
  { folder = migrationsFolder, retentionDays = 90, report = () => undefined }: MigrateOptions = {},
): Promise<void> {
  // Building an index may take any time, so there is no statement timeout.
  const options = { name: 'gatehouse migrate', statementTimeoutMs: 0 };
  await withSession(owner, options, async (client) => {
    await takeLock(client, () => report({ what: 'waiting for another migrate or maintain' }));
    const isAhead = await applyPending(client, runtimeRole, folder, report);
    // A later release has its own functions.
    if (isAhead) return;
    await setRetention(client, runtimeRole, retentionDays);
    await settlePartitions(client, retentionDays);
  });
}

/** Sets what the service's own maintenance may delete. */
export async function setRetention(
  client: pg.Client,
  runtimeRole: string,
  days: number,
): Promise<void> {
  const role = await grantee(client, runtimeRole);
  await inTransaction(client, () => installMaintenance(client, { days, role }));
}

/**
 * Polls for the lock instead of blocking in Postgres. A blocked session holds a snapshot, and a
 * concurrent index build of another `migrate` would wait for it for ever.
 *
 * @param onWait called once if another session has the lock
 */
export async function takeLock(client: pg.Client, onWait: () => void): Promise<void> {
  // Otherwise the statement of a killed process, and with it the lock, would go on, e.g. an index build for
  // hours. Postgres has no such check on Windows.
  await client.query(`set client_connection_check_interval = '2s'`).catch(() => undefined);
  for (let isFirst = true; ; isFirst = false) {
    const { rows } = await client.query<{ taken: boolean }>(
      'select pg_try_advisory_lock($1) as taken',
      [MIGRATION_LOCK],
    );
    if (rows[0]?.taken) return;
    if (isFirst) onWait();
    await sleep(200);
  }
}

/** @returns true if a later release has migrated the database */
async function applyPending(
  client: pg.Client,
  role: string,
  folder: string,
  report: Report,
): Promise<boolean> {
  const releases = listMigrations(folder);
  await inTransaction(client, async () => {
    await client.query('create schema if not exists drizzle');
    await client.query(BOOKKEEPING);
  });
  const applied = await appliedTimes(asQueryable(client));
  const isAhead = hasOthers(applied, releases);
  const grant = () => applyGrants(client, role, { mayRevoke: !isAhead });

  // Before the migrations, so that no replica finds them complete while the job library's tables are missing.
  await installJobs(client, { isAhead, report });
  await inTransaction(client, grant);
  for (const entry of releases.filter(({ when }) => !applied.has(when)))
    await runMigration(client, readMigration(folder, entry), { grant, report });
  return isAhead;
}

const hasOthers = (
  applied: ReadonlySet<number>,
  releases: ReturnType<typeof listMigrations>,
): boolean => {
  const ours = new Set(releases.map(({ when }) => when));
  return [...applied].some((when) => !ours.has(when));
};

/** True if a later release has migrated the database, which has functions of its own. */
export const isAheadOfUs = async (db: Pick<Queryable, 'query'>): Promise<boolean> =>
  hasOthers(await appliedTimes(db), listMigrations(migrationsFolder));

/** The table that drizzle's own migrator uses, so that either can continue after the other. */
const BOOKKEEPING = `create table if not exists drizzle.__drizzle_migrations (
  id serial primary key, hash text not null, created_at bigint)`;

/** Runs the statements of stores on a session of the owner. */
export const asQueryable = (client: pg.Client): Queryable => ({
  query: async <R extends object>(statement: Statement | string, values: readonly unknown[] = []) =>
    // Sound: the driver only reads the values.
    (await client.query(statement as string, values as unknown[])).rows as R[],
});

/** SQL: false if the `search_path` of the session does not lead to the tables, which the role may use. */
export const FINDS_TABLES = `not exists (select from pg_class c where c.relname = 'tenants'
    and c.relnamespace = to_regnamespace('public') and has_schema_privilege(c.relnamespace, 'usage')
    and not pg_table_is_visible(c.oid))`;

async function appliedTimes(db: Pick<Queryable, 'query'>): Promise<ReadonlySet<number>> {
  const applied = await db.query<{ when: string }>(
    'select created_at as when from drizzle.__drizzle_migrations',
  );
  return new Set(applied.map(({ when }) => Number(when)));
}

/**
 * Returns the migrations that this release needs and the database lacks. A newer database is fine:
 * migrations only add at first, so the previous release runs on the new schema.
 *
 * @throws an error with code 3F000 if the role has a `search_path` that does not lead to the tables, and with 42501 if
 * it may not use their schema: then Postgres says that they do not exist
 */
export async function pendingMigrations(
  db: Pick<Queryable, 'query'>,
  folder = migrationsFolder,
): Promise<string[]> {
  const [table] = await db.query<{ there: boolean; found: boolean; usable: boolean }>(
    `select to_regclass('drizzle.__drizzle_migrations') is not null as there, ${FINDS_TABLES} as found,
       not exists (select from pg_namespace where nspname = 'public' and not has_schema_privilege(oid, 'usage')) as usable`,
  );
  if (table?.usable === false)
    throw Object.assign(new Error('The role may not use the schema public.'), { code: '42501' });
  if (table?.found === false)
    throw Object.assign(new Error('The search_path leads past the tables.'), { code: '3F000' });
  const applied = table?.there ? await appliedTimes(db) : new Set<number>();
  return listMigrations(folder)
    .filter(({ when }) => !applied.has(when))
    .map(({ tag }) => tag);
}
