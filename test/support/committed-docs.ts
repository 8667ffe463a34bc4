import { readFileSync, writeFileSync } from 'node:fs';

interface Layout {
  /** How `npm run format` wraps prose: `preserve` keeps the lines as the test writes them. */
  readonly proseWrap: 'always' | 'preserve';
}

/**
 * Reads a generated document as it is committed, and what it should be. With `UPDATE_DOCS=1` the
 * committed document is replaced first. Prettier is loaded only if there is a difference to write or
 * to show: it takes a second, and `npm run format:check` checks the layout of the committed document.
 */
export async function compareDocument(
  path: string,
  markdown: string,
  layout: Layout = { proseWrap: 'preserve' },
) {
  const committed = readFileSync(path, 'utf8');
  const update = process.env.UPDATE_DOCS !== undefined;
  if (!update && withoutLayout(committed) === withoutLayout(markdown))
    return { committed, expected: committed };
  const expected = await formatted(path, markdown, layout);
  if (update) writeFileSync(path, expected);
  return { committed: update ? expected : committed, expected };
}

async function formatted(path: string, markdown: string, layout: Layout): Promise<string> {
  const { format, resolveConfig } = await import('prettier');
  return format(markdown, { ...(await resolveConfig(path)), parser: 'markdown', ...layout });
}

/** Undoes what prettier does to tables and long lines, but not inside code blocks. */
const withoutLayout = (markdown: string): string =>
  markdown
    .trim()
    .split('```')
    .map((part, index) => (index % 2 === 0 ? unwrapped(unpadded(part)) : part))
    .join('```');

const unpadded = (text: string): string =>
  text.replace(/^\|.*\|$/gm, (row) => row.replace(/ +/g, ' ').replace(/-{3,}/g, '---'));

/** Joins wrapped lines. A list item, a heading, a quotation and a row of a table keep their line. */
const unwrapped = (text: string): string =>
  text.replace(/(?<=\S)\n *(?=\S)(?![-*] |\d+\. |#+ |[>|])/g, ' ');
