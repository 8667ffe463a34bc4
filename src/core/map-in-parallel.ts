/** Reads of one request at WorkOS that are in progress at once. A client's share holds several such requests. */
const AT_ONCE = 16;

/** Maps items as `Promise.all` does, but no more than 16 at once. Stops at the first rejection. */
export async function mapInParallel<T, R>(
  items: readonly T[],
  map: (item: T) => Promise<R>,
): Promise<R[]> {
  const results: R[] = [];
  const rest = items.entries();
  let failed = false;
  const work = async (): Promise<void> => {
    for (const [index, item] of rest) {
      if (failed) return;
      results[index] = await map(item).catch((error: unknown) => {
        failed = true;
        throw error;
      });
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return results;
}
