import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

type Settings = Readonly<Record<string, string>>;

const fileIn = (directory: string): string => join(directory, 'settings.json');

/** Saves the settings of a running `gatehouse dev`, for the operator's commands. @returns what removes them */
export function saveSettings(directory: string, settings: Settings): () => void {
  const file = fileIn(directory);
  rmSync(file, { force: true });
  writeFileSync(file, JSON.stringify(settings, null, 2), { mode: 0o600 });
  return () => rmSync(file, { force: true });
}

/** Undefined when no `gatehouse dev` runs in this directory. */
export function readSettings(directory: string): Settings | undefined {
  const file = fileIn(directory);
  if (!existsSync(file)) return undefined;
  return JSON.parse(readFileSync(file, 'utf8')) as Settings;
}
