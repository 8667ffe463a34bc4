import { afterAll } from '@jest/globals';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const MIGRATIONS = fileURLToPath(new URL('../../migrations', import.meta.url));

interface Entry {
  readonly idx: number;
  readonly version: string;
  readonly when: number;
  readonly tag: string;
  readonly breakpoints: boolean;
}

export const entriesOf = (folder: string): readonly Entry[] =>
  (
    JSON.parse(readFileSync(join(folder, 'meta/_journal.json'), 'utf8')) as {
      readonly entries: readonly Entry[];
    }
  ).entries;

const writeEntries = (folder: string, entries: readonly Entry[]): void =>
  writeFileSync(join(folder, 'meta/_journal.json'), JSON.stringify({ entries }));

const copies: string[] = [];
afterAll(() => {
  for (const copy of copies) rmSync(copy, { recursive: true });
});

function copyOfMigrations(): string {
  const copy = mkdtempSync(join(tmpdir(), 'gatehouse-migrations-'));
  copies.push(copy);
  const folder = join(copy, 'migrations');
  cpSync(MIGRATIONS, folder, { recursive: true });
  return folder;
}

/** The migrations, and those that a later release would bring, by their names. */
export function withLater(later: Readonly<Record<string, string>>): string {
  const folder = copyOfMigrations();
  const entries = entriesOf(folder);
  const last = entries.at(-1)?.when ?? 0;
  const added = Object.entries(later).map(([tag, text], index) => {
    writeFileSync(join(folder, `${tag}.sql`), text);
    const when = last + 1_000 * (index + 1);
    return { idx: entries.length + index, version: '7', when, tag, breakpoints: true };
  });
  writeEntries(folder, [...entries, ...added]);
  return folder;
}

/** The migrations up to one of them, as an earlier release had them. */
export function upTo(tag: string): string {
  const folder = copyOfMigrations();
  const entries = entriesOf(folder);
  const last = entries.findIndex((entry) => entry.tag === tag);
  writeEntries(folder, entries.slice(0, last + 1));
  return folder;
}
