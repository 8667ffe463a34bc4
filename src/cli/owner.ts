import { loadSetting } from '../config/config.ts';
import type { Secret } from '../core/secret.ts';
import { asPostgresError, DatabaseUnreachable } from '../db/problems.ts';

/** Postgres refused a command of the owner: most likely, its URL is the runtime role's. */
export class NotTheOwner extends Error {
  constructor(cause: unknown, isSet: boolean) {
    super(
      `The database refused: ${asPostgresError(cause).message} (${INSUFFICIENT_PRIVILEGE}). This command needs the ` +
        `owner of the tables, whose URL belongs into DATABASE_MIGRATION_URL${isSet ? '' : ', which is not set'}`,
      { cause },
    );
  }
}

const INSUFFICIENT_PRIVILEGE = '42501';

/** Runs work as the owner of the tables. Errors name the setting that the role came from. */
export async function asOwner<T>(work: (owner: Secret) => Promise<T>): Promise<T> {
  const owner = loadSetting('DATABASE_MIGRATION_URL');
  try {
    return await work(owner ?? loadSetting('DATABASE_URL'));
  } catch (error) {
    if (owner && error instanceof DatabaseUnreachable) error.setting = 'DATABASE_MIGRATION_URL';
    if (asPostgresError(error).code === INSUFFICIENT_PRIVILEGE)
      throw new NotTheOwner(error, owner !== undefined);
    throw error;
  }
}
