import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { packageFile } from '../core/package-files.ts';

/** One file of `migrations/`. */
export interface Migration {
  readonly tag: string;
  /** Its timestamp, which identifies it in `drizzle.__drizzle_migrations`. */
  readonly when: number;
  /** SHA-256 of the file, as drizzle stores it. */
  readonly hash: string;
  readonly statements: readonly string[];
  /** False if the first line is `-- no transaction`: then every statement must be safe to repeat. */
  readonly inTransaction: boolean;
}

interface Journal {
  readonly entries: readonly { readonly when: number; readonly tag: string }[];
}

export const migrationsFolder = packageFile('migrations');

const NO_TRANSACTION = /^-- no transaction\b/;
const BREAKPOINT = '--> statement-breakpoint';

/** Lists the migrations of this release, oldest first, without reading their files. */
export const listMigrations = (folder: string): Journal['entries'] =>
  (JSON.parse(readFileSync(`${folder}/meta/_journal.json`, 'utf8')) as Journal).entries;

export function readMigration(folder: string, { tag, when }: Journal['entries'][number]) {
  const text = readFileSync(`${folder}/${tag}.sql`, 'utf8');
  return {
    tag,
    when,
    hash: createHash('sha256').update(text).digest('hex'),
    statements: text.split(BREAKPOINT).map((statement) => statement.trim()),
    inTransaction: !NO_TRANSACTION.test(text),
  } satisfies Migration;
}
