import type { Config } from '../config/config.ts';
import type { Database } from '../db/database.ts';
import type { Terminal } from './output.ts';

/** The settings and the database that a command works with. */
interface ServiceContext {
  readonly terminal: Terminal;
  readonly config: Config;
  readonly development: boolean;
  readonly defaultSignInClient: string | undefined;
  readonly db: Database;
}

/**
 * Runs a command with settings and a database, and closes the database afterwards.
 * Both are read and opened on first use, so that `--help` needs neither.
 */
export async function withService(
  terminal: Terminal,
  use: (service: ServiceContext) => Promise<number>,
): Promise<number> {
  const { isDevelopment, loadConfig, loadSetting } = await import('../config/config.ts');
  const { openDatabase } = await import('../db/database.ts');
  const { COMMAND_CONNECT_MS: connectMs } = await import('../db/opening.ts');
  let db: Database | undefined;
  try {
    return await use({
      terminal,
      get config() {
        return loadConfig();
      },
      get development() {
        return isDevelopment();
      },
      get defaultSignInClient() {
        return loadSetting('DEFAULT_SIGN_IN_CLIENT');
      },
      get db() {
        const prepares = loadSetting('DATABASE_PREPARED_STATEMENTS');
        return (db ??= openDatabase({
          url: loadSetting('DATABASE_URL'),
          max: 2,
          connectMs,
          prepares,
        }));
      },
    });
  } finally {
    await db?.close();
  }
}
