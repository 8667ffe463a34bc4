import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { Database } from '../db/database.ts';
import { pendingMigrations } from '../db/migrate.ts';
import { fromPostgres } from '../db/problems.ts';
import { keepExternalIdPrefix } from '../tenants/store.ts';

/** The database is there and not what this release can run on: waiting would not help. */
export class StartupError extends Error {
  override readonly name = 'StartupError';
}

const RETRY_MS = 500;

/** @throws StartupError, or what the database says while it is away */
export async function checkDatabase(db: Database, externalIdPrefix: string): Promise<void> {
  const pending = await pendingMigrations(db);
  if (pending.length > 0) {
    throw new StartupError(
      `The database lacks ${pending.length} migration(s) (${pending.join(', ')}): run "gatehouse migrate" first.`,
    );
  }
  if ((await keepExternalIdPrefix(db, externalIdPrefix)) !== externalIdPrefix) {
    throw new StartupError(
      'WORKOS_EXTERNAL_ID_PREFIX: differs from the one this database was first used with; with another, every tenant would get a second organization.',
    );
  }
}

/** Repeats the check until the database is there. @throws StartupError */
export async function databaseReady(
  db: Database,
  externalIdPrefix: string,
  logger: Logger,
  signal: AbortSignal,
): Promise<void> {
  for (let warned = false; !signal.aborted;) {
    try {
      await checkDatabase(db, externalIdPrefix);
      return;
    } catch (error) {
      if (!fromPostgres(error)) throw error;
      if (!warned) logger.warn('waiting for the database');
      warned = true;
      await sleep(RETRY_MS, undefined, { signal });
    }
  }
}
