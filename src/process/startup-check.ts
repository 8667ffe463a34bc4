import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { Database } from '../db/database.ts';
import { pendingMigrations } from '../db/migrate.ts';
import { explainDatabase, isPermanent } from '../db/explain.ts';
import { fromPostgres } from '../db/problems.ts';
import { keepExternalIdPrefix } from '../tenants/store.ts';
import { createLogThrottle } from './log-throttle.ts';

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

export interface Waiting {
  readonly db: Database;
  /** Where the database is: host and port, for people. */
  readonly host: string;
  readonly externalIdPrefix: string;
  readonly logger: Logger;
  readonly signal: AbortSignal;
}

/**
 * Repeats the check until the database is there.
 *
 * @throws StartupError for what does not pass by itself
 */
export async function waitForDatabase(waiting: Waiting): Promise<void> {
  const { db, host, externalIdPrefix, logger, signal } = waiting;
  const reminder = createLogThrottle((cause) => {
    logger.warn({ database: host, cause }, 'waiting for the database');
  });
  while (!signal.aborted) {
    try {
      await checkDatabase(db, externalIdPrefix);
      return;
    } catch (error) {
      if (isPermanent(error))
        throw new StartupError(`The database at ${host} refused: ${explainDatabase(error)}.`, {
          cause: error,
        });
      if (!fromPostgres(error)) throw error;
      reminder.say(explainDatabase(error));
      await sleep(RETRY_MS, undefined, { signal });
    }
  }
}
