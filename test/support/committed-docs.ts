import { readFileSync, writeFileSync } from 'node:fs';
import { relative } from 'node:path';
import { expect } from '@jest/globals';
import { formatted } from './formatted.ts';

interface Options {
  /** How `npm run format` wraps prose: `preserve` keeps the lines as the test writes them. */
  readonly proseWrap: 'always' | 'preserve';
  /** The part of the document that this run has made. Default: all of it. */
  readonly partOf?: (markdown: string) => string;
}

/**
 * Expects a generated document to be committed as it would be generated now. With `UPDATE_DOCS=1` the
 * committed document is replaced instead.
 *
 * @throws an error that shows the difference and the command that writes the document
 */
export async function expectCommitted(
  path: string,
  markdown: string,
  { partOf = (all) => all, ...layout }: Options = { proseWrap: 'preserve' },
): Promise<void> {
  const committed = readFileSync(path, 'utf8');
  const update = process.env.UPDATE_DOCS !== undefined;
  if (!update && withoutLayout(partOf(committed)) === withoutLayout(partOf(markdown))) return;
  // `npm run format:check` checks the layout.
  const expected = await formatted(path, markdown, layout);
  if (update) writeFileSync(path, expected);
  else expectEqual(path, committed, expected);
}

function expectEqual(path: string, committed: string, expected: string): void {
  try {
    expect(committed).toBe(expected);
  } catch (error) {
    const file = relative(process.cwd(), expect.getState().testPath ?? '');
    const command = `UPDATE_DOCS=1 npm test -- ${file}`;
    throw new Error(`${path} is out of date. ${command} writes it.`, { cause: error });
  }
}

/** Undoes what `npm run format` does to tables and long lines, but not inside code blocks. */
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
