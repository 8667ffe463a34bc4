/** Pages of `docs/` that name the tests which prove what they say. */
import { readFileSync } from 'node:fs';

interface NamedTest {
  readonly path: string;
  readonly title: string;
}

/** Every `[name](../path) “title”` of a row. */
export const namedTests = (row: string): NamedTest[] =>
  [...row.matchAll(/\]\(\.\.\/([^)]+)\) “([^”]+)”/g)].map(([, path = '', title = '']) => ({
    path,
    title,
  }));

/** Those whose file has no string with this title. */
export const missingTests = (tests: readonly NamedTest[]): NamedTest[] =>
  tests.filter(({ path, title }) => {
    const source = readFileSync(path, 'utf8');
    return !["'", '`', '"'].some((quote) => source.includes(`${quote}${title}${quote}`));
  });
