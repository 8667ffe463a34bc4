import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { missingTests, namedTests } from '../support/named-tests.ts';

/** Pages, which of their lines are rows, and the least number of rows. */
const PAGES: readonly (readonly [page: string, row: RegExp, least: number])[] = [
  ['docs/threat-model.md', /^\| [STRIDE] +\|/, 60],
  ['docs/faults.md', /^\| (?!Fault |Request |-|`)/, 40],
];

describe.each(PAGES)('%s', (page, pattern, least) => {
  const rows = readFileSync(page, 'utf8')
    .split('\n')
    .filter((line) => pattern.test(line));

  it('names a test for every row', () => {
    expect(rows.length).toBeGreaterThan(least);
    expect(rows.filter((row) => namedTests(row).length === 0)).toEqual([]);
  });

  it('names only tests that exist', () => {
    expect(missingTests(rows.flatMap(namedTests))).toEqual([]);
  });
});
