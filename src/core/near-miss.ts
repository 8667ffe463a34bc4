/**
 * Finds the candidate that a mistyped word most likely stands for: a third of the letters may differ, where two
 * may be missing, and three letters may be the beginning of the candidate.
 *
 * @returns undefined if none is near
 */
export const nearest = (word: string, candidates: readonly string[]): string | undefined =>
  closest(word, candidates, Math.max(1, Math.floor((word.length + 2) / 3))) ??
  (word.length < 3
    ? undefined
    : candidates.find((one) => one.toLowerCase().startsWith(word.toLowerCase())));

/** Finds the candidate with the fewest edits, at most `allowed`. */
export function closest(
  word: string,
  candidates: readonly string[],
  allowed: number,
): string | undefined {
  const a = word.toLowerCase();
  let [best, fewest] = [undefined as string | undefined, allowed + 1];
  for (const candidate of candidates) {
    const b = candidate.toLowerCase();
    // Each letter by which the lengths differ is an edit, so a much longer word need not be compared.
    if (Math.abs(a.length - b.length) >= fewest) continue;
    const edits = editsBetween(a, b);
    if (edits < fewest) [best, fewest] = [candidate, edits];
  }
  return best;
}

/** Counts inserted, deleted, replaced and swapped letters (optimal string alignment distance). */
function editsBetween(a: string, b: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i += 1) {
    const row = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const replaced = at(last, j - 1) + (a[i - 1] === b[j - 1] ? 0 : 1);
      const swapped =
        a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1] ? at(beforeLast, j - 2) + 1 : Infinity;
      row.push(Math.min(at(last, j) + 1, at(row, j - 1) + 1, replaced, swapped));
    }
    [beforeLast, last] = [last, row];
  }
  return at(last, b.length);
}

const at = (row: readonly number[], index: number): number => row[index] ?? Infinity;

/** Describes an unknown word: `unknown command "client"; did you mean "clients"?` */
export function unknownWord(kind: string, word: string, known: readonly string[]): string {
  const near = nearest(word, known);
  const hint = near === undefined ? '' : `; did you mean ${JSON.stringify(near)}?`;
  return `unknown ${kind} ${JSON.stringify(word)}${hint}`;
}
