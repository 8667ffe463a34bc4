import { loadSetting } from '../config/config.ts';
import type { Secret } from '../core/secret.ts';
import { DatabaseUnreachable } from '../db/problems.ts';

/** Runs work as the owner of the tables. If there is no session, the error names the setting that it came from. */
export async function asOwner<T>(work: (owner: Secret) => Promise<T>): Promise<T> {
  const owner = loadSetting('DATABASE_MIGRATION_URL');
  try {
    return await work(owner ?? loadSetting('DATABASE_URL'));
  } catch (error) {
    if (owner && error instanceof DatabaseUnreachable) error.setting = 'DATABASE_MIGRATION_URL';
    throw error;
  }
}
