import { loadSetting } from '../config/config.ts';
import { migrate } from '../db/migrate.ts';
import type { Progress } from '../db/migration-run.ts';
import type { Secret } from '../core/secret.ts';
import { asOwner } from './owner.ts';
import { json, type Terminal } from './output.ts';

/**
 * `gatehouse migrate`: runs as the owner of the tables and grants privileges to the role of the service.
 * Reports progress as text on a terminal, otherwise as lines of JSON.
 */
export async function migrateCommand(terminal: Terminal): Promise<number> {
  const runtime = loadSetting('DATABASE_URL');
  const options = {
    retentionDays: loadSetting('RETENTION_DAYS'),
    report: (progress: Progress) =>
      terminal.shown ? terminal.err(inWords(progress)) : terminal.out(json(progress)),
  };
  await asOwner((owner) => migrate(owner, roleOf(runtime), options));
  terminal.err('The database is up to date.\n');
  return 0;
}

const inWords = ({ migration, what, index, tookMs }: Progress): string =>
  `${[migration, what, index, tookMs !== undefined && `in ${tookMs} ms`].filter(Boolean).join(' ')}\n`;

export const roleOf = (url: Secret): string => decodeURIComponent(new URL(url.reveal()).username);
