import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';

const page = readFileSync('docs/threat-model.md', 'utf8');
const threats = page.split('\n').filter((line) => /^\| [STRIDE] +\|/.test(line));
/** Every `[name](../path) “title”` of a row. */
const proofsOf = (row: string) =>
  [...row.matchAll(/\]\(\.\.\/([^)]+)\) “([^”]+)”/g)].map(([, path = '', title = '']) => ({
    path,
    title,
  }));

describe('docs/threat-model.md', () => {
  it('names a test for every threat', () => {
    expect(threats.length).toBeGreaterThan(60);
    expect(threats.filter((row) => proofsOf(row).length === 0)).toEqual([]);
  });

  it('names only tests that exist', () => {
    const missing = threats
      .flatMap(proofsOf)
      .filter(({ path, title }) => !hasTitle(readFileSync(path, 'utf8'), title));

    expect(missing).toEqual([]);
  });
});

/** True if the source has this title as a string. */
const hasTitle = (source: string, title: string): boolean =>
  ["'", '`', '"'].some((quote) => source.includes(`${quote}${title}${quote}`));
