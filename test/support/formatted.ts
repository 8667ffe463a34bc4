import { readFileSync } from 'node:fs';
import type { FormatConfig } from 'oxfmt';

/** Returns a generated text in the layout of `npm run format`; `path` says which language it is. */
export async function formatted(
  path: string,
  text: string,
  layout: FormatConfig = {},
): Promise<string> {
  // Loaded only here: few tests write a file.
  const { format } = await import('oxfmt');
  const config = JSON.parse(
    readFileSync(new URL('../../.oxfmtrc.json', import.meta.url), 'utf8'),
  ) as FormatConfig;
  const { code, errors } = await format(path, text, { ...config, ...layout });
  if (errors[0]) throw new Error(`${path} cannot be formatted: ${errors[0].message}`);
  return code;
}
