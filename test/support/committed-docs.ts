import { readFileSync, writeFileSync } from 'node:fs';
import { format, resolveConfig } from 'prettier';

/**
 * Reads a generated document as it is committed, and formats what it should be. With
 * `UPDATE_DOCS=1` the committed document is replaced first.
 */
export async function compareDocument(path: string, markdown: string) {
  const expected = await format(markdown, {
    ...(await resolveConfig(path)),
    parser: 'markdown',
    proseWrap: 'always',
  });
  if (process.env.UPDATE_DOCS !== undefined) writeFileSync(path, expected);
  return { committed: readFileSync(path, 'utf8'), expected };
}
