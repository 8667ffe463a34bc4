/**
 * Group commit like the gateway's: rows that queued while the last statement ran are written by one
 * statement. Resolves once the row is durable.
 */
export function grouped<Row>(
  insert: (rows: readonly Row[]) => Promise<unknown>,
): (row: Row) => Promise<undefined> {
  let queue: { row: Row; done: PromiseWithResolvers<undefined> }[] = [];
  let writing = false;
  async function drain(): Promise<void> {
    writing = true;
    while (queue.length > 0) {
      const batch = queue;
      queue = [];
      try {
        await insert(batch.map(({ row }) => row));
        for (const { done } of batch) done.resolve(undefined);
      } catch (error) {
        for (const { done } of batch) done.reject(error);
      }
    }
    writing = false;
  }
  return (row) => {
    const done = Promise.withResolvers<undefined>();
    queue.push({ row, done });
    if (!writing) void drain();
    return done.promise;
  };
}
