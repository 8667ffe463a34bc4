import { loadSetting } from '../config.ts';
import { migrate } from '../db/migrate.ts';
import type { Secret } from '../secret.ts';
import type { Terminal } from './output.ts';

/** `gatehouse migrate`: as the owner of the tables, for the role that will run the service. */
export async function migrateCommand(terminal: Terminal): Promise<number> {
  const runtime = loadSetting('DATABASE_URL');
  const owner = loadSetting('DATABASE_MIGRATION_URL') ?? runtime;
  await migrate(owner, roleOf(runtime));
  terminal.err('The database is up to date.\n');
  return 0;
}

export const roleOf = (url: Secret): string => decodeURIComponent(new URL(url.reveal()).username);
