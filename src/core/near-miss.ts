/**
 * Finds the candidate that a mistyped word most likely stands for.
 *
 * @returns undefined if none is near: a third of the word may differ, and three letters may be its beginning
 */
export function nearest(word: string, candidates: Iterable<string>): string | undefined {
  const typed = word.toLowerCase();
  const allowed = Math.max(1, Math.floor(typed.length / 3));
  let [best, fewest] = [undefined as string | undefined, allowed + 1];
  for (const candidate of candidates) {
    const name = candidate.toLowerCase();
    const edits = isBeginning(typed, name) ? 1 : editsBetween(typed, name);
    if (edits < fewest) [best, fewest] = [candidate, edits];
  }
  return best;
}

const isBeginning = (typed: string, name: string): boolean =>
  typed.length >= 3 && name.startsWith(typed);

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
export function unknownWord(kind: string, word: string, known: Iterable<string>): string {
  const near = nearest(word, known);
  const hint = near === undefined ? '' : `; did you mean ${JSON.stringify(near)}?`;
  return `unknown ${kind} ${JSON.stringify(word)}${hint}`;
}
