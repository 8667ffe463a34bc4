import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { openDatabase, type Database } from '../../src/db/database.ts';
import { OWNER, rolesOf } from '../../src/dev/roles.ts';
import { Secret } from '../../src/core/secret.ts';

export interface TestDatabase {
  /** As the runtime role. */
  readonly url: string;
  readonly ownerUrl: string;
  readonly superuserUrl: string;
  /** As the runtime role. */
  readonly db: Database;
  /** As a superuser, to arrange what the service may not, and to look at what it left. */
  superuser<R extends pg.QueryResultRow>(sql: string, values?: readonly unknown[]): Promise<R[]>;
  stop(): Promise<void>;
}

let administration: pg.Pool | undefined;

/** Keeps one connection for all files of a process: opening one costs more than cloning a database. */
async function administer(sql: string): Promise<void> {
  administration ??= new pg.Pool({
    connectionString: process.env.TEST_SUPERUSER_URL,
    max: 1,
    idleTimeoutMillis: 0,
    // The idle connection does not keep the process alive.
    allowExitOnIdle: true,
  }).on('error', () => undefined);
  await administration.query(sql);
}

/**
 * Waits for the sessions that are just ending, a fifth of a second at most. `drop database` would sleep
 * for a tenth of a second, however soon they end.
 */
const untilClosed = (database: string) => `do $$ begin
    for attempt in 1..100 loop
      perform pg_stat_clear_snapshot();
      exit when not exists (select from pg_stat_activity where datname = '${database}');
      perform pg_sleep(0.002);
    end loop;
  end $$`;

/** A migrated database of its own, cloned from the template by copying files, which takes half as long as by WAL. */
export async function createTestDatabase(): Promise<TestDatabase> {
  const cluster = process.env.TEST_SUPERUSER_URL ?? '';
  const name = `test_${randomUUID().replaceAll('-', '')}`;
  await administer(
    `create database ${name} owner ${OWNER} template gatehouse_template strategy file_copy`,
  );
  const { ownerUrl, runtimeUrl } = rolesOf(cluster, name);
  const superuserUrl = new URL(cluster);
  superuserUrl.pathname = `/${name}`;
  const pool = new pg.Pool({ connectionString: superuserUrl.href, max: 2 });
  pool.on('error', () => undefined);
  // Longer than the service waits: a busy machine must not fail what a test arranges.
  const db = openDatabase({ url: new Secret(runtimeUrl), max: 5, connectMs: 30_000 });
  return {
    url: runtimeUrl,
    ownerUrl,
    superuserUrl: superuserUrl.href,
    db,
    async superuser<R extends pg.QueryResultRow>(sql: string, values: readonly unknown[] = []) {
      return (await pool.query<R>(sql, [...values])).rows;
    },
    async stop() {
      await Promise.all([db.close(), pool.end()]);
      await administer(untilClosed(name));
      await administer(`drop database if exists ${name} with (force)`);
    },
  };
}
