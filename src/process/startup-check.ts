import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { Database } from '../db/database.ts';
import { pendingMigrations } from '../db/migrate.ts';
import { explainDatabase, isPermanent } from '../db/explain.ts';
import { fromPostgres } from '../db/problems.ts';
import { keepExternalIdPrefix } from '../tenants/registry/external-id-prefix-store.ts';
import { createLogThrottle } from '../core/log-throttle.ts';

/** The database answers but this release cannot run on it, so waiting would not help. */
export class StartupError extends Error {
  override readonly name = 'StartupError';
}

const RETRY_MS = 500;
/** A database that starts together with us takes less. */
const ACT_AFTER_MS = 25_000;

/** @throws StartupError, or the database's error while it is unavailable */
export async function checkDatabase(db: Database, externalIdPrefix: string): Promise<void> {
  const pending = await pendingMigrations(db);
  if (pending.length > 0) {
    throw new StartupError(
      `The database lacks ${pending.length} migration(s) (${pending.join(', ')}): run "gatehouse migrate" first.`,
    );
  }
  if ((await keepExternalIdPrefix(db, externalIdPrefix)) !== externalIdPrefix) {
    throw new StartupError(
      'WORKOS_EXTERNAL_ID_PREFIX: differs from the prefix this database was first used with; with a different one, every tenant would get a second organization.',
    );
  }
}

export interface Waiting {
  readonly db: Database;
  /** Host and port of the database, for the log. */
  readonly host: string;
  readonly externalIdPrefix: string;
  readonly logger: Logger;
  readonly signal: AbortSignal;
}

/**
 * Repeats the check until it passes.
 *
 * @throws StartupError when the failure cannot resolve itself
 */
export async function waitForDatabase(waiting: Waiting): Promise<void> {
  const { db, host, externalIdPrefix, logger, signal } = waiting;
  const began = performance.now();
  const throttle = createLogThrottle((cause) => {
    const waitedMs = performance.now() - began;
    const facts = { database: host, cause, waited_seconds: Math.round(waitedMs / 1_000) };
    logger[waitedMs < ACT_AFTER_MS ? 'warn' : 'error'](facts, 'waiting for the database');
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
      throttle.say(explainDatabase(error));
      await sleep(RETRY_MS, undefined, { signal });
    }
  }
}
