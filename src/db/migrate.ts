import { setTimeout as sleep } from 'node:timers/promises';
import type pg from 'pg';
import type { Secret } from '../core/secret.ts';
import type { Queryable } from '../core/ports.ts';
import { applyGrants } from './grants.ts';
import { installJobs } from './job-schema.ts';
import { listMigrations, migrationsFolder, readMigration } from './migration-files.ts';
import { inTransaction, runMigration, type Report } from './migration-run.ts';
import { withSession } from './owner-session.ts';

/** Any constant: all that counts is that every process of ours uses the same one. */
const MIGRATION_LOCK = 7_201_900_113;

export interface MigrateOptions {
  readonly folder?: string;
  readonly report?: Report;
}

/**
 * Applies what is pending and grants the runtime role what it needs, while the service runs. Safe
 * to run at once from many places: an advisory lock lets one through, and the others then find
 * nothing to do. Safe to run again after a crash: it goes on where it stopped.
 */
export async function migrate(
  owner: Secret,
  runtimeRole: string,
  { folder = migrationsFolder, report = () => undefined }: MigrateOptions = {},
): Promise<void> {
  // An index takes as long as it takes.
  const options = { name: 'gatehouse migrate', statementTimeoutMs: 0 };
  await withSession(owner, options, async (client) => {
    await takeLock(client);
    await applyPending(client, runtimeRole, folder, report);
  });
}

/**
 * Asks again and again instead of waiting in Postgres: a session that waits there holds a snapshot,
 * and the index that another `migrate` is building would wait for that for ever.
 */
async function takeLock(client: pg.Client): Promise<void> {
  for (;;) {
    const { rows } = await client.query<{ taken: boolean }>(
      'select pg_try_advisory_lock($1) as taken',
      [MIGRATION_LOCK],
    );
    if (rows[0]?.taken) return;
    await sleep(200);
  }
}

async function applyPending(client: pg.Client, role: string, folder: string, report: Report) {
  const releases = listMigrations(folder);
  await inTransaction(client, async () => {
    await client.query('create schema if not exists drizzle');
    await client.query(BOOKKEEPING);
  });
  const applied = await appliedTimes(asQueryable(client));
  const ours = new Set(releases.map(({ when }) => when));
  const isAhead = [...applied].some((when) => !ours.has(when));
  const grant = () => applyGrants(client, role, { mayRevoke: !isAhead });

  // First, so that no replica finds the migrations complete and the job library's tables missing.
  await installJobs(client);
  await inTransaction(client, grant);
  for (const entry of releases.filter(({ when }) => !applied.has(when)))
    await runMigration(client, readMigration(folder, entry), { grant, report });
}

/** The table that drizzle's own migrator uses, so that either can continue after the other. */
const BOOKKEEPING = `create table if not exists drizzle.__drizzle_migrations (
  id serial primary key, hash text not null, created_at bigint)`;

const asQueryable = (client: pg.Client): Pick<Queryable, 'query'> => ({
  query: async <R extends object>(statement: unknown) =>
    (await client.query<R>(statement as string)).rows,
});

async function appliedTimes(db: Pick<Queryable, 'query'>): Promise<ReadonlySet<number>> {
  const applied = await db.query<{ when: string }>(
    'select created_at as when from drizzle.__drizzle_migrations',
  );
  return new Set(applied.map(({ when }) => Number(when)));
}

/**
 * Migrations that this release needs and the database lacks. A database that is ahead is fine:
 * migrations expand first, so the previous release runs on the new schema.
 */
export async function pendingMigrations(
  db: Pick<Queryable, 'query'>,
  folder = migrationsFolder,
): Promise<string[]> {
  const [table] = await db.query<{ there: boolean }>(
    `select to_regclass('drizzle.__drizzle_migrations') is not null as there`,
  );
  const applied = table?.there ? await appliedTimes(db) : new Set<number>();
  return listMigrations(folder)
    .filter(({ when }) => !applied.has(when))
    .map(({ tag }) => tag);
}
