/** Large tables of cases: the default suite asks a part of each, `npm run test:faults` asks all of them. */

/** Generated pages are written from all cases. */
const isWhole = process.env.EXHAUSTIVE === '1' || process.env.UPDATE_DOCS !== undefined;

/**
 * Every `every`th case. Tables that are asked of many operations pass the number of the operation, so
 * that together the operations are asked every case.
 *
 * @param at the number of the operation
 */
export function sample<T>(cases: readonly T[], every: number, at = 0): readonly T[] {
  return isWhole ? cases : cases.filter((_, index) => (index + at) % every === 0);
}
