import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** The folder that holds package.json: two levels up in a checkout, one in the bundle. */
const root = ['..', '../..', '.']
  .map((up) => new URL(`${up}/`, import.meta.url))
  .find((folder) => existsSync(new URL('package.json', folder)));

/** Path of a file shipped with the program: migrations, openapi.yaml, page templates. */
export function packageFile(path: string): string {
  if (!root) throw new Error('package.json is missing beside the program.');
  return fileURLToPath(new URL(path, root));
}

export function packageVersion(): string {
  const { version } = JSON.parse(readFileSync(packageFile('package.json'), 'utf8')) as {
    version: string;
  };
  return version;
}
