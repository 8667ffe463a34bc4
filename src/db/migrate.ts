import { readFileSync } from 'node:fs';
import { drizzle } from 'drizzle-orm/node-postgres';
import { migrate as applyMigrations } from 'drizzle-orm/node-postgres/migrator';
import pg from 'pg';
import { packageFile } from '../package-files.ts';
import type { Secret } from '../secret.ts';
import { grantsFor } from './grants.ts';
import { installJobs } from './job-schema.ts';
import type { Queryable } from './database.ts';

/** Any constant: all that counts is that every process of ours uses the same one. */
const MIGRATION_LOCK = 7_201_900_113;

const migrationsFolder = packageFile('migrations');

/**
 * Applies what is pending and grants the runtime role what it needs. Safe to run at once from
 * many places: an advisory lock lets one through, and the others then find nothing to do.
 */
export async function migrate(
  owner: Secret,
  runtimeRole: string,
  folder = migrationsFolder,
): Promise<void> {
  const client = new pg.Client({
    connectionString: owner.reveal(),
    connectionTimeoutMillis: 5_000,
  });
  await client.connect();
  try {
    await client.query('select pg_advisory_lock($1)', [MIGRATION_LOCK]);
    await applyMigrations(drizzle(client), { migrationsFolder: folder });
    await installJobs(client);
    for (const grant of await grantsFor(client, runtimeRole)) await client.query(grant);
  } finally {
    await client.end();
  }
}

interface Journal {
  readonly entries: readonly { readonly when: number; readonly tag: string }[];
}

/**
 * Migrations that this release needs and the database lacks. A database that is ahead is fine:
 * migrations expand first, so the previous release runs on the new schema.
 */
export async function pendingMigrations(
  db: Queryable,
  folder = migrationsFolder,
): Promise<string[]> {
  const journal = JSON.parse(readFileSync(`${folder}/meta/_journal.json`, 'utf8')) as Journal;
  const [table] = await db.query<{ there: boolean }>(
    `select to_regclass('drizzle.__drizzle_migrations') is not null as there`,
  );
  if (!table?.there) return journal.entries.map((entry) => entry.tag);
  const applied = await db.query<{ when: string }>(
    'select created_at as when from drizzle.__drizzle_migrations',
  );
  const known = new Set(applied.map(({ when }) => Number(when)));
  return journal.entries.filter((entry) => !known.has(entry.when)).map((entry) => entry.tag);
}
